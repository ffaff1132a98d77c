import { describe, expect, it } from 'vitest';
import { limits } from '../../../src/documents/limits';
import { loadReaders, mayDeclare, readDocument } from '../../../src/documents/read';

const placement = '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}';
const problems = async (text: string) => (await readDocument('file:///p.json', text)).problems;

describe('reading a document', () => {
  it('goes by its content, not by its name', async () => {
    expect((await readDocument('file:///w/topic-reg.cfg', placement)).format).toBe('placement-json');
    expect((await readDocument('untitled:Untitled-1', `  ${placement}`)).format).toBe('placement-json');
  });

  it('costs unrelated files no more than a look', () => {
    expect(mayDeclare('file:///package.json', '{"name":"kafka-ui","dependencies":{}}')).toBe(false);
    expect(mayDeclare('file:///README.md', 'Run kafka-topics --create --topic x')).toBe(false);
    expect(mayDeclare('file:///p.json', placement)).toBe(true);
  });

  it('leaves binary files alone', async () => {
    const bytes = `\0\u0001"replicas" "constraints" "count"\0\ufffd`;
    expect(await readDocument('file:///p.json', bytes)).toMatchObject({ format: null, problems: [] });
  });

  it('says of a placement with NUL in it where that stands, and reads nothing of it', async () => {
    const reading = await readDocument('file:///p.json', `${placement}\0\u0001`);
    const span = { start: placement.length, end: placement.length + 1 };
    expect(reading).toMatchObject({ declarations: [], problems: [{ kind: 'syntax', span }] });
  });

  it('can be had without waiting, once all readers are loaded', async () => {
    const readNow = await loadReaders();
    const now = readNow('file:///p.json', placement);
    expect(JSON.stringify(now)).toBe(JSON.stringify(await readDocument('file:///p.json', placement)));
  });
});

describe('a YAML file of many documents', () => {
  const topic = (name: string): string =>
    `apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata:\n  name: ${name}\nspec:\n  configs:\n    confluent.placement.constraints: '${placement}'\n`;
  const text = Array.from({ length: 40 }, (_, index) => topic(`t${index}`)).join('---\n');

  it('lets others have the thread after each, and is read as it would be at once', async () => {
    let breaths = 0;
    const reading = await readDocument('file:///topics.yaml', text, async () => {
      breaths += 1;
    });
    // Once when it is parsed, and once when its declarations are read.
    expect(breaths).toBeGreaterThanOrEqual(80);
    expect(reading.declarations).toHaveLength(40);
    expect(JSON.stringify(reading)).toBe(JSON.stringify(await readDocument('file:///topics.yaml', text)));
  });

  it('does so for other formats while it is parsed', async () => {
    let breaths = 0;
    const services = 'services:\n  b:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_BROKER_RACK: west\n';
    const reading = await readDocument('file:///docker-compose.yml', `${services}---\n${services}`, async () => {
      breaths += 1;
    });
    expect(reading.format).toBe('compose');
    expect(breaths).toBe(2);
  });
});

it.each([
  [
    'what kafka-topics --describe printed',
    'topics.txt',
    'Topic: t\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\n',
  ],
  ['a script', 'create.sh', `kafka-topics --bootstrap-server b --create --topic t --replica-placement p.json\n`],
])('a thousand lines of %s let others have the thread', async (_, name, line) => {
  let breaths = 0;
  const text = line.repeat(1_000);
  const reading = await readDocument(`file:///${name}`, text, async () => {
    breaths += 1;
  });
  expect(breaths).toBeGreaterThanOrEqual(10);
  expect(reading.declarations).toHaveLength(1_000);
});

