import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readProperties } from '../../../src/documents/properties';
import { inShort, type Read, read } from './helpers';

const fixture = (name: string) => read(`file:///w/${name}`, readFileSync(`test/fixtures/documents/${name}`, 'utf8'));

/** A topic as `name P6 RF3: placement [min ISR]`. */
const topicsInWords = (file: Read) =>
  file.topics().map(({ name, partitions, replicationFactor, placement, configs }) => {
    const counts = [partitions && ` P${partitions.value}`, replicationFactor && ` RF${replicationFactor.value}`];
    const source =
      placement?.kind === 'inline'
        ? inShort(placement.placement.placement)
        : placement?.kind === 'file'
          ? placement.path.value
          : (placement?.kind ?? 'no placement');
    const minIsr = configs.get('min.insync.replicas');
    return `${name.value}${counts.filter(Boolean).join('')}: ${source}${minIsr ? ` [${minIsr.value}]` : ''}`;
  });
const nodesInWords = (file: Read) =>
  [...file.brokers(), ...file.controllers()].map(
    ({ kind, id, name, rack }) => `${kind} ${id?.value ?? '?'} ${name} in ${rack?.value ?? 'no rack'}`,
  );
const assignments = (file: Read) =>
  file.reading.declarations.flatMap((found) => (found.kind === 'assignment' ? [found] : []));
const racksAt = (file: Read) =>
  file.placements().map(({ constraints }) => constraints.map(({ rack }) => file.at(rack?.span)).join(' '));

describe('a properties file', () => {
  const pairs = (text: string) => readProperties(text).map(({ key, value }) => [key, value.text]);

  it('is read as Java reads it', () => {
    expect(pairs('a=1\n b : 2\n\tc 3\nd\n=e\n#f=4\n!g=5')).toEqual([
      ['a', '1'],
      ['b', '2'],
      ['c', '3'],
      ['d', ''],
    ]);
    expect(pairs('a\\ b\\=c=\\ d\\te\\u00e9\\q')).toEqual([['a b=c', ' d\teéq']]);
    expect(pairs('a = b\\\n   c \\\r\n\td\\\\\ne=f')).toEqual([
      ['a', 'bc d\\'],
      ['e', 'f'],
    ]);
    expect(pairs('a==b\na:=b\na  =  = b')).toEqual([
      ['a', '=b'],
      ['a', '=b'],
      ['a', '= b'],
    ]);
    // A line of nothing but a backslash leaves the next one free to be a comment; a byte order mark is no blank.
    expect(pairs('\\\n# no=1\n\\\r\n!no=2\na=1')).toEqual([['a', '1']]);
    expect(pairs('\ufeffa=1\n\ufeffb=2')).toEqual([
      ['a', '1'],
      ['\ufeffb', '2'],
    ]);
    expect(pairs('# no \\\na=1\r\n\r\n\\\nb=2\\')).toEqual([
      ['a', '1'],
      ['b', '2'],
    ]);
  });

  it('is a broker with its default placement', async () => {
    const file = await fixture('server.properties');
    expect(nodesInWords(file)).toEqual(['broker 1 server in west']);
    expect(file.brokers()[0]?.alsoController).toBe(true);
    expect(file.brokers()[0]?.configs.get('controller.quorum.voters')?.value).toBe('1@a:9093,2@b:9093');
    expect(file.placements().map(({ placement }) => inShort(placement))).toEqual(['v2 2 west + 1 東']);
    expect(racksAt(file)).toEqual(['"west" "\\u6771"']);
  });

  it('of topic configurations is the placement in it', async () => {
    const file = await read(
      'file:///w/orders.cfg',
      'min.insync.replicas=2\nconfluent.placement.constraints={"version":1,"replicas":[{"count":1,"constraints":{"rack":"a"}}]}\n',
    );
    expect(file.reading.declarations).toMatchObject([{ kind: 'placement' }]);
    expect(file.placements()[0]?.beside).toEqual(
      new Map([['min.insync.replicas', { value: '2', span: { start: 20, end: 21 } }]]),
    );
  });

  it('of another program may hold a placement under a key of its own', async () => {
    const value = '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"a"}}]}';
    const file = await read('file:///w/monitor.properties', `check.1.name=x\ncheck.1.expected=${value}\n`);
    expect(file.reading).toMatchObject({ format: 'properties', declarations: [{ kind: 'placement' }] });
    const other = 'note=replicas and constraints\nlist={"replicas":["a"],"constraints":1}\n';
    expect((await read('file:///w/other.properties', other)).reading.format).toBeNull();
  });

  it('of anything else is left alone', async () => {
    expect((await read('file:///w/app.properties', 'bootstrap.servers=b:9092\nbroker=1')).reading.format).toBeNull();
  });
});

