import { describe, expect, it } from 'vitest';
import type { Fact } from '../../../src/kafka/origin';
import type { Topic } from '../../../src/kafka/topic';
import { check, compose, create, type Files, placement } from '../rules/check';

const [west, east] = [placement({ replicas: { west: 3 } }), placement({ replicas: { east: 3 } })];
const inline = (json: string): string => JSON.stringify(JSON.parse(json));
const racks = { west: 3, east: 3 };
const defaults = { KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: inline(west), KAFKA_MIN_INSYNC_REPLICAS: '2' };
const brokers = { 'docker-compose.yml': compose(racks, {}, undefined, defaults) };

async function topicsOf(files: Files): Promise<readonly Topic[]> {
  return (await check(files)).analysis.assessments.flatMap(({ topics }) => topics.map(({ topic }) => topic));
}

function from({ value, origin }: Fact<number>): string {
  return `${value} from ${origin.kind === 'stated' ? origin.place.uri : origin.assumption}`;
}

/** `orders: west, 2 from docker-compose.yml` for each topic: its racks, its min ISR and where that stands. */
async function inWords(files: Files): Promise<readonly string[]> {
  return (await topicsOf(files)).map(
    ({ name, placement: { replicas }, minIsr }) =>
      `${name.value}: ${replicas.map(({ rack }) => rack).join('+')}, ${from(minIsr)}`,
  );
}

describe('the default placement of the brokers', () => {
  const command = (more: string): string => `kafka-topics --create --topic orders --partitions 6${more}\n`;

  it('is that of a topic created without a replication factor', async () => {
    const own = ['orders: west, 2 from docker-compose.yml'];
    expect(await inWords({ ...brokers, 'create.sh': command('') })).toEqual(own);
    const body = { topic_name: 'orders', replication_factor: -1, configs: [{ name: 'min.insync.replicas', value: 3 }] };
    expect(await inWords({ ...brokers, 'topic.json': JSON.stringify(body) })).toEqual([
      'orders: west, 3 from topic.json',
    ]);
  });

  it('has the min ISR of the broker that states it, also where a compose file knows more of its racks', async () => {
    const files = {
      'docker-compose.yml': compose(racks),
      'server-1.properties': `node.id=1\nbroker.rack=west\nmin.insync.replicas=2\nconfluent.log.placement.constraints=${inline(placement({ replicas: { west: 2, east: 2 } }))}\n`,
    };
    const own = ['(default placement): west+east, 2 from server-1.properties'];
    expect(await inWords(files)).toEqual(own);
    // What the compose file's brokers state is theirs.
    const three = compose(racks, {}, undefined, { KAFKA_MIN_INSYNC_REPLICAS: '3' });
    expect(await inWords({ ...files, 'docker-compose.yml': three })).toEqual(own);
  });

  it('is not that of a topic with a replication factor, with a placement of its own, or that is only altered', async () => {
    const alone = '(default placement): west, 2 from docker-compose.yml';
    expect(await inWords({ ...brokers, 'create.sh': command(' --replication-factor 3') })).toEqual([alone]);
    const alter = 'kafka-configs --alter --entity-type topics --entity-name orders --add-config retention.ms=1\n';
    expect(await inWords({ ...brokers, 'alter.sh': alter })).toEqual([alone]);
    const own = await inWords({ ...brokers, 'p.json': east, 'create.sh': create('orders', 'p.json') });
    expect(own.toSorted()).toEqual([alone, 'orders: east, 2 from docker-compose.yml']);
  });

  it('of offsets and of transactions are settings of their own, with their own min ISR and partitions', async () => {
    const internal = {
      KAFKA_CONFLUENT_OFFSETS_TOPIC_PLACEMENT_CONSTRAINTS: inline(east),
      KAFKA_CONFLUENT_TRANSACTION_STATE_LOG_PLACEMENT_CONSTRAINTS: inline(east),
    };
    const files = (more: Readonly<Record<string, string>>): Files => ({
      'docker-compose.yml': compose(racks, {}, undefined, { ...defaults, ...internal, ...more }),
    });
    expect(await inWords(files({}))).toEqual([
      '(default placement): west, 2 from docker-compose.yml',
      '__consumer_offsets: east, 2 from docker-compose.yml',
      '__transaction_state: east, 2 from kafka-default',
    ]);
    expect((await topicsOf(files({}))).map(({ partitions }) => from(partitions))).toEqual([
      '1 from kafka-default',
      '50 from kafka-default',
      '50 from kafka-default',
    ]);
    const stated = {
      KAFKA_TRANSACTION_STATE_LOG_MIN_ISR: '1',
      KAFKA_OFFSETS_TOPIC_NUM_PARTITIONS: '7',
      KAFKA_TRANSACTION_STATE_LOG_NUM_PARTITIONS: '8',
    };
    const [, offsets, transactions] = await topicsOf(files(stated));
    expect(transactions && from(transactions.minIsr)).toBe('1 from docker-compose.yml');
    expect([offsets?.partitions.value, transactions?.partitions.value]).toEqual([7, 8]);
  });

  it('for topics of users reaches no internal topic', async () => {
    const { summary, analysis } = await check(brokers);
    expect(summary).toContain('warning internal-topics-not-placed');
    expect(analysis.assessments.flatMap(({ topics }) => topics.map(({ topic }) => topic.name.value))).toEqual([
      '(default placement)',
    ]);
  });
});

