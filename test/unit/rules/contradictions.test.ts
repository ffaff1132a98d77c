import { describe, expect, it } from 'vitest';
import { check, compose, create, type Files, placement } from './check';

const two = placement({ replicas: { west: 2, east: 2 } });
const three = placement({ replicas: { west: 2, east: 1 } });
const codes = async (files: Files): Promise<readonly string[]> =>
  (await check(files)).findings
    .map(({ code }) => code)
    .filter((code) => code === 'topic-created-differently' || code === 'broker-rack-contradicts');

describe('topic-created-differently', () => {
  it('names both files, and stands at the second', async () => {
    const checked = await check({
      'a.sh': create('orders', 'p.json', 3),
      'b.sh': create('orders', 'p.json', 2).replace('orders', '«orders»'),
      'p.json': two,
    });
    const finding = checked.only('topic-created-differently');
    expect(finding.level).toBe('information');
    expect(finding.message).toContain('a.sh and b.sh create it with min.insync.replicas 3 and 2');
    expect(finding.related.map(({ place }) => place.uri)).toEqual(['a.sh']);
  });

  it('is about placements too', async () => {
    const files = { 'p.json': two, 'q.json': three };
    const scripts = { 'a.sh': create('orders', 'p.json', 3), 'b.sh': create('orders', 'q.json', 3) };
    const finding = (await check({ ...files, ...scripts })).only('topic-created-differently');
    expect(finding.message).toContain('create it with different placements');
  });

  it('finds the third file that says otherwise', async () => {
    const scripts = { 'a.sh': create('orders', 'p.json', 3), 'b.sh': create('orders', 'p.json', 3) };
    const files = { ...scripts, 'c.sh': create('orders', 'p.json', 2), 'p.json': two };
    expect((await check(files)).only('topic-created-differently')).toMatchObject({ file: 'a.sh', otherFile: 'c.sh' });
  });

  it('holds a resource against a script', async () => {
    const resource = `apiVersion: platform.confluent.io/v1beta1
kind: KafkaTopic
metadata:
  name: orders
spec:
  partitionCount: 4
  configs:
    min.insync.replicas: "2"
`;
    const files = { 'a.sh': create('orders', 'p.json', 3), 'topic.yaml': resource, 'p.json': two };
    expect(await codes(files)).toEqual(['topic-created-differently']);
  });

  it.each([
    ['the same said twice', { 'a.sh': create('orders', 'p.json', 3), 'b.sh': create('orders', 'p.json', 3) }],
    ['one file', { 'a.sh': create('orders', 'p.json', 3) + create('orders', 'p.json', 2) }],
    ['files of other folders', { 'x/a.sh': create('orders', 'p.json', 3), 'y/a.sh': create('orders', 'p.json', 2) }],
    [
      'files of environments',
      { 'create-dev.sh': create('orders', 'p.json', 1), 'create-prod.sh': create('orders', 'p.json', 3) },
    ],
    [
      'an alter after the creation',
      {
        'a.sh': create('orders', 'p.json', 3),
        'b.sh': 'kafka-configs --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=2\n',
      },
    ],
    [
      'a template',
      {
        'a.sh': create('orders', 'p.json', 3),
        'b.sh': create('orders', 'p.json', 3).replace('replicas=3', 'replicas=$MIN_ISR'),
      },
    ],
    [
      'what only one of them says',
      {
        'a.sh': create('orders', 'p.json', 3),
        'b.sh': 'kafka-topics --create --topic orders --replica-placement p.json\n',
      },
    ],
  ])('is silent about %s', async (_, files) => {
    expect(await codes({ ...files, 'p.json': two })).toEqual([]);
  });
});

describe('broker-rack-contradicts', () => {
  const clusterFile = (east: string): string =>
    `{ "datacenters": { "west": { "racks": { "west": [1, 2] } }, "east": { "racks": { "${east}": [3, 4] } } } }`;

  it('stands in the cluster file, which is what the analysis goes by', async () => {
    const checked = await check({
      'a.kafka-cluster.json': clusterFile('east-1'),
      'docker-compose.yml': compose({ west: 2, east: 2 }),
    });
    expect(checked.all('broker-rack-contradicts')).toMatchObject([
      { broker: 3, rack: 'east-1', otherRack: 'east', level: 'warning', place: { uri: 'a.kafka-cluster.json' } },
      { broker: 4, rack: 'east-1', otherRack: 'east' },
    ]);
  });

  it('is silent where they agree', async () => {
    const files = { 'a.kafka-cluster.json': clusterFile('east'), 'docker-compose.yml': compose({ west: 2, east: 2 }) };
    expect(await codes(files)).toEqual([]);
  });
});