describe('topics in JSON', () => {
  it('may be the body of a REST request', async () => {
    const file = await fixture('rest-topic.json');
    expect(topicsInWords(file)).toEqual(['orders P6: v2 2 west | 1 東 [3]']);
    expect(racksAt(file)).toEqual(['\\"west\\" \\"\\u6771\\"']);
  });

  it('may be as Kafka’s admin client has them, in any number', async () => {
    const config = { 'min.insync.replicas': '2' };
    const text = JSON.stringify([
      { name: 'a', partitions: 3, replicationFactor: 3, configs: config },
      { name: 'b', numPartitions: 1, replicationFactor: -1, config },
      { name: 'no topic', config: { x: 1 } },
    ]);
    expect(topicsInWords(await read('file:///w/topics.json', text))).toEqual([
      'a P3 RF3: no placement [2]',
      'b P1: no placement [2]',
    ]);
  });

  it('may be a dump, with brokers and what each partition has', async () => {
    const file = await fixture('dump.json');
    expect(nodesInWords(file)).toEqual([
      'broker 1 west-1 in west',
      'broker 2 east-1 in east',
      'broker 3 east-2 in no rack',
    ]);
    expect(topicsInWords(file)).toEqual(['orders P2: v1 2 west [2]']);
    expect([...(file.topics()[0]?.configs.keys() ?? [])]).not.toContain('retention.ms');
    expect(assignments(file)).toMatchObject([
      { topic: { value: 'orders' }, partition: 0, leader: 1, replicas: { value: [1, 2] }, isr: [1], observers: null },
      { topic: { value: 'orders' }, partition: 1, leader: null, replicas: { value: [2, 3] }, isr: [] },
    ]);
  });

  it('may hold a placement in a policy of another tool', async () => {
    const json = '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"01"}}]}';
    const text = JSON.stringify({ 'confluent.placement.constraints': { overridable: false, default: json } });
    expect((await read('file:///w/policy.json', text)).placements()).toHaveLength(1);
  });
});

