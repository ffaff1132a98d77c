import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { createAssessor } from '../../../src/analysis/assess';
import { LineIndex } from '../../../src/editor/lines';
import { type PanelRequest, type PanelView, panelView } from '../../../src/editor/panelModel';
import { statusOf } from '../../../src/editor/statusText';
import { listTopics, verdictLine } from '../../../src/editor/topics';
import { catalogue } from '../../../src/rules/catalogue';
import type { Analysis, Workspace } from '../../../src/workspace/api';
import { createWorkspace } from '../../../src/workspace/workspace';
import { check, compose } from '../rules/check';

const folder = 'file:///shop/';
const names = [
  'docker-compose.yml',
  'create-topics.sh',
  ...readdirSync('samples/placements').map((name) => `placements/${name}`),
];
const texts = new Map(names.map((name) => [folder + name, readFileSync(`samples/${name}`, 'utf8')]));

let workspace: Workspace;
let samples: Analysis;

beforeAll(async () => {
  workspace = createWorkspace();
  for (const [uri, text] of texts) await workspace.setFile(uri, text);
  samples = workspace.analyse();
});

const assessor = createAssessor();
const nameOf = (uri: string): string => uri.slice(folder.length);

function view(analysis: Analysis, request: Partial<PanelRequest> = {}): PanelView {
  return panelView({
    analysis,
    topic: null,
    file: null,
    scenario: null,
    helpOf: () => [],
    proofsOf: () => [],
    previous: null,
    playOut: assessor.playOut,
    linesOf: (uri) => new LineIndex(texts.get(uri) ?? ''),
    nameOf,
    ...request,
  });
}

function shownOf({ message }: PanelView) {
  if (message.kind !== 'show') throw new Error(`the panel shows ${message.kind}`);
  return message;
}

/** The samples with one file changed. */
async function changed(name: string, change: (text: string) => string): Promise<Analysis> {
  const other = createWorkspace();
  for (const [uri, text] of texts) await other.setFile(uri, uri === folder + name ? change(text) : text);
  return other.analyse();
}

const placement = (name: string): string => `${folder}placements/${name}.json`;