describe('broker-settings-differ', () => {
  const server = (id: number, settings: string): string =>
    `process.roles=broker\nnode.id=${id}\nbroker.rack=${id === 1 ? 'west' : 'east'}\n${settings}\n`;

  it('names both brokers and what the analysis goes by', async () => {
    const finding = (
      await check({
        'server-1.properties': server(1, 'min.insync.replicas=2'),
        'server-2.properties': server(2, 'min.insync.replicas=«3»'),
        'p.json': placement({ replicas: { west: 1, east: 1 } }),
      })
    ).only('broker-settings-differ');
    expect(finding).toMatchObject({ level: 'warning', stated: '2', otherStated: '3' });
    expect(finding.message).toContain('(server-1.properties) has 2');
    expect(finding.message).toContain('the analysis goes by 2');
    expect(finding.related.map(({ place }) => place.uri)).toEqual(['server-1.properties']);
  });

  it('tells files apart that are called alike, by their folders as people know them', async () => {
    const quorum = 'controller.quorum.voters=101@c:9093';
    const finding = (
      await check({
        'file:///conf/dc%20west/server.properties': server(1, `min.insync.replicas=2\n${quorum}`),
        'file:///conf/dc%20east/server.properties': server(2, `min.insync.replicas=3\n${quorum}`),
      })
    ).only('broker-settings-differ');
    expect(finding.message).toContain('(dc west/server.properties) has 2');
    expect(finding.message).toContain('(dc east/server.properties) has 3');
  });

  it.each([
    ['min.insync.replicas', '2', '1', 'the broker that leads'],
    ['unclean.leader.election.enable', 'true', 'false', "the active controller's own file"],
    ['transaction.state.log.min.isr', '2', '1', 'the broker by which the topic is created'],
  ])('says of %s whose value counts', async (key, one, other, whose) => {
    const files = { 'a.properties': server(1, `${key}=${one}`), 'b.properties': server(2, `${key}=${other}`) };
    const { message } = (await check(files)).only('broker-settings-differ');
    expect(message).toContain(key);
    expect(message).toContain(`What counts is ${whose};`);
  });

  it.each<[string, string, string]>([
    ['the same value', 'unclean.leader.election.enable=true', 'unclean.leader.election.enable= TRUE '],
    ['a broker that states none', 'min.insync.replicas=2', ''],
    ['a value that is filled in later', 'min.insync.replicas=2', 'min.insync.replicas=${MIN_ISR}'],
    ['settings that decide nothing here', 'num.partitions=6', 'num.partitions=12'],
  ])('is silent about %s', async (_, one, other) => {
    const checked = await check({ 'a.properties': server(1, one), 'b.properties': server(2, other) });
    expect(checked.all('broker-settings-differ')).toEqual([]);
  });

  it('is silent where a cluster file says what topics get', async () => {
    const checked = await check({
      'shop.kafka-cluster.json':
        '{ "datacenters": { "west": { "racks": { "west": [1] } }, "east": { "racks": { "east": [2] } } }, "topicDefaults": { "min.insync.replicas": 2 } }',
      'a.properties': server(1, 'min.insync.replicas=2'),
      'b.properties': server(2, 'min.insync.replicas=3'),
    });
    expect(checked.all('broker-settings-differ')).toEqual([]);
  });
});

describe('an altered placement', () => {
  it('is the topic’s, and there is one topic', async () => {
    const alter = 'kafka-configs --alter --entity-type topics --entity-name orders --replica-placement q.json\n';
    const { analysis } = await check({
      'a.sh': create('orders', 'p.json', 3) + alter,
      'p.json': two,
      'q.json': three,
      'docker-compose.yml': compose({ west: 3, east: 3 }),
    });
    const topics = analysis.assessments.flatMap((one) => one.topics);
    expect(topics.map(({ topic }) => [topic.name.value, topic.placementPlace.uri, topic.minIsr.value])).toEqual([
      ['orders', 'q.json', 3],
    ]);
  });
});

