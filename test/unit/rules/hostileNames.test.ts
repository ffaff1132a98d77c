import { describe, expect, it } from 'vitest';
import { runIn } from '../cli/files';
import { check, type Files } from './check';

const names = [
  '<script>alert(1)</script>',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  'a\u202eb\u2066c',
  'x\u0007\u001b[31m',
  '[click](command:evil)',
  'two\nlines',
  '\u200b',
  'L'.repeat(20_000),
  'a '.repeat(10_000),
];

/** A name wherever a file can have one: topics, racks, services, images, paths, configuration keys, policies. */
function filesNaming(name: string): Files {
  const [quoted, other] = [JSON.stringify(name), JSON.stringify(`${name}2`)];
  const service = (id: number): string =>
    `  ${JSON.stringify(`${name}${id}`)}:\n    image: ${quoted}\n    environment:\n` +
    `      KAFKA_NODE_ID: ${id}\n      KAFKA_BROKER_RACK: ${id > 2 ? other : quoted}\n`;
  const placement = {
    version: 2,
    replicas: [
      { count: 2, constraints: { rack: name } },
      { count: 1, constraints: { rack: `${name}!`, [name]: name } },
    ],
    observers: [{ count: 1, constraints: { rack: `${name}2` } }],
    observerPromotionPolicy: name,
  };
  const sound = { version: 2, replicas: placement.replicas.slice(0, 1), observers: placement.observers };
  const config = (json: object): object => ({ name: 'confluent.placement.constraints', value: JSON.stringify(json) });
  const line = name.replaceAll('\n', ' ');
  const described = `min.insync.replicas=2,confluent.placement.constraints=${JSON.stringify(sound)}`;
  return {
    'docker-compose.yml': `services:\n${[1, 2, 3, 4].map(service).join('')}`,
    'topics.json': JSON.stringify(
      {
        topic_name: name,
        replication_factor: 3,
        configs: [config(placement), { name: `min.insync.replica`, value: name }],
      },
      null,
      1,
    ),
    'more.json': JSON.stringify({ topic_name: name, configs: [config(sound)], partitions_count: 2 }, null, 1),
    'create.sh': `kafka-topics --create --topic '${name}' --partitions 1 --replica-placement '${name}/p.json'\n`,
    'described.txt':
      `Topic: ${line} PartitionCount: 2 ReplicationFactor: 3 Configs: ${described}\n` +
      `Topic: ${line} Partition: 0 Leader: none Replicas: 1,3,2 Isr: 1\n` +
      `Topic: ${line} Partition: 1 Leader: 1 Replicas: 1,2,3 Isr: 1\n`,
  };
}

const unseen = /[\p{Cc}\p{Cf}\u2028\u2029]/u;

describe.each(names.map((name) => [JSON.stringify(name).slice(0, 30), name]))('the name %s', (_, name) => {
  it('is harmless and short in findings and in the titles of fixes', async () => {
    const { findings, workspace } = await check(filesNaming(name));
    expect(findings.length).toBeGreaterThan(5);
    const fixes = await Promise.all(findings.map((finding) => workspace.fixes(finding)));
    const shown = [
      ...findings.flatMap(({ message, related }) => [message, ...related.map((other) => other.message)]),
      ...fixes.flat().map(({ title }) => title),
    ];
    for (const text of shown) {
      expect(text).not.toMatch(unseen);
      expect(text.length).toBeLessThanOrEqual(2_000);
    }
  });

  it('is harmless in what the command line prints, and whole in what programs read', async () => {
    const files = Object.fromEntries(Object.entries(filesNaming(name)).map(([file, text]) => [`/w/${file}`, text]));
    const printed = await runIn(files, ['check', '.']);
    expect(printed.out.replaceAll('\n', '')).not.toMatch(unseen);
    const { topics } = JSON.parse((await runIn(files, ['check', '.', '--format', 'json'])).out) as {
      readonly topics: readonly { readonly name: string }[];
    };
    expect(topics.map((topic) => topic.name)).toContain(name);
  });
});
