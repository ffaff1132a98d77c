import { describe, expect, it } from 'vitest';
import { loadReaders, mayDeclare } from '../../../src/documents/read';

/** Text that would take minutes, or all memory, if the work grew with the square of its length. */
const many = (part: string, length: number): string => part.repeat(Math.ceil(length / part.length));
const numbered = (count: number, part: (n: number) => string): string =>
  Array.from({ length: count }, (_, n) => part(n)).join('');
const json = '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}';

/** Processor time, so that other work on the machine does not count. Linear work takes well under a second. */
const secondsMax = 4;

const texts: readonly (readonly [string, string, string])[] = [
  [
    'keys on one line',
    'a.yaml',
    many('kind:apiVersion:services:topics:configs:kafka_broker:context:projects:', 1_000_000),
  ],
  ['keys that are no keys', 'a.yaml', many('"kind" : ', 1_000_000)],
  ['blanks before a key', 'a.yaml', `${many(' ', 1_000_000)}kind: x`],
  ['values that open quotes', 'a.yml', `services:\n${many("  a: '{\n KAFKA_\n", 100_000)}`],
  ['anchors on anchors', 'a.yml', `services:\n${many('  KAFKA_A: &a &b &c !d\n', 100_000)}`],
  ['lines that go on', 'server.properties', `broker.id=1\n${many('\\\n', 1_000_000)}`],
  ['names with many dots', 'server.properties', many(`confluent.${many('a.', 4_000)}\n`, 1_000_000)],
  ['empty lines behind a condition', 'a.sh', `kafka-topics\n${many('V=1 &&\n\n\n', 400_000)}`],
  ['empty lines before a function', 'a.sh', `kafka-topics\n${many('f()\n\n\n{\n', 400_000)}`],
  [
    'subshells among many variables',
    'a.sh',
    `kafka-topics\n${numbered(2_000, (n) => `V${n}=1\n`)}${many('( X=1 )\n', 400_000)}`,
  ],
  ['branches that never end', 'a.sh', `kafka-topics\n${numbered(2_000, (n) => `V${n}=1\n`)}${many('if x\n', 400_000)}`],
  [
    'calls of a function that assigns much',
    'a.sh',
    `f() {\n${numbered(1_000, (n) => `V${n}=1\n`)}}\n${many('f\n', 200_000)}kafka-topics`,
  ],
  ['a variable of very many words', 'a.sh', `V="${many('a \n', 400_000)}"\nkafka-topics --create --topic x $V\n`],
  [
    'words that are split again and again',
    'a.sh',
    `V="${many('a ', 90_000)}"\n${many('kafka-topics --create --topic x $V\n', 60_000)}`,
  ],
  [
    'line breaks that printf prints',
    'a.sh',
    `printf '${many('\\n', 90_000)}x replica constraint' > p.json # kafka-topics`,
  ],
  ['substitutions in substitutions', 'a.sh', `kafka-topics ${many('$(\n', 400_000)}`],
  ['interpolations in interpolations', 'a.tf', `resource "kafka_topic" "x" {\n a = "${many('${', 90_000)}`],
  ['here-documents without an end', 'a.tf', `resource "kafka_topic" "x" {\n${many(' a = <<E\n', 400_000)}`],
  ['lists in lists', 'a.tf', `resource "kafka_topic" "x" {\n a = ${many('[\n', 400_000)}`],
  ['labels without values', 'a.txt', `PartitionCount:${many('Topic:', 90_000)}`],
  ['configurations of a described topic', 'a.txt', `Topic: a PartitionCount: 1 Configs: ${many('a=b,[', 90_000)}`],
  [
    'datacenters',
    'a.kafka-cluster.json',
    `{"datacenters":{${numbered(30_000, (n) => `"d${n}":{"brokers":[${n}]},\n`)}"z":{}}}`,
  ],
  [
    'ids of brokers',
    'a.kafka-cluster.json',
    `{"datacenters":{"w":{"brokers":[${numbered(200_000, (n) => `${n},\n`)}1]}}}`,
  ],
  ['faults of a scenario', 'a.kafka-scenario.json', `{"steps":[],${numbered(130_000, (n) => `"a${n}":1,\n`)}"z":1}`],
  ['placements of a monitor', 'a.properties', numbered(10_000, (n) => `k${n}=${json}\n`)],
];

describe('a hostile text', async () => {
  const readNow = await loadReaders();

  it.each(texts)('of %s is read in time that grows with its length', (_, name, text) => {
    const before = process.cpuUsage();
    mayDeclare(`file:///w/${name}`, text);
    readNow(`file:///w/${name}`, text);
    const { user, system } = process.cpuUsage(before);
    expect((user + system) / 1e6).toBeLessThan(secondsMax);
  });
});
