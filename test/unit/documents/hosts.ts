import fc from 'fast-check';
import type { PlacementChange } from '../../../src/documents/placementEdits';

/** The ways in which a placement stands in a file: how it is written there, and which file that is. */
export interface Host {
  readonly uri: string;
  readonly write: (json: string) => string;
  /** Placements are quoted so that only some blanks may stand in them. */
  readonly onOneLine?: true;
}
/** A compose file with a default placement. */
export const inCompose = (value: string) =>
  `# a\nservices:\n  b:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: ${value}\n      KAFKA_BROKER_RACK: r\n`;
const indented = (json: string) => json.replaceAll('\n', '\n        ');
export const compose = 'file:///w/compose.yaml';
const sh = 'file:///w/topics.sh';

const terraform = 'file:///w/topics.tf';
const inTerraform = (value: string) =>
  `resource "kafka_topic" "x" {\n  name = "x"\n  config = {\n    "confluent.placement.constraints" = ${value}\n    a = "b"\n  }\n}\n`;
const hclEscaped = (json: string) =>
  JSON.stringify(json)
    .slice(1, -1)
    .replace(/[$%](?=\{)/g, '$&$&');
const asProperty = (json: string) =>
  json
    .replaceAll('\\', '\\\\')
    .replaceAll('\n', '\\\n    ')
    .replace(/[^\n\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const hosts: Readonly<Record<string, Host>> = {
  'a file of its own': { uri: 'file:///w/p.json', write: (json) => `\ufeff ${json}\n` },
  'a cluster file': {
    uri: 'file:///w/x.kafka-cluster.json',
    write: (json) => `{ "datacenters": {}, // x\n "topicDefaults": { "placement": ${json} } }`,
  },
  'YAML in single quotes': {
    uri: compose,
    write: (json) => inCompose(`'${json.replaceAll("'", "''")}'`),
    onOneLine: true,
  },
  'YAML in double quotes': { uri: compose, write: (json) => inCompose(JSON.stringify(json)) },
  'a literal block of YAML': { uri: compose, write: (json) => inCompose(`|\n        ${indented(json)}`) },
  'a literal block with Windows line ends': {
    uri: compose,
    write: (json) => inCompose(`|-\n        ${indented(json)}`).replaceAll('\n', '\r\n'),
  },
  'a folded block of YAML': { uri: compose, write: (json) => inCompose(`>-\n        ${indented(json)}`) },
  'a block of YAML that states its indentation': {
    uri: compose,
    write: (json) => inCompose(`|2-\n          ${indented(json)}`),
  },
  'quotes of YAML whose lines stand too far left': {
    uri: compose,
    write: (json) => inCompose(`'${json.replaceAll("'", "''")}'`),
  },
  'an inventory of Ansible': {
    uri: 'file:///w/hosts.yml',
    write: (json) =>
      `kafka_broker:\n  vars:\n    kafka_broker_custom_properties:\n      confluent.log.placement.constraints: >-\n        ${indented(json)}\n  hosts:\n    a:\n`,
  },
  'a topology of JulieOps': {
    uri: 'file:///w/topology.yaml',
    write: (json) =>
      `context: c\nprojects:\n  - name: p\n    topics:\n      - name: t\n        config:\n          confluent.placement.constraints: ${JSON.stringify(json)}\n`,
  },
  'a list of YAML': {
    uri: compose,
    write: (json) =>
      `services:\n  b:\n    environment:\n      - KAFKA_NODE_ID=1\n      - 'KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS=${json.replaceAll("'", "''")}'\n`,
    onOneLine: true,
  },
  'a here-document': {
    uri: sh,
    write: (json) => `cat > p.json <<'END'\n${json}\nEND\nkafka-topics --create --topic x --replica-placement p.json\n`,
  },
  'a here-document that expands': {
    uri: sh,
    write: (json) =>
      `cat > p.json <<END\n${json.replace(/[\\$`]/g, '\\$&')}\nEND\nkafka-topics --create --topic x --replica-placement p.json\n`,
  },
  'single quotes of the shell': {
    uri: sh,
    write: (json) =>
      `kafka-topics --create --topic x --config confluent.placement.constraints='${json.replaceAll("'", `'\\''`)}' --partitions 1\n`,
  },
  'double quotes of the shell': {
    uri: sh,
    write: (json) =>
      `kafka-topics --create --topic x --config "confluent.placement.constraints=${json.replace(/[\\"$`]/g, '\\$&')}" --partitions 1\n`,
  },
  "bash's quotes with escapes": {
    uri: sh,
    write: (json) =>
      `kafka-topics --create --topic x --config confluent.placement.constraints=$'${json.replace(/[\\']/g, '\\$&').replaceAll('\n', '\\n')}'\n`,
  },
  'what printf writes to a file': {
    uri: sh,
    write: (json) =>
      `printf '%s\\n' '${json.replaceAll("'", `'\\''`)}' > p.json\nkafka-topics --create --topic x --replica-placement p.json\n`,
  },
  'a variable of the shell': {
    uri: sh,
    write: (json) =>
      `P="${json.replace(/[\\"$`]/g, '\\$&')}"\nkafka-topics --create --topic x --config "confluent.placement.constraints=$P"\n`,
  },
  'quotes inside quotes of the shell': {
    uri: sh,
    write: (json) =>
      `bash -c 'kafka-topics --create --topic x --config "confluent.placement.constraints=${json.replace(/[\\"$`]/g, '\\$&').replaceAll("'", `'\\''`)}"'\n`,
  },
  'a properties file': {
    uri: 'file:///w/server.properties',
    write: (json) => `broker.id=1\nconfluent.log.placement.constraints = ${asProperty(json)}\nbroker.rack=r\n`,
  },
  'a property of another program': {
    uri: 'file:///w/monitor.properties',
    write: (json) => `name=x\ncheck.1.expected: ${asProperty(json)}\n`,
  },
  'a policy of JSON': {
    uri: 'file:///w/policy.json',
    write: (json) =>
      `{"confluent.placement.constraints": {"overridable": false, "default": ${JSON.stringify(json)}}, "min.insync.replicas": {"default": "2"}}`,
  },
  'a string of JSON': {
    uri: 'file:///w/topic.json',
    write: (json) =>
      `{"topic_name": "x", "configs": [{"name": "confluent.placement.constraints", "value": ${JSON.stringify(json)}}]}`,
  },
  'described topics': {
    uri: 'file:///w/described.txt',
    write: (json) =>
      `Topic: x\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: a=b,confluent.placement.constraints=${json},c=d\n`,
    onOneLine: true,
  },
  'a config map': {
    uri: 'file:///w/map.yaml',
    write: (json) => `apiVersion: v1\nkind: ConfigMap\ndata:\n  p.json: |\n        ${indented(json)}\n`,
  },
  'an override of Confluent for Kubernetes': {
    uri: 'file:///w/kafka.yaml',
    write: (json) =>
      `apiVersion: platform.confluent.io/v1beta1\nkind: Kafka\nspec:\n  configOverrides:\n    server:\n      - 'confluent.log.placement.constraints=${json.replaceAll("'", "''")}'\n`,
    onOneLine: true,
  },
  'a string of Terraform': { uri: terraform, write: (json) => inTerraform(`"${hclEscaped(json)}"`) },
  'a here-document of Terraform': {
    uri: terraform,
    write: (json) => inTerraform(`<<-END\n        ${indented(json.replace(/[$%](?=\{)/g, '$&$&'))}\n        END`),
  },
  'JSON as an object of Terraform': { uri: terraform, write: (json) => inTerraform(`jsonencode(${json})`) },
  'an object of Terraform': {
    uri: terraform,
    write: (json) =>
      inTerraform(`jsonencode(${json.replace(/"(version|replicas|observers|count|constraints|rack)":/g, '$1 =')})`),
  },
};