describe('several clusters in one workspace', () => {
  it('of compose files in folders of their own have their own brokers, topics and min ISR', async () => {
    const { analysis } = await check({
      'shop/docker-compose.yml': compose({ west: 3, east: 3 }),
      'shop/create.sh': create('orders', 'p.json', 3),
      'shop/p.json': two,
      'bank/docker-compose.yml': compose({ west: 2, east: 2 }),
      'bank/create.sh': create('orders', 'p.json', 2),
      'bank/p.json': two,
    });
    expect(
      analysis.assessments.map(({ deployment: { name, cluster, topics } }) => [
        name,
        cluster.brokers.length,
        ...topics.map((topic) => `${topic.name.value} ${topic.minIsr.value} ${topic.placementPlace.uri}`),
      ]),
    ).toEqual([
      ['bank', 4, 'orders 2 bank/p.json'],
      ['shop', 6, 'orders 3 shop/p.json'],
    ]);
  });

  it('of one compose file are told apart by their ids: a cluster for metrics is another', async () => {
    const service = (name: string, id: number, rack: string, cluster: string): string =>
      `  ${name}:\n    environment:\n      KAFKA_NODE_ID: ${id}\n      KAFKA_BROKER_RACK: ${rack}\n      CLUSTER_ID: ${cluster}\n`;
    const { analysis } = await check({
      'docker-compose.yml': `services:\n${service('a', 1, 'west', 'main')}${service('b', 2, 'east', 'main')}${service('m', 1, 'metrics', 'other')}`,
      'p.json': placement({ replicas: { west: 1, east: 1 } }),
    });
    const withTopics = analysis.assessments.filter(({ topics }) => topics.length > 0);
    expect(withTopics.map(({ deployment }) => deployment.cluster.datacenters.map(({ name }) => name))).toEqual([
      ['west', 'east'],
    ]);
  });

  it('of Confluent for Kubernetes are told apart by namespace', async () => {
    const kafka = (namespace: string, rack: string): string => `apiVersion: platform.confluent.io/v1beta1
kind: Kafka
metadata:
  name: kafka
  namespace: ${namespace}
spec:
  replicas: 2
  configOverrides:
    server:
      - broker.rack=${rack}
---
`;
    const { analysis } = await check({
      'kafka.yaml': kafka('one', 'west') + kafka('two', 'east'),
      'p.json': placement({ replicas: { west: 1 } }),
    });
    expect(analysis.assessments.map(({ deployment: { cluster } }) => cluster.brokers.map(({ rack }) => rack))).toEqual([
      ['west', 'west'],
      ['east', 'east'],
    ]);
  });
});

describe('described-differently', () => {
  const described = (json: string, config = 'min.insync.replicas=3'): string =>
    `Topic: orders\tPartitionCount: 1\tReplicationFactor: 4\tConfigs: ${config},confluent.placement.constraints=${JSON.stringify(JSON.parse(json))}\n`;
  const files = { 'p.json': two, 'create.sh': create('orders', 'p.json', 3) };
  const alter = (value: number): string =>
    `kafka-configs --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=${value}\n`;

  it('names the file whose min ISR is not that of the topic, and stands at the described one', async () => {
    const checked = await check({ ...files, 'now.txt': described(two, 'min.insync.replicas=«2»') });
    const finding = checked.only('described-differently');
    expect(finding.level).toBe('warning');
    expect(finding.message).toContain('Topic orders has min.insync.replicas 2, not the 3 of create.sh.');
    expect(finding.related.map(({ place }) => place.uri)).toEqual(['create.sh']);
  });

  it('names the file whose placement is not that of the topic', async () => {
    const checked = await check({ ...files, 'now.txt': described(three) });
    expect(checked.only('described-differently').message).toContain('another placement than create.sh gives it');
    expect(checked.only('described-differently').related.map(({ place }) => place.uri)).toEqual(['p.json']);
  });

  const other = placement({ replicas: { east: 2, west: 2 } });
  const observed = placement({ replicas: { west: 2, east: 2 }, observers: { west: 1 } });
  const explicit = placement({ replicas: { west: 2, east: 2 }, observers: { west: 1 }, policy: 'under-min-isr' });
  it.each<readonly [string, Files]>([
    ['both say the same', { ...files, 'now.txt': described(two) }],
    ['only the order of racks differs', { ...files, 'now.txt': described(other) }],
    ['one of them states the default policy', { ...files, 'p.json': observed, 'now.txt': described(explicit) }],
    ['the text does not show it', { ...files, 'now.txt': described(two, 'retention.ms=1') }],
    [
      'a later command altered it',
      { ...files, 'later.sh': alter(2), 'now.txt': described(two, 'min.insync.replicas=2') },
    ],
    ['the files do not agree', { ...files, 'd.sh': create('orders', 'p.json', 2), 'now.txt': described(two) }],
    [
      'the file leaves it open',
      { ...files, 'create.sh': create('orders', 'p.json', '$ISR'), 'now.txt': described(two) },
    ],
    ['it is of another topic', { ...files, 'create.sh': create('payments', 'p.json', 2), 'now.txt': described(two) }],
  ])('is silent where %s', async (_, texts) => {
    expect((await check(texts)).all('described-differently')).toEqual([]);
  });
});