describe('the output of kafka-topics --describe', () => {
  it('is topics with their configuration, whose values may hold commas', async () => {
    const file = await fixture('described.txt');
    expect(topicsInWords(file)).toEqual([
      'orders P2 RF5: v2 2 west, left + 2 east | 1 east (under-min-isr) [3]',
      'plain P1 RF3: no placement',
    ]);
    expect(file.topics()[0]?.action).toBe('describe');
    expect([...(file.topics()[0]?.configs ?? [])].map(([key, { value }]) => `${key}=${value.slice(0, 14)}`)).toEqual([
      'cleanup.policy=compact,delete',
      'min.insync.replicas=3',
      'confluent.placement.constraints={"observerProm',
      'segment.bytes=1073741824',
    ]);
  });

  it('is partitions as they are', async () => {
    const file = await fixture('described.txt');
    expect(assignments(file)).toMatchObject([
      { partition: 0, leader: 1, replicas: { value: [1, 2, 3, 4, 5] }, isr: [1, 2, 3, 4], observers: [5], offline: [] },
      { partition: 1, leader: null, isr: [2], observers: [5], offline: [2, 1] },
      { topic: { value: 'plain' }, leader: 3, observers: null },
    ]);
    expect(file.at(assignments(file)[1]?.replicas.span)).toBe('2,1,4,3,5');
  });

  it('may come from old brokers, without blanks, and in a text without a name', async () => {
    const text =
      'Topic:a\tPartitionCount:1\tReplicationFactor:1\tConfigs:\n\tTopic:a\tPartition:0\tLeader:-1\tReplicas:1\tIsr:';
    const file = await read('untitled:Untitled-1', text);
    expect(topicsInWords(file)).toEqual(['a P1 RF1: no placement']);
    expect(assignments(file)).toMatchObject([{ leader: null, isr: [] }]);
  });

  it('may be cut off in the middle of a placement, which then is not known', async () => {
    const text =
      'Topic: a\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: min.insync.replicas=2,confluent.placement.constraints={"version":2,"replicas":[{"count":2,"constr';
    const file = await read('untitled:Untitled-1', text);
    expect(topicsInWords(file)).toEqual(['a P1 RF2: no placement [2]']);
    expect(topicsInWords(await read('untitled:Untitled-1', `${text}aints":{"rack":"west"}}]}`))).toEqual([
      'a P1 RF2: v2 2 west [2]',
    ]);
  });

  it('in prose describes nobody’s cluster', async () => {
    const text = 'Topic: a PartitionCount: 1 ReplicationFactor: 1 Configs:';
    expect((await read('file:///w/README.md', text)).reading.format).toBeNull();
  });
});

describe('Kubernetes resources', () => {
  it('are brokers and controllers, where their racks are stated', async () => {
    expect(nodesInWords(await fixture('kubernetes.yaml'))).toEqual([
      'broker 10 west/kafka-0 in west',
      'broker 11 west/kafka-1 in west',
      'controller ? west/controller-0 in no rack',
      'controller ? west/controller-1 in no rack',
      'controller ? west/controller-2 in no rack',
    ]);
  });

  it('are brokers of unknown racks where the operator will look them up', async () => {
    const kafka = 'apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nmetadata: {name: k}\nspec:\n  replicas: 3\n';
    expect(nodesInWords(await read('file:///w/k.yaml', `${kafka}  rackAssignment: {nodeLabels: [zone]}`))).toEqual(
      [0, 1, 2].map((id) => `broker ${id} k-${id} in \${zone}`),
    );
    expect(nodesInWords(await read('file:///w/k.yaml', kafka))).toHaveLength(3);
    expect(nodesInWords(await read('file:///w/k.yaml', kafka.replace('3', '3000000')))).toEqual([]);
  });

  it('are topics of several operators, with placements in place or in a config map', async () => {
    expect(topicsInWords(await fixture('kubernetes.yaml'))).toEqual([
      'orders P6: v2 2 west [3]',
      'payments: v1 1 west',
      'Strimzi.Topic P1 RF3: no placement [2]',
      'job: no placement [2]',
    ]);
  });

  it('may refer to a placement elsewhere', async () => {
    const text = [
      'apiVersion: platform.confluent.io/v1beta1',
      'kind: KafkaTopic',
      'metadata: { name: a }',
      `spec: { configs: { confluent.placement.constraints: "\${dir:/mnt/p:a.json}" } }`,
    ].join('\n');
    expect(topicsInWords(await read('file:///w/t.yaml', text))).toEqual(['a: /mnt/p/a.json']);
    const template = text.replace(`\${dir:/mnt/p:a.json}`, '{{ .Values.placement }}');
    expect(topicsInWords(await read('file:///w/t.yaml', template))).toEqual(['a: unknown']);
  });
});

