import { describe, expect, it } from 'vitest';
import { loudest, shownMax } from '../../../src/editor/loudest';
import { harmTo } from '../../../src/editor/panelHelp';
import { listTopics, topicsAt } from '../../../src/editor/topics';
import { isTopicsOutput } from '../../../src/editor/topicsOutputText';
import { check } from '../rules/check';

const resource = (name: string, factor: string, placement: string): string => `
resource "kafka_topic" "${name}" {
  name = "${name}"
  ${factor}
  config = {
    "min.insync.replicas" = 3
    "confluent.placement.constraints" = jsonencode(${placement})
  }
}
`;
const twoAndTwo =
  '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}},{"count":2,"constraints":{"rack":"east"}}]}';
const oneSite = '{"version":2,"replicas":[{"count":4,"constraints":{"rack":"west"}}]}';

describe('what would help a topic', () => {
  it('is looked for in what is wrong with it, not with its neighbours in the same file', async () => {
    const text = resource('orders', 'replication_factor = 4', twoAndTwo) + resource('audit', '', oneSite);
    const { analysis } = await check({ 'topics.tf': text });
    const harm = listTopics(analysis).map(({ name, topic }) => [name, harmTo(topic, analysis).map(({ code }) => code)]);
    expect(harm).toEqual([
      ['audit', ['datacenter-loss-offline']],
      ['orders', ['replication-factor-with-placement', 'datacenter-loss-stops-writes']],
    ]);
  });

  it('is not an edit of what a tool has printed', async () => {
    const printed = `Topic: orders\tPartitionCount: 1\tReplicationFactor: 4\tConfigs: min.insync.replicas=3,confluent.placement.constraints=${twoAndTwo}\n`;
    const { analysis, workspace, all } = await check({ 'topics.txt': printed });
    expect(listTopics(analysis)).toHaveLength(1);
    expect(await workspace.fixes(all('datacenter-loss-stops-writes')[0]!)).toEqual([]);
  });
});

describe('the topics of a placement', () => {
  it('are those that take their replicas from it', async () => {
    const { analysis } = await check({ 'a.tf': resource('orders', '', twoAndTwo) + resource('audit', '', oneSite) });
    for (const { name, topic } of listTopics(analysis)) {
      const { uri, start } = topic.topic.placementPlace;
      expect(topicsAt(analysis, uri, start).map((entry) => entry.name)).toEqual([name]);
    }
    expect(topicsAt(analysis, 'a.tf', 0)).toEqual([]);
  });
});

describe('of very many findings', () => {
  it('the loudest are shown, in the order of the text', async () => {
    const { analysis } = await check({ 'a.tf': resource('orders', 'replication_factor = 4', twoAndTwo) });
    const [error, warning] = analysis.findings.get('a.tf') ?? [];
    expect([error?.level, warning?.level]).toEqual(['error', 'warning']);
    const many = [...Array.from({ length: shownMax }, () => ({ ...warning! })), error!];
    expect(loudest(many)).toHaveLength(shownMax);
    expect(loudest(many).at(-1)).toBe(error);
    expect(loudest(many)[0]).toBe(many[0]);
  });
});

describe('output of kafka-topics --describe', () => {
  const lines =
    'Topic: t\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: \n\tTopic: t\tPartition: 0\tLeader: 1\tReplicas: 1\tIsr: 1\n';

  it('is known from its first lines, wherever they stand', () => {
    expect(isTopicsOutput(lines)).toBe(true);
    expect(isTopicsOutput(`$ kafka-topics --describe\n${'noise\n'.repeat(10_000)}${lines}`)).toBe(true);
    expect(isTopicsOutput('Topic: what shall we talk about?')).toBe(false);
  });
});
