import { describe, expect, it } from 'vitest';
import { inShort, read } from './helpers';

const compose = (text: string) => read('file:///w/docker-compose.yml', text);

/** A service with an environment, indented as in a file. */
const service = (name: string, ...lines: string[]) =>
  [
    `  ${name}:`,
    '    image: confluentinc/cp-server:7.6.1',
    '    environment:',
    ...lines.map((line) => `      ${line}`),
  ].join('\n');
const services = (...all: string[]) => `services:\n${all.join('\n')}\n`;

describe('a compose file', () => {
  it('is read on behind quoted JSON that was pasted too far left, which Compose takes', async () => {
    const pasted = `KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: &p '{\n  "version": 2,\n  "replicas": [{"count": 1, "constraints": {"rack": "O''Brien"}}]\n}'`;
    const { at, brokers, placements } = await compose(
      services(service('a', 'KAFKA_NODE_ID: 1', pasted, 'KAFKA_BROKER_RACK: r')) + service('b', 'KAFKA_NODE_ID: 2'),
    );
    expect(brokers().map(({ id, rack }) => [id?.value, rack?.value])).toEqual([
      [1, 'r'],
      [2, undefined],
    ]);
    expect(inShort(placements()[0]?.placement)).toBe("v2 1 O'Brien");
    expect(at(placements()[0]?.constraints[0]?.rack?.span)).toBe(`"O''Brien"`);
  });

  it('has brokers with their racks, ids, images and configuration', async () => {
    const { at, brokers } = await compose(
      services(
        service('broker-west', 'KAFKA_NODE_ID: 1', "KAFKA_BROKER_RACK: 'west'", 'KAFKA_MIN_INSYNC_REPLICAS: "3"'),
        service(
          'broker-east',
          'KAFKA_BROKER_ID: 2',
          'KAFKA_BROKER_RACK: east',
          'KAFKA_AUTO_CREATE_TOPICS_ENABLE: false',
        ),
      ),
    );
    const [west, east] = brokers();
    expect(west).toMatchObject({
      id: { value: 1 },
      name: 'broker-west',
      rack: { value: 'west' },
      alsoController: false,
    });
    expect(at(west?.rack?.span)).toBe('west');
    expect(at(west?.configs.get('min.insync.replicas')?.span)).toBe('3');
    expect(west?.image?.value).toBe('confluentinc/cp-server:7.6.1');
    expect(east).toMatchObject({ id: { value: 2 }, rack: { value: 'east' } });
    expect(east?.configs.get('auto.create.topics.enable')?.value).toBe('false');
  });

  it('may list its environment', async () => {
    const { at, brokers } = await compose(
      services(
        service('b', '- KAFKA_NODE_ID=7', "- 'KAFKA_BROKER_RACK=south'", '- "KAFKA_PROCESS_ROLES=broker,controller"'),
      ),
    );
    expect(brokers()).toMatchObject([{ id: { value: 7 }, rack: { value: 'south' }, alsoController: true }]);
    expect(at(brokers()[0]?.rack?.span)).toBe('south');
  });

  it('has controllers, which are no brokers though they carry a rack', async () => {
    const { brokers, controllers } = await compose(
      services(service('c', 'KAFKA_NODE_ID: 101', 'KAFKA_PROCESS_ROLES: controller', 'KAFKA_BROKER_RACK: west')),
    );
    expect(brokers()).toEqual([]);
    expect(controllers()).toMatchObject([{ id: { value: 101 }, name: 'c', rack: { value: 'west' } }]);
  });

  it('names configurations as Kafka does, in the ways of both images', async () => {
    const { brokers } = await compose(
      services(
        service('b', 'KAFKA_CFG_NODE_ID: 1', 'KAFKA_CFG_BROKER_RACK: r', 'KAFKA_A_B__C___D: x', "CLUSTER_ID: '4L6g'"),
      ),
    );
    expect([...(brokers()[0]?.configs.keys() ?? [])]).toEqual(['node.id', 'broker.rack', 'a.b-c_d', 'cluster.id']);
  });

  it.each([
    ['ZooKeeper', 'ZOOKEEPER_CLIENT_PORT: 2181'],
    ['the schema registry', 'SCHEMA_REGISTRY_KAFKASTORE_BOOTSTRAP_SERVERS: b:9092'],
    ['Control Center', 'CONTROL_CENTER_BOOTSTRAP_SERVERS: b:9092'],
    ['the REST proxy', 'KAFKA_REST_LISTENERS: http://0.0.0.0:8082'],
    ['a user interface', 'KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS: b:9092'],
    ['a tool in the same image', 'KAFKA_BROKER_ID: ignored'],
  ])('leaves out %s', async (_, line) => {
    const { reading } = await compose(services(service('x', line), service('b', 'KAFKA_NODE_ID: 1')));
    expect(reading.declarations).toHaveLength(1);
  });

  it('may share settings by anchors, merge keys and extension fields', async () => {
    const { at, brokers } = await compose(`x-common: &common
  KAFKA_MIN_INSYNC_REPLICAS: 2
  KAFKA_BROKER_RACK: nowhere
services:
  a:
    environment: { <<: *common, KAFKA_NODE_ID: 1, KAFKA_BROKER_RACK: west }
  b:
    environment:
      <<: [*common, {KAFKA_MIN_INSYNC_REPLICAS: 9}]
      KAFKA_NODE_ID: 2
  c:
    extends: b
    environment: { KAFKA_NODE_ID: 3 }
`);
    expect(
      brokers().map(({ id, rack, configs }) => [id?.value, rack?.value, configs.get('min.insync.replicas')?.value]),
    ).toEqual([
      [1, 'west', '2'],
      [2, 'nowhere', '2'],
      [3, 'nowhere', '2'],
    ]);
    expect(at(brokers()[1]?.rack?.span)).toBe('nowhere');
  });

  it('may have a key twice: the last one counts, and the rest is still read', async () => {
    const { brokers } = await compose(
      services(service('b', 'KAFKA_NODE_ID: 1', 'KAFKA_BROKER_RACK: a', 'KAFKA_BROKER_RACK: b')),
    );
    expect(brokers()).toMatchObject([{ rack: { value: 'b' } }]);
  });

  it('has templates, which stay as written', async () => {
    const { brokers } = await compose(
      services(service('b', `KAFKA_NODE_ID: \${ID}`, `KAFKA_BROKER_RACK: \${RACK:-west}`)),
    );
    expect(brokers()).toMatchObject([{ id: null, rack: { value: `\${RACK:-west}` } }]);
  });

  it('is read where it is broken', async () => {
    const { brokers } = await compose(
      `${services(service('b', 'KAFKA_NODE_ID: 1', 'KAFKA_BROKER_RACK: a'))}  c: [\n  d: "`,
    );
    expect(brokers()).toMatchObject([{ id: { value: 1 }, rack: { value: 'a' } }]);
  });

  it('has bind mounts, short and long, and no others', async () => {
    const { reading } = await compose(`services:
  b:
    environment: { KAFKA_NODE_ID: 1 }
    volumes:
      - ./config:/etc/kafka/demo:ro
      - { type: bind, source: ../x, target: /x }
      - data:/var/lib/kafka
`);
    expect(reading.declarations.filter(({ kind }) => kind === 'mount')).toMatchObject([
      { service: 'b', hostPath: './config', containerPath: '/etc/kafka/demo' },
      { service: 'b', hostPath: '../x', containerPath: '/x' },
    ]);
  });

  it('creates topics in the commands of its containers', async () => {
    const { at, topics } = await compose(`services:
  setup:
    image: cp-kafka
    volumes: ["./placements:/p"]
    command: |
      bash -c '
      kafka-topics --create --topic a --replica-placement /p/a.json
      kafka-topics --create --topic b --config min.insync.replicas=2
      '
  other:
    command: [bash, -c, "kafka-topics --create --topic c"]
`);
    expect(topics().map(({ name }) => at(name.span))).toEqual(['a', 'b', 'c']);
  });
});