/** Racks that any host format might stumble over. */
export const rack = fc.oneof(
  fc.constantFrom(
    'west',
    'east',
    'dc1-a',
    "O'Brien",
    'New York',
    '東京',
    'a"b',
    'back\\slash',
    '$HOME',
    '`x`',
    '\u202ex',
    '😀',
  ),
  fc
    .string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
    .filter((text) => text.trim() !== '' && !/[\0\ufeff]/.test(text)),
);
const constraint = fc.record({ count: fc.integer({ min: 1, max: 9 }), constraints: fc.record({ rack }) });
/** A placement as a person writes it. */
export const placementJson = fc.record(
  {
    version: fc.constantFrom(1, 2),
    replicas: fc.array(constraint, { minLength: 1, maxLength: 3 }),
    observers: fc.array(constraint, { maxLength: 2 }),
  },
  { requiredKeys: ['version', 'replicas'] },
);

/** A change that adds something or sets it; of items of `replicas` one at such an index. */
export const changeAt = (index: fc.Arbitrary<number>): fc.Arbitrary<PlacementChange> =>
  fc.oneof(
    fc.record({
      kind: fc.constant('add-constraint' as const),
      list: fc.constantFrom('replicas' as const, 'observers' as const),
      count: fc.integer({ min: 1, max: 9 }),
      rack,
    }),
    fc.record({
      kind: fc.constant('set-count' as const),
      list: fc.constant('replicas' as const),
      index,
      count: fc.integer({ min: 1, max: 9 }),
    }),
    fc.record({
      kind: fc.constant('set-rack' as const),
      list: fc.constant('replicas' as const),
      index,
      rack,
    }),
    fc.record({ kind: fc.constant('set-version' as const), version: fc.constantFrom(1 as const, 2 as const) }),
    fc.record({
      kind: fc.constant('set-policy' as const),
      policy: fc.constantFrom('under-min-isr' as const, 'under-replicated' as const),
    }),
  );