describe('a limit is reported once and stops the reading', () => {
  it.each([
    ['nesting', 20, (step: number) => `*m${step}`],
    ['yaml-entries', 200_000, (step: number) => `[*m${step}, *m${step}]`],
  ])('of aliases that merge aliases: %s', async (limit, bound, merged) => {
    const maps = Array.from(
      { length: 60 },
      (_, step) => `m${step + 1}: &m${step + 1} { <<: ${merged(step)}, k${step}: v }`,
    );
    const kafka = 'environment: { <<: *m60, KAFKA_BROKER_RACK: west, KAFKA_NODE_ID: 1 }';
    const text = `m0: &m0 { KAFKA_NODE_ID: 1 }\n${maps.join('\n')}\nservices:\n  kafka:\n    ${kafka}\n`;
    const found = await readDocument('docker-compose.yml', text);
    expect(found.format).toBe('compose');
    expect(found.problems).toMatchObject([{ kind: 'limit', limit, bound }]);
  });
  it('of what services inherit that extend one another', async () => {
    const settings = Array.from({ length: 20_000 }, (_, index) => `      K_${index}: v`).join('\n');
    const service = (name: string, base: string) =>
      `  ${name}:\n    extends: ${base}\n    environment:\n      KAFKA_NODE_ID: ${name.slice(1)}\n      KAFKA_BROKER_RACK: west`;
    const text = `services:
  k0:
    environment:
${settings}
${Array.from({ length: 7 }, (_, index) => service(`k${index + 1}`, `k${index}`)).join('\n')}
`;
    const found = await readDocument('docker-compose.yml', text);
    expect(found.problems).toMatchObject([{ kind: 'limit', limit: 'inheritance', bound: 100_000 }]);
  });
  it('of the length of a file', async () => {
    const text = `${placement}${' '.repeat(limits.fileLengthMax)}`;
    expect(await problems(text)).toMatchObject([{ kind: 'limit', limit: 'file-size', found: text.length }]);
  });

  it('of the length of a line', async () => {
    const text = `{\n"x":"${'x'.repeat(limits.lineLengthMax)}",${placement.slice(1)}`;
    expect(await problems(text)).toMatchObject([{ kind: 'limit', limit: 'line-length', span: { start: 2, end: 2 } }]);
  });

  it('of nesting, at any depth', async () => {
    const text = `{"replicas":${'['.repeat(10_000)}"constraints"`;
    expect(await problems(text)).toMatchObject([{ kind: 'limit', limit: 'nesting', found: 10_001, bound: 200 }]);
  });

  it('of nesting in YAML, which would exhaust the library', async () => {
    for (const deep of ['- '.repeat(10_000), '['.repeat(10_000), '{a: '.repeat(10_000), '? '.repeat(10_000)]) {
      const text = `services:\n  kafka:\n    x: ${deep}\n    environment: { KAFKA_NODE_ID: 1 }\n  y:\n    ${deep}`;
      const found = await readDocument('file:///docker-compose.yml', text);
      expect(found.problems).toMatchObject([{ kind: 'limit', limit: 'nesting' }]);
    }
  });

  it('of the number of declarations', async () => {
    const names = Array.from({ length: 150 }, (_, n) => `t${n}`).join(' ');
    const loops = `for a in ${names}; do for b in ${names}; do kafka-topics --create --topic $a-$b; done; done`;
    const found = await readDocument('file:///topics.sh', loops);
    expect(found.declarations).toHaveLength(limits.declarationCountMax);
    expect(found.problems).toMatchObject([{ kind: 'limit', limit: 'declarations', found: 22_500 }]);
  });
});

describe('a text that is large or stands for something larger', () => {
  const json = '{"version":1,"replicas":[{"count":1,"constraints":{"rack":"a"}}]}';

  it('is read while it is within the limits', async () => {
    const lines = '\n'.repeat(150_000);
    const compose = `services:\n  b:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: |\n        ${json}${lines}  x: 1\n`;
    expect((await readDocument('file:///docker-compose.yml', compose)).declarations).toHaveLength(2);
  });

  it('is left at a limit where counts in it are large', async () => {
    const racks = Array.from({ length: 100 }, (_, n) => `"r${n}":{"brokers":1000}`).join(',');
    const cluster = await readDocument('file:///x.kafka-cluster.json', `{"datacenters":{${racks}}}`);
    expect(cluster.declarations.length).toBeLessThanOrEqual(limits.declarationCountMax);

    const kafka = 'apiVersion: platform.confluent.io/v1\nkind: Kafka\nspec: { replicas: 1000 }\n---\n';
    const resources = await readDocument('file:///k.yaml', kafka.repeat(30));
    expect(resources.problems).toMatchObject([{ kind: 'limit', limit: 'declarations' }]);

    const hosts = Array.from({ length: 200 }, (_, n) => `    b${n}-[1:200]:\n`).join('');
    const inventory = await readDocument('file:///hosts.yml', `kafka_broker:\n  hosts:\n${hosts}`);
    expect(inventory.declarations).toHaveLength(limits.declarationCountMax);
  });

  it('does not grow by services that extend and merge one another', async () => {
    const variables = Array.from({ length: 1000 }, (_, n) => `      KAFKA_V${n}: 1\n`).join('');
    const services = Array.from(
      { length: 200 },
      (_, n) => `  s${n}: { extends: base, environment: { <<: *e } }\n`,
    ).join('');
    const text = `services:\n  base:\n    environment: &e\n      KAFKA_NODE_ID: 1\n${variables}${services}`;
    expect((await readDocument('file:///docker-compose.yml', text)).format).toBe('compose');
  });
});