describe('what a file configures beside a placement', () => {
  const properties = `min.insync.replicas=3\nconfluent.placement.constraints=${inline(west)}\n`;
  const addFile =
    'kafka-configs --alter --entity-type topics --entity-name orders --add-config-file topic.properties\n';

  it('holds for the placement, whether or not a topic is named', async () => {
    expect(await inWords({ 'topic.properties': properties })).toEqual(['topic: west, 3 from topic.properties']);
    const policy = (key: string, value: unknown): readonly [string, unknown] => [
      key,
      { overridable: false, default: value },
    ];
    const kept = [policy('confluent.placement.constraints', inline(west)), policy('min.insync.replicas', '3')];
    expect(await inWords({ 'policy.json': JSON.stringify(Object.fromEntries(kept)) })).toEqual([
      'policy: west, 3 from policy.json',
    ]);
  });

  it('is what --add-config-file gives to a topic', async () => {
    expect(await inWords({ 'topic.properties': properties, 'alter.sh': addFile })).toEqual([
      'orders: west, 3 from topic.properties',
    ]);
  });

  it('is read anew when it changes', async () => {
    const { workspace } = await check({ 'topic.properties': properties, 'alter.sh': addFile });
    await workspace.setFile('topic.properties', properties.replace('=3', '=2'));
    const [topic] = workspace.analyse().assessments.flatMap(({ topics }) => topics);
    expect(topic?.topic.minIsr.value).toBe(2);
    workspace.removeFile('topic.properties');
    expect(workspace.analyse().assessments.flatMap(({ topics }) => topics)).toEqual([]);
  });

  it('need not hold a placement', async () => {
    const checked = await check({ ...brokers, 'alter.sh': addFile });
    expect(checked.all('placement-file-not-found')).toEqual([]);
  });

  it('is weaker than the command that names the topic', async () => {
    const files = { 'topic.properties': properties, 'c.sh': `${addFile.trim()} --add-config min.insync.replicas=2\n` };
    expect(await inWords(files)).toEqual(['orders: west, 2 from c.sh']);
  });
});

describe('a description of a topic that files state too', () => {
  const described = `Topic: orders\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=1\n\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: 1,2,3\tIsr: 1,2,3\n`;

  it('says what files leave open, and nothing else of the topic as they state it', async () => {
    const files = { ...brokers, 'p.json': east, 'described.txt': described };
    expect(await inWords({ ...files, 'create.sh': create('orders', 'p.json', 2) })).toContain(
      'orders: east, 2 from create.sh',
    );
    expect(await inWords({ ...files, 'create.sh': create('orders', 'p.json') })).toContain(
      'orders: east, 1 from described.txt',
    );
  });
});

describe('a cluster file that lists the brokers', () => {
  const listed =
    '{ "datacenters": { "w": { "racks": { "west": [1, 2, 3] } }, "e": { "racks": { "east": [4, 5, 6] } } } }';
  const files = { ...brokers, 'prod.kafka-cluster.json': listed };

  it('leaves to what starts them how they are configured', async () => {
    const command = 'kafka-topics --create --topic orders --partitions 6\n';
    expect(await inWords({ ...files, 'create.sh': command })).toEqual(['orders: west, 2 from docker-compose.yml']);
    const { summary, analysis } = await check(files);
    expect(summary).toContain('warning internal-topics-not-placed');
    expect(analysis.assessments[0]?.deployment.cluster.confluentPlatform?.value).toBe('7.9.1');
  });

  it('takes no configuration of brokers that it does not list', async () => {
    const metrics = '  metrics:\n    environment: { CLUSTER_ID: m, KAFKA_NODE_ID: 90, KAFKA_MIN_INSYNC_REPLICAS: 1 }\n';
    const first = brokers['docker-compose.yml'].replace('services:\n', `services:\n${metrics}`);
    expect(await inWords({ ...files, 'docker-compose.yml': first })).toEqual([
      '(default placement): west, 2 from docker-compose.yml',
    ]);
  });
});