describe('the samples tell their stories', () => {
  it.each([
    ['orders', /^Survives any one datacenter · writes pause up to [\d.]+ s · headroom 0$/],
    ['payments', /^Loss of west or east stops writes$/],
    ['inventory', /^Loss of west or east stops writes$/],
    ['clickstream', /^Loss of west takes it offline$/],
    ['shipments', /^Can't be created$/],
    ['audit', /^Survives any one datacenter · writes pause up to [\d.]+ s · headroom 0$/],
  ])('%s: %s', (name, verdict) => {
    const entry = listTopics(samples).find((topic) => topic.name === name);
    expect(entry && verdictLine(entry)).toMatch(verdict);
  });

  it('in the status item', () => {
    expect(statusOf(listTopics(samples), nameOf)).toEqual({
      text: '2 of 6 topics survive any one datacenter',
      detail: '3 datacenters, 9 brokers from docker-compose.yml',
      level: 'bad',
    });
  });

  it('with no other warning or error than those the stories are about', () => {
    const loud = [...samples.findings].flatMap(([uri, findings]) =>
      findings
        .filter(({ level }) => level === 'error' || level === 'warning')
        .map(({ code }) => `${nameOf(uri)} ${code}`),
    );
    expect(loud.sort()).toEqual([
      'placements/clickstream.json datacenter-loss-offline',
      'placements/inventory.json datacenter-loss-stops-writes',
      'placements/inventory.json version-1-with-observers',
      'placements/payments.json datacenter-loss-stops-writes',
      'placements/shipments.json rack-unknown',
    ]);
  });
});

describe('the panel', () => {
  it('shows the worst topic first and lists the others', () => {
    const { topics, topic } = shownOf(view(samples));
    expect(topics.map(({ name, mark }) => `${name} ${mark}`)).toEqual([
      'clickstream bad',
      'inventory bad',
      'payments bad',
      'shipments bad',
      'audit good',
      'orders good',
    ]);
    expect(topic.name).toBe('clickstream');
  });

  it('shows the topic of the file that was open, and then what the person chooses', () => {
    const opened = shownOf(view(samples, { file: placement('orders') }));
    expect(opened.topic.name).toBe('orders');
    const chosen = opened.topics.find(({ name }) => name === 'payments')?.key ?? '';
    expect(shownOf(view(samples, { topic: chosen })).topic.name).toBe('payments');
  });

  it('says where each fact stands, to the line', () => {
    const { topic } = shownOf(view(samples, { file: placement('orders') }));
    const facts = topic.facts.map(({ label, value, source, assumed }) => [label, value, source?.label ?? assumed]);
    expect(facts).toContainEqual(['min.insync.replicas', '3', 'create-topics.sh:12']);
    expect(facts).toContainEqual(['promotion', 'under-min-isr', 'placements/orders.json:31']);
    expect(facts).toContainEqual(['', '3 datacenters', 'write a cluster file']);
    expect(facts).toContainEqual(['goal', 'durable-first', 'failoverLens.survivalGoal']);
  });

  it('gives links that the host alone can follow', () => {
    const shown = view(samples, { file: placement('orders') });
    for (const { source } of shownOf(shown).topic.facts) {
      if (source !== null) expect(shown.links.get(source.link)).toBeDefined();
    }
  });

  it('plays out the first loss that stops writes, or what the person chose', () => {
    const first = shownOf(view(samples, { file: placement('payments') }));
    expect(first.selectedScenario).toBe('datacenter:west');
    expect(first.topic.play?.scenario).toBe('datacenter:west');
    const chosen = shownOf(view(samples, { file: placement('payments'), scenario: 'broker:any' }));
    expect(chosen.topic.play?.scenario).toBe('broker:any');
  });

  it('shows an observer being promoted, with the words for it', () => {
    const { play } = shownOf(view(samples, { file: placement('orders'), scenario: 'datacenter:west' })).topic;
    expect(play?.lanes.filter(({ states }) => states.includes('promoted')).map(({ datacenter }) => datacenter)).toEqual(
      ['east'],
    );
    const promotion = play?.steps.find(({ short }) => short === 'promoted');
    expect(promotion?.sentence).toMatch(/under min\.insync\.replicas|min ISR/);
    expect(promotion?.changes.map(({ field }) => field)).toContain('isr');
  });

  it('says that a topic can’t be created before it says what it would do', () => {
    const { notices } = shownOf(view(samples, { file: placement('shipments') })).topic;
    expect(notices[0]?.mark).toBe('bad');
    expect(notices[0]?.text).toContain('no broker has the rack "East"');
    expect(notices[0]?.source?.label).toBe('placements/shipments.json:13');
  });

  it('keeps the last good answer while the file cannot be read, and says so', async () => {
    const good = view(samples, { file: placement('orders') });
    const broken = createWorkspace();
    for (const [uri, text] of texts) {
      await broken.setFile(uri, uri === placement('orders') ? text.replace('"replicas"', '"repl') : text);
    }
    const kept = shownOf(view(broken.analyse(), { topic: good.shown?.key ?? null, previous: good.shown }));
    expect(kept.topic.name).toBe('orders');
    expect(kept.topic.rows).toEqual(shownOf(good).topic.rows);
    expect(kept.topic.notices[0]?.text).toContain('This is what it meant before');
  });

  it('keeps the last good answer while the file is empty, and does not jump to another topic', async () => {
    const good = view(samples, { file: placement('orders') });
    const kept = shownOf(
      view(await changed('placements/orders.json', () => ''), {
        topic: good.shown?.key ?? null,
        previous: good.shown,
      }),
    );
    expect(kept.topic.name).toBe('orders');
    expect(kept.topic.notices[0]?.text).toMatch(/no replica placement .* This is what it meant before/);
  });

  it('goes along when a topic gets another name', async () => {
    const good = view(samples, { file: placement('orders') });
    const renamed = await changed('create-topics.sh', (text) => text.replace('--topic orders', '--topic sales'));
    const { topic } = shownOf(view(renamed, { topic: good.shown?.key ?? null, previous: good.shown }));
    expect(topic.name).toBe('sales');
    expect(topic.notices).toEqual([]);
  });

  it('says that a file with a syntax error is only partly understood', async () => {
    const half = await changed('placements/orders.json', (text) => text.replace('],', ']'));
    const { notices } = shownOf(view(half, { file: placement('orders') })).topic;
    expect(notices[0]?.text).toBe('The placement has a syntax error. What follows is for the rest of it.');
    expect(notices[0]?.source?.label).toBe('placements/orders.json:17');
  });

  it('says that racks look like parts of one site, with the file that would say so', async () => {
    const { analysis } = await check({
      'p.json':
        '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"west-a"}},{"count":1,"constraints":{"rack":"east-a"}}]}',
      'docker-compose.yml': compose({ 'west-a': 2, 'west-b': 2, 'east-a': 2, 'east-b': 2 }),
    });
    const { notices } = shownOf(view(analysis)).topic;
    expect(notices.map(({ text }) => text)).toEqual([expect.stringContaining('look like parts of one site')]);
    expect(notices[0]?.action?.kind).toBe('createClusterFile');
  });

  it('tells topics of one name apart', async () => {
    const placed = '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"west"}}]}';
    const command = 'kafka-topics --create --topic orders --replica-placement p.json';
    const { analysis } = await check({ 'a/p.json': placed, 'b/p.json': placed, 'a/c.sh': command, 'b/c.sh': command });
    const [one, other] = shownOf(view(analysis)).topics;
    expect([one?.name, other?.name]).toEqual(['orders', 'orders']);
    expect(new Set([one?.detail, other?.detail]).size).toBe(2);
    expect(shownOf(view(samples)).topics.every(({ detail }) => detail === '')).toBe(true);
  });

  it('says that there is nothing yet', () => {
    expect(view(createWorkspace().analyse()).message.kind).toBe('empty');
  });

  it('says what was assumed where only a placement is known', async () => {
    const alone = createWorkspace();
    await alone.setFile(placement('orders'), texts.get(placement('orders')) ?? '');
    const { notices, facts } = shownOf(view(alone.analyse())).topic;
    expect(notices[0]?.action?.kind).toBe('createClusterFile');
    expect(facts.find(({ label }) => label === 'min.insync.replicas')?.assumed).toBe('Kafka’s default');
  });
});

describe('the stories need rules that exist', () => {
  it.each(['datacenter-loss-offline', 'datacenter-loss-stops-writes', 'version-1-with-observers', 'rack-unknown'])(
    '%s',
    (code) => expect(Object.keys(catalogue)).toContain(code),
  );
});
