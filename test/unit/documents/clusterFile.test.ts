import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inShort, read } from './helpers';

const cluster = async (text: string, uri = 'file:///w/orders.kafka-cluster.json') => {
  const file = await read(uri, text);
  const found = file.reading.declarations.find((declaration) => declaration.kind === 'cluster');
  const messages = file.reading.problems.map((problem) => ('message' in problem ? problem.message : problem.limit));
  return { ...file, cluster: found?.kind === 'cluster' ? found : undefined, messages };
};
const problems = async (datacenters: string) => (await cluster(`{"datacenters":${datacenters}}`)).messages;

const example = `{
  // Two datacenters, and a third that only votes.
  "name": "orders",
  "confluentPlatform": "7.6",
  "survivalGoal": "available-first",
  "datacenters": {
    "west": { "racks": { "west-a": [1, 2], "west-b": [3] }, "controllers": [101, 102] },
    "east": { "brokers": [4, 5], "controllers": [5] },
    "central": { "controllers": 1 },
  },
  "topicDefaults": {
    "min.insync.replicas": 3,
    "unclean.leader.election.enable": false,
    "placement": { "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west-a" } }] } // for all
  }
}`;

describe('a cluster file', () => {
  it('names datacenters with their racks', async () => {
    const { cluster: found, messages, at } = await cluster(example);
    expect(messages).toEqual([]);
    expect(found).toMatchObject({
      name: { value: 'orders' },
      goal: { value: 'available-first' },
      confluentPlatform: { value: '7.6' },
    });
    expect(found?.datacenters.map(({ name, racks }) => [at(name.span), ...racks.map((rack) => rack.value)])).toEqual([
      ['"west"', 'west-a', 'west-b'],
      ['"east"', 'east'],
      ['"central"'],
    ]);
  });

  it('lists brokers and controllers, by id or by number', async () => {
    const { brokers, controllers } = await cluster(example);
    expect(
      brokers().map(({ id, rack, datacenter, alsoController }) => [
        id?.value,
        rack?.value,
        datacenter?.value,
        alsoController,
      ]),
    ).toEqual([
      [1, 'west-a', 'west', false],
      [2, 'west-a', 'west', false],
      [3, 'west-b', 'west', false],
      [4, 'east', 'east', false],
      [5, 'east', 'east', true],
    ]);
    expect(controllers().map(({ id, name, datacenter }) => [id?.value, name, datacenter?.value])).toEqual([
      [101, 'west-controller-101', 'west'],
      [102, 'west-controller-102', 'west'],
      [undefined, 'central-controller-1', 'central'],
    ]);
  });

  it('may only group racks whose brokers other files list', async () => {
    const { cluster: found, brokers } = await cluster('{"datacenters":{"west":{"racks":["west-f","west-o"]}}}');
    expect(found?.datacenters[0]?.racks.map((rack) => rack.value)).toEqual(['west-f', 'west-o']);
    expect(brokers()).toEqual([]);
  });

  it('states defaults of topics', async () => {
    const { reading, placements, at } = await cluster(example);
    const defaults = reading.declarations.flatMap((found) => (found.kind === 'default' ? [found] : []));
    expect(defaults.map(({ span, default: { of } }) => [of, at(span)?.slice(0, 12)])).toEqual([
      ['min.insync.replicas', '3'],
      ['unclean.leader.election.enable', 'false'],
      ['placement', '{ "version":'],
    ]);
    expect(placements().map(({ placement }) => inShort(placement))).toEqual(['v2 2 west-a']);
    expect(at(placements()[0]?.constraints[0]?.rack?.span)).toBe('"west-a"');
  });

  it('is known by its name even while empty, and by its content under any name', async () => {
    expect((await cluster('')).reading.format).toBe('cluster-file');
    expect((await cluster('{"datacenters":{"west":{"brokers":3}}}', 'file:///x.json')).reading.format).toBe(
      'cluster-file',
    );
    expect((await cluster('{"datacenters":{"west":{"host":"x"}}}', 'file:///x.json')).reading.format).toBeNull();
  });

  it.each([
    ['{"west":{"brokres":[1]}}', '"brokres" is not a name that a datacenter knows. Did you mean brokers?'],
    ['{"west":{"zone":1}}', '"zone" is not a name that a datacenter knows. It knows racks, brokers, controllers.'],
    ['{"west":{"brokers":[1,1]}}', 'The id 1 is listed twice; each node has its own.'],
    ['{"a":{"racks":["x"]},"b":{"racks":["x"]}}', 'The rack x is already listed in a; a rack is in one datacenter.'],
    ['{"a":{"brokers":[1]},"b":{"controllers":[1]}}', 'Node 1 is a broker of a: it runs in one datacenter.'],
    ['{"a":{"brokers":-1}}', 'A count is a whole number from 0 to 1000.'],
    ['{"a":{"brokers":1e9}}', 'A count is a whole number from 0 to 1000.'],
    ['{"a":{"brokers":["1"]}}', 'An id is a whole number, as node.id or broker.id has it.'],
    ['{"a":{"brokers":"3"}}', 'List the ids, [1, 2, 3], or say how many there are, 3.'],
    ['{"a":3}', 'Say what a has: { "brokers": [1, 2, 3], "controllers": [101] }.'],
    [
      '{"a":{"racks":["x"],"brokers":[1]}}',
      'Where there are racks, each broker belongs to one: "racks": { "west-a": [1, 2] }.',
    ],
    ['{"a":{},"a":{}}', 'a is written again further down; only that one counts.'],
    ['[]', 'datacenters is an object: { … }.'],
  ])('%s is told what is wrong', async (datacenters, message) => {
    expect(await problems(datacenters)).toEqual([message]);
  });

  it('is told what is wrong at its top', async () => {
    const messages = async (text: string) => (await cluster(text)).messages;
    expect(await messages('[]')).toEqual(['A cluster file is an object: { "datacenters": … }.']);
    expect(await messages('{}')).toEqual([
      'Name the datacenters: "datacenters": { "west": { "brokers": [1, 2, 3] } }.',
    ]);
    expect(await messages('{"datacenters":{},"confluentPlatform":7.10}')).toEqual([
      'Write the version in quotes, "7.6": as a number, 7.10 would be 7.1.',
    ]);
    expect(await messages('{"datacenters":{},"survivalGoal":"durable_first"}')).toEqual([
      '"durable_first" is no survival goal. Write "durable-first".',
    ]);
  });

  it('says nothing while nothing is written', async () => {
    for (const text of ['', '\n', '\ufeff  ']) expect((await cluster(text)).messages).toEqual([]);
    expect((await cluster('// soon')).messages).toEqual(['Nothing is written here; a JSON value is expected.']);
  });

  it('says only what broke first while somebody types', async () => {
    const half = example.replace('"survivalGoal": "available-first",', '"');
    expect((await cluster(half)).messages).toEqual(['This string is not closed on its line: add a double quote.']);
    expect((await cluster(example.replace('"name"', '"nam'))).messages).toHaveLength(1);
  });

  it('keeps names that mean something to JavaScript apart', async () => {
    const { brokers } = await cluster('{"datacenters":{"__proto__":{"brokers":[1]},"constructor":{"brokers":[2]}}}');
    expect(brokers().map(({ datacenter }) => datacenter?.value)).toEqual(['__proto__', 'constructor']);
  });
});