describe('clusters of one folder', () => {
  const project = (id: string, names: readonly string[], firstId: number, json: string): string =>
    names
      .map(
        (rack, index) =>
          `  ${id}${rack}:\n    environment:\n      CLUSTER_ID: ${id}\n      KAFKA_NODE_ID: ${firstId + index}\n` +
          `      KAFKA_BROKER_RACK: ${rack}\n      KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: '${inline(json)}'\n`,
      )
      .join('');
  const [a, b] = [
    project('a', ['west', 'east'], 1, placement({ replicas: { west: 1, east: 1 } })),
    project('b', ['north', 'south'], 11, placement({ replicas: { north: 1, south: 1 } })),
  ];
  const clusters = async (files: Files) =>
    (await check(files)).analysis.assessments.map(
      ({ deployment: { cluster, topics } }) =>
        `${cluster.brokers.map(({ rack }) => rack).join('+')}: ${topics.map(({ placement: { replicas } }) => replicas.map(({ rack }) => rack).join('+')).join(' ')}`,
    );

  it('differ in their ids, be they of one file or of two', async () => {
    const apart = ['west+east: west+east', 'north+south: north+south'];
    expect(await clusters({ 'compose.yml': `services:\n${a}${b}` })).toEqual(apart);
    expect(await clusters({ 'a.yml': `services:\n${a}`, 'b.yml': `services:\n${b}` })).toEqual(apart);
  });

  it('do not share their default placements', async () => {
    const checked = await check({ 'compose.yml': `services:\n${a}${b}` });
    expect(checked.all('default-placement-differs')).toEqual([]);
    expect(checked.all('rack-unknown')).toEqual([]);
    const sources = (await check({ 'a.yml': `services:\n${a}`, 'b.yml': `services:\n${b}` })).findings;
    expect(sources.filter(({ code }) => code === 'default-placement-differs')).toEqual([]);
  });
});

describe('clusters alike but for their settings', () => {
  const both = inline(placement({ replicas: { west: 1, east: 1 } }));
  const kafka = (namespace: string, minIsr: number): string =>
    ['west', 'east']
      .map(
        (rack, index) => `apiVersion: platform.confluent.io/v1beta1
kind: Kafka
metadata:
  name: ${rack}
  namespace: ${namespace}
  annotations: { platform.confluent.io/broker-id-offset: "${index * 10}" }
spec:
  replicas: 3
  configOverrides: { server: [broker.rack=${rack}, min.insync.replicas=${minIsr}] }
`,
      )
      .join('---\n');
  const topic = (name: string, metadata: string, spec = ''): string =>
    `apiVersion: platform.confluent.io/v1beta1
kind: KafkaTopic
metadata: { name: ${name}, ${metadata} }
spec: { partitionCount: 6, ${spec} configs: { confluent.placement.constraints: '${both}' } }
`;
  const inProd = topic('orders', 'namespace: prod');
  const inDev = topic('trials', 'namespace: dev');
  const minIsrs = async (files: Files) =>
    (await topicsOf(files)).map(({ name, minIsr }) => `${name.value} ${minIsr.value}`).toSorted();

  it('are told apart by the namespaces of their topics, in one file, one folder, or elsewhere', async () => {
    const apart = ['orders 3', 'trials 2'];
    const [prod, dev] = [kafka('prod', 3), kafka('dev', 2)];
    expect(await minIsrs({ 'all.yaml': [prod, dev, inDev, inProd].join('---\n') })).toEqual(apart);
    expect(await minIsrs({ 'dev.yaml': dev, 'prod.yaml': prod, 'topics.yaml': `${inDev}---\n${inProd}` })).toEqual(
      apart,
    );
    expect(await minIsrs({ 'c/dev.yaml': dev, 'c/prod.yaml': prod, 't/t.yaml': `${inDev}---\n${inProd}` })).toEqual(
      apart,
    );
  });

  it('are those of the stated namespace also for a topic in the folder of another', async () => {
    const files = { 'dev/kafka.yaml': kafka('dev', 2), 'prod/kafka.yaml': kafka('prod', 3) };
    expect(await minIsrs({ ...files, 'dev/topics.yaml': `${inDev}---\n${inProd}` })).toEqual(['orders 3', 'trials 2']);
    // Of a namespace that nobody knows, the folder tells more.
    expect(await minIsrs({ ...files, 'dev/topics.yaml': topic('orders', 'namespace: shop') })).toEqual(['orders 2']);
  });

  it('may be those of another namespace than the topic’s', async () => {
    const elsewhere = topic('orders', 'namespace: shop', 'kafkaClusterRef: { name: kafka, namespace: prod },');
    expect(await minIsrs({ 'all.yaml': [kafka('dev', 2), kafka('prod', 3), elsewhere].join('---\n') })).toEqual([
      'orders 3',
    ]);
  });

  it('have the topics that the files create which start their brokers', async () => {
    const project = (topicName: string, minIsr: string): string =>
      `${compose({ west: 1, east: 1 }, {}, undefined, { KAFKA_MIN_INSYNC_REPLICAS: minIsr })}  init:
    image: confluentinc/cp-server:7.6.1
    command: |
      kafka-topics --create --topic ${topicName} --config 'confluent.placement.constraints=${both}'
`;
    expect(await minIsrs({ 'a.yml': project('trials', '1'), 'b.yml': project('orders', '2') })).toEqual([
      'orders 2',
      'trials 1',
    ]);
  });
});