describe('an Ansible inventory', () => {
  it('has hosts with ids and racks, and ranges of hosts', async () => {
    expect(nodesInWords(await fixture('inventory.yml'))).toEqual([
      'broker 1 broker1.example in no rack',
      'broker 20 broker2.example in b',
      'broker 3 broker3.example in east',
      'controller 9991 controller01.example in no rack',
      'controller 9992 controller02.example in no rack',
      'controller 7 controller03.example in no rack',
    ]);
  });

  it('replaces properties of a group by those of a host as a whole', async () => {
    const file = await fixture('inventory.yml');
    expect(file.brokers().map(({ configs }) => configs.get('min.insync.replicas')?.value)).toEqual([
      '2',
      undefined,
      undefined,
    ]);
    expect(file.placements().map(({ placement }) => inShort(placement))).toEqual(['v1 1 a', 'v2 1 a']);
  });

  it('may be a file of variables alone', async () => {
    const text = `kafka_broker_custom_properties:\n  confluent.log.placement.constraints: '{"version":1,"replicas":[{"count":1,"constraints":{"rack":"a"}}]}'`;
    expect((await read('file:///w/group_vars/all.yml', text)).placements()).toHaveLength(1);
  });
});

describe('Terraform', () => {
  it('has topics with placements in strings, objects, here-documents and files', async () => {
    const file = await fixture('topics.tf');
    expect(topicsInWords(file)).toEqual([
      'orders P6: v2 2 west [3]',
      `\${var.prefix}payments: v2 2 west | 1 it's`,
      `\${each.key} RF3: v1 1 a`,
      'audit: placements/audit.json',
    ]);
    expect(racksAt(file)).toEqual(['\\"west\\"', `"west" "it's"`, '"a"']);
  });

  it('has here-documents as Terraform reads them', async () => {
    const value = async (written: string) => {
      const file = await read(
        'file:///w/t.tf',
        `resource "kafka_topic" "a" {\n name = "a"\n config = {\n x = ${written}\n }\n}`,
      );
      return file.topics()[0]?.configs.get('x')?.value;
    };
    // Blank lines neither count for the common indentation nor lose theirs.
    expect(await value('<<-E\n    a\n\n  \n      b\n  E')).toBe('a\n\n  \n  b\n');
    expect(await value('<<E\n  a\\n\n  E')).toBe('  a\\n\n');
    expect(await value('<<E\n$${a} %%{b} $c\nE')).toBe('${a} %{b} $c\n');
  });

  it('leaves open what it computes', async () => {
    const config = (value: string) =>
      `resource "kafka_topic" "a" {\n  name = "a"\n  config = {\n    "confluent.placement.constraints" = ${value}\n    "min.insync.replicas" = var.m\n  }\n}`;
    for (const value of [
      'var.p',
      `"\${var.p}"`,
      `<<E\n\${var.p}\nE`,
      'jsonencode(local.p)',
      'jsonencode({ version = var.v })',
      'a ? "{}" : "x"',
    ]) {
      expect(topicsInWords(await read('file:///w/t.tf', config(value)))).toEqual([`a: unknown [\${var.m}]`]);
    }
  });

  it('is read where it is broken', async () => {
    const text = 'resource "kafka_topic" "a" {\n name = "a"\n = [ }\n config = { x = [1, "\n partitions = 3';
    expect(topicsInWords(await read('file:///w/t.tf', text))[0]).toMatch(/^a/);
  });
});

describe('tools that keep topics', () => {
  it('such as JulieOps call a topic after all that it stands in', async () => {
    const file = await fixture('topology.yaml');
    expect(topicsInWords(file)).toEqual([
      'shop.acme.orders.created.avro P6: v1 1 rack-1 [3]',
      'shop.acme.orders.plain RF3: no placement',
    ]);
    expect(racksAt(file)).toEqual(['\\"rack-1\\"']);
  });

  it('such as kafka-gitops list them by name', async () => {
    expect(topicsInWords(await fixture('state.yaml'))).toEqual([
      'orders P6: v2 2 west',
      'payments P1 RF3: no placement [2]',
    ]);
  });

  it('with a placement of their own meaning are left alone', async () => {
    const text = 'meta:\n  name: x\nspec:\n  partitions: 9\n  placement:\n    strategy: in-rack\n';
    expect((await read('file:///w/topic.yaml', text)).reading.format).toBeNull();
  });
});