describe('the schema of cluster files', () => {
  const schema = JSON.parse(readFileSync('media/kafka-cluster.schema.json', 'utf8'));

  it('knows the names that the reader knows', async () => {
    const unknown = async (text: string) =>
      (await cluster(text)).messages.filter((message) => message.includes('is not a name'));
    const named = (names: object) => Object.keys(names).map((name) => `${JSON.stringify(name)}:null`);
    const { datacenter } = schema.definitions;
    const { topicDefaults, ...properties } = schema.properties;
    expect(await unknown(`{${named(properties)},"topicDefaults":{${named(topicDefaults.properties)}}}`)).toEqual([]);
    expect(await unknown(`{"datacenters":{"x":{${named(datacenter.properties)}}}}`)).toEqual([]);
    expect(Object.keys(datacenter.properties)).toHaveLength(3);
  });

  it('offers snippets that the reader takes without a word', async () => {
    const filled = (body: unknown) =>
      JSON.stringify(body)
        .replace(/"\^\$\{\d+:(\d+)\}"/g, '$1')
        .replace(/\$\{\d+:([^}]*)\}/g, '$1');
    for (const { body } of schema.defaultSnippets) expect((await cluster(filled(body))).messages).toEqual([]);
    for (const { body } of schema.properties.datacenters.defaultSnippets) {
      expect(await problems(filled(body))).toEqual([]);
    }
  });
});