describe('brokers whose racks an operator reads from labels', () => {
  const kafka = (namespace: string, offset: number, more = ''): string => `apiVersion: platform.confluent.io/v1beta1
kind: Kafka
metadata:
  name: kafka
  namespace: ${namespace}
  annotations: { platform.confluent.io/broker-id-offset: "${offset}" }
spec:
  replicas: 3
  rackAssignment: { nodeLabels: [topology.kubernetes.io/region] }
  configOverrides:
    server:
      - min.insync.replicas=2
${more}`;
  const topics = `apiVersion: platform.confluent.io/v1beta1
kind: KafkaTopic
metadata: { name: orders }
spec: { partitionCount: 6 }
---
apiVersion: platform.confluent.io/v1beta1
kind: KafkaTopic
metadata: { name: legacy }
spec: { partitionCount: 6, replicas: 3 }
`;
  const files = {
    'west.yaml': kafka('west', 0, `      - confluent.log.placement.constraints=${inline(west)}\n`),
    'east.yaml': kafka('east', 10),
    'topics.yaml': topics,
  };

  it('give topics their defaults all the same', async () => {
    expect(await inWords(files)).toEqual(['orders: west, 2 from east.yaml']);
    const checked = await check(files);
    expect(checked.only('replication-factor-shadows-default').message).toContain('legacy');
  });

  it('may be in another folder than the topics, where there is no other cluster', async () => {
    const placed = topics.replace(
      'partitionCount: 6 }',
      `partitionCount: 6, configs: { confluent.placement.constraints: '${inline(east)}' } }`,
    );
    const apart = { 'kafka/west.yaml': kafka('west', 0), 'topics/orders.yaml': placed };
    expect(await inWords(apart)).toEqual(['orders: east, 2 from kafka/west.yaml']);
    const second = { ...apart, 'demo/docker-compose.yml': compose({ r1: 1, r2: 1 }) };
    expect(await inWords(second)).toEqual(['orders: east, 1 from kafka-default']);
  });

  it('have racks that nobody knows, and nothing is said of those', async () => {
    const { findings } = await check(files);
    const ofRacks = ['rack-unknown', 'rack-capacity', 'rack-no-spare', 'one-broker-per-rack', 'broker-rack-missing'];
    expect(findings.filter(({ code }) => ofRacks.includes(code))).toEqual([]);
  });

  it('are in no datacenter that described replicas could be lost with', async () => {
    const described =
      `Topic: orders PartitionCount: 1 ReplicationFactor: 3 Configs: confluent.placement.constraints=${inline(west)}\n` +
      'Topic: orders Partition: 0 Leader: 0 Replicas: 0,1,2 Isr: 0,1,2\n';
    const { analysis, findings } = await check({ ...files, 'topics.yaml': '', 'described.txt': described });
    const topic = analysis.assessments
      .flatMap((assessed) => assessed.topics)
      .find((one) => one.topic.name.value === 'orders');
    expect(topic?.topic.assignments).toBeNull();
    expect(findings.map(({ message }) => message).join('\n')).not.toContain('no rack');
  });
});

describe('controllers whose names say where they are', () => {
  const services = (controllers: readonly string[]): string =>
    `${compose({ 'us-west-1': 2, 'us-east-1': 2 })}${controllers
      .map((name, n) => `  ${name}:\n    environment: { KAFKA_NODE_ID: ${100 + n}, KAFKA_PROCESS_ROLES: controller }\n`)
      .join('')}`;
  const controllersOf = async (names: readonly string[]) =>
    (
      await check({ 'docker-compose.yml': services(names) })
    ).analysis.assessments[0]?.deployment.cluster.controllers?.map(({ datacenter }) => datacenter) ?? null;

  it('stand there if some name a datacenter that there is', async () => {
    expect(await controllersOf(['controller-us-west-1', 'controller-us-east-1', 'controller-central'])).toEqual([
      'us-west-1',
      'us-east-1',
      'central',
    ]);
  });

  it('stand nobody knows where if none does: a datacenter of their own would survive every loss', async () => {
    expect(await controllersOf(['controller-west', 'controller-east', 'controller-central'])).toBeNull();
  });
});