describe('a default placement in a compose file', () => {
  const json = '{"version": 2,"replicas": [{"count": 2, "constraints": {"rack": "west"}}]}';
  const key = 'KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS';
  const block = (header: string) => `${key}: ${header}\n        ${json.replace(',"rep', ',\n        "rep')}\n`;

  it.each([
    ['single quotes', `${key}: '${json}'`, '"west"'],
    ['double quotes', `${key}: "${json.replaceAll('"', '\\"')}"`, '\\"west\\"'],
    [
      'double quotes over lines',
      `${key}: "${json.replaceAll('"', '\\"').replace(', ', ',\\\n          \\ ')}"`,
      '\\"west\\"',
    ],
    ['a literal block', block('|'), '"west"'],
    ['a folded block', block('>-'), '"west"'],
    ['a literal block with a comment', block('|+ # why'), '"west"'],
    ['a list', `- '${key}=${json}'`, '"west"'],
    ['a list without quotes', `- ${key}=${json.replaceAll(': ', ':')}`, '"west"'],
  ])('is read in %s, with the places of its parts', async (_, line, rack) => {
    const id = line.startsWith('-') ? '- KAFKA_NODE_ID=1' : 'KAFKA_NODE_ID: 1';
    const { at, placements } = await compose(services(service('b', id, line)));
    expect(placements().map(({ placement }) => inShort(placement))).toEqual(['v2 2 west']);
    expect(at(placements()[0]?.constraints[0]?.rack?.span)).toBe(rack);
  });

  it('is for one kind of topics', async () => {
    const { reading } = await compose(
      services(
        service(
          'b',
          'KAFKA_NODE_ID: 1',
          `KAFKA_CONFLUENT_OFFSETS_TOPIC_PLACEMENT_CONSTRAINTS: '${json}'`,
          `KAFKA_CONFLUENT_TRANSACTION_STATE_LOG_PLACEMENT_CONSTRAINTS: '${json}'`,
          `# ${key}: '${json}'`,
        ),
      ),
    );
    expect(reading.declarations.slice(1)).toMatchObject([
      { default: { of: 'placement', topics: 'offsets' } },
      { default: { of: 'placement', topics: 'transactions' } },
    ]);
  });

  it('that services share by an anchor is declared once', async () => {
    const { placements } = await compose(`x-c: &c { ${key}: '${json}' }
services:
  a: { environment: { <<: *c, KAFKA_NODE_ID: 1 } }
  b: { environment: { <<: *c, KAFKA_NODE_ID: 2 } }
`);
    expect(placements()).toHaveLength(1);
  });
});

describe('a YAML file of another kind', () => {
  it.each([
    ['with services of its own', 'services:\n  a: { image: x }\n# KAFKA_'],
    [
      'of aliases of aliases',
      `a: &a [x]\n${'bcdefghij'
        .split('')
        .map((n, i) => `${n}: &${n} [${Array(9).fill(`*${'abcdefghi'[i]}`)}]`)
        .join('\n')}\nservices: { x: { environment: { <<: *j } } }\n# KAFKA_`,
    ],
    ['that refers to itself', 'services: &s\n  a: { environment: &e { <<: *e, KAFKA_X: *s } }'],
  ])('%s declares nothing', async (_, text) => {
    expect((await compose(text)).reading.declarations).toEqual([]);
  });
});
