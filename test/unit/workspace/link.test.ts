import { describe, expect, it } from 'vitest';
import type { Place } from '../../../src/kafka/origin';
import type { Topic } from '../../../src/kafka/topic';
import { type Checked, check, compose, create, type Files, placement } from '../rules/check';

const sync = placement({ replicas: { west: 2, east: 2 } });
const brokers = compose({ west: 3, east: 3 });

async function topicsOf(files: Files): Promise<readonly Topic[]> {
  return (await check(files)).analysis.assessments.flatMap(({ topics }) => topics.map(({ topic }) => topic));
}

async function topic(files: Files): Promise<Topic> {
  const topics = await topicsOf(files);
  expect(topics).toHaveLength(1);
  return topics[0]!;
}

/** Where a topic's placement stands. */
async function placedIn(files: Files): Promise<readonly string[]> {
  return (await topicsOf(files)).map(({ name, placementPlace }) => `${name.value} ${placementPlace.uri}`);
}

describe('a topic finds its placement', () => {
  it('through the volumes of the compose file', async () => {
    const mounted = brokers.replace(
      '    environment:',
      '    volumes:\n      - ./config/west:/etc/placements:ro\n    environment:',
    );
    const files = { 'docker-compose.yml': mounted, 'config/west/p.json': sync, 'other/p.json': sync };
    expect(await placedIn({ ...files, 'create.sh': create('orders', '/etc/placements/p.json', 3) })).toEqual([
      'orders config/west/p.json',
      'p other/p.json',
    ]);
  });
  it('relative to the script, and to the folders above it', async () => {
    const files = { 'p.json': sync, 'ops/p.json': sync, 'ops/scripts/placements/q.json': sync };
    expect(
      await placedIn({
        ...files,
        'ops/scripts/create.sh': create('a', 'placements/q.json', 3) + create('b', 'p.json', 3),
      }),
    ).toEqual(['a ops/scripts/placements/q.json', 'b ops/p.json', 'p p.json']);
  });
  it('by its name, the folders that fit first, then the nearest', async () => {
    const files = { 'dc1/placements/p.json': sync, 'dc2/other/p.json': sync };
    expect(await placedIn({ ...files, 'dc2/create.sh': create('a', '/mnt/placements/p.json', 3) })).toContain(
      'a dc1/placements/p.json',
    );
    expect(await placedIn({ ...files, 'dc2/create.sh': create('a', '/mnt/p.json', 3) })).toContain(
      'a dc2/other/p.json',
    );
  });
  it('never outside of what is there', async () => {
    expect(await placedIn({ 'create.sh': create('a', '../../../../etc/passwd', 3), 'x/p.json': sync })).toEqual([
      'p x/p.json',
    ]);
  });
  it('in the command itself', async () => {
    const inline = `kafka-topics --create --topic a --partitions 1 --config confluent.placement.constraints='${JSON.stringify(JSON.parse(sync))}'\n`;
    expect(await placedIn({ 'create.sh': inline })).toEqual(['a create.sh']);
  });
  it('is called after its file where nobody names it', async () => {
    const found = await topic({ 'placements/orders.json': sync });
    expect(found.name).toEqual({ value: 'orders', origin: { kind: 'assumed', assumption: 'named-after-file' } });
  });
});

describe('min ISR comes from', () => {
  const files = { 'p.json': sync };
  const value = async (more: Files): Promise<string> => {
    const { minIsr } = await topic({ ...files, ...more });
    return `${minIsr.value} ${minIsr.origin.kind === 'stated' ? minIsr.origin.place.uri : minIsr.origin.assumption}`;
  };
  const clusterFile = {
    'shop.kafka-cluster.json':
      '{ "datacenters": { "west": { "brokers": 3 }, "east": { "brokers": 3 } }, "topicDefaults": { "min.insync.replicas": 2 } }',
  };
  const composeFile = {
    'docker-compose.yml': compose({ west: 3, east: 3 }, {}, undefined, { KAFKA_MIN_INSYNC_REPLICAS: '4' }),
  };

  it('the command, before everything else', async () => {
    expect(await value({ ...composeFile, ...clusterFile, 'create.sh': create('a', 'p.json', 3) })).toBe('3 create.sh');
  });
  it('a command that alters the topic later', async () => {
    const alter = 'kafka-configs --alter --entity-type topics --entity-name a --add-config min.insync.replicas=3\n';
    expect(await value({ 'create.sh': create('a', 'p.json'), 'later.sh': alter })).toBe('3 later.sh');
    const twice = `${create('a', 'p.json', 2)}\n${alter.replace('=3', '=4')}${alter}`;
    expect(await value({ 'create.sh': twice })).toBe('3 create.sh');
    expect(await value({ 'create.sh': create('a', 'p.json', 2), 'later.sh': alter })).toBe('3 later.sh');
  });
  it('the cluster file, before the brokers', async () => {
    expect(await value({ ...composeFile, ...clusterFile })).toBe('2 shop.kafka-cluster.json');
  });
  it('the brokers, be they listed by a cluster file or not', async () => {
    expect(await value(composeFile)).toBe('4 docker-compose.yml');
    const listed = '{ "datacenters": { "west": { "brokers": [1, 2, 3] }, "east": { "brokers": [4, 5, 6] } } }';
    expect(await value({ ...composeFile, 'shop.kafka-cluster.json': listed })).toBe('4 docker-compose.yml');
  });
  it("Kafka's default, or what the settings say to assume", async () => {
    expect(await value({})).toBe('1 kafka-default');
    const assumed = await check(files, { assumedMinIsr: 2 });
    expect(assumed.analysis.assessments[0]?.topics[0]?.topic.minIsr).toEqual({
      value: 2,
      origin: { kind: 'assumed', assumption: 'settings' },
    });
  });
});

describe('the cluster comes from', () => {
  const shape = ({ analysis }: Checked): readonly string[] =>
    analysis.assessments.map(({ deployment: { name, cluster, topics } }) => {
      const sites = cluster.datacenters.map((site) => {
        const own = cluster.brokers.filter(({ datacenter }) => datacenter === site.name).length;
        const voters = (cluster.controllers ?? []).filter(({ datacenter }) => datacenter === site.name).length;
        return `${site.name}:${own}${voters > 0 ? `+${voters}` : ''}`;
      });
      return `${name} [${sites.join(' ')}] ${topics.map((one) => one.name.value).join(' ')}`.trim();
    });
  const p = { 'shop/p.json': sync };

  it('a cluster file, which groups racks into datacenters', async () => {
    const file = `{ "name": "prod", "datacenters": {
      "west": { "racks": { "west-f": [1, 2], "west-o": [3] }, "controllers": [11, 12] },
      "east": { "racks": { "east-f": [4, 5], "east-o": [6] }, "controllers": [13, 14] },
      "central": { "controllers": [15] } } }`;
    const checked = await check({
      'shop/prod.kafka-cluster.json': file,
      'shop/docker-compose.yml': compose({ r1: 9 }),
      'shop/p.json': placement({ replicas: { 'west-f': 2, 'east-f': 2 }, observers: { 'west-o': 1, 'east-o': 1 } }),
    });
    expect(shape(checked)).toEqual(['prod [west:3+2 east:3+2 central:0+1] p']);
    expect(checked.all('datacenter-loss-stops-writes')).toEqual([]);
  });
  it('compose, where every rack counts as a datacenter', async () => {
    const checked = await check({
      ...p,
      'shop/docker-compose.yml': compose({ west: 3, east: 2 }, { west: 1, east: 1, central: 1 }),
    });
    expect(shape(checked)).toEqual(['shop [west:3+1 east:2+1 central:0+1] p']);
    expect(checked.analysis.assessments[0]?.deployment.cluster.origins.datacenters).toEqual({
      kind: 'assumed',
      assumption: 'racks-are-datacenters',
    });
  });
  it('counts the voters that controller.quorum.voters lists, and no other controller', async () => {
    const node = (id: number, role: string, rack: string): string =>
      `  ${role}-${rack}-${id}:\n    environment:\n      KAFKA_NODE_ID: ${id}\n      KAFKA_PROCESS_ROLES: ${role}\n      KAFKA_BROKER_RACK: ${rack}\n      KAFKA_CONTROLLER_QUORUM_VOTERS: 1@controller-west-1:9093,2@controller-east-2:9093,4@controller-central-4:9093\n`;
    const nodes = [
      node(1, 'controller', 'west'),
      node(2, 'controller', 'east'),
      // Not in the list; and the fourth is declared elsewhere.
      node(3, 'controller', 'east'),
      ...[11, 12].map((id) => node(id, 'broker', 'west')),
      ...[21, 22].map((id) => node(id, 'broker', 'east')),
      node(31, 'broker', 'central'),
    ];
    const { analysis } = await check({ 'docker-compose.yml': `services:\n${nodes.join('')}`, 'p.json': sync });
    const voters = analysis.assessments[0]?.deployment.cluster.controllers ?? [];
    expect(voters.map(({ id, datacenter }) => `${id} ${datacenter}`).sort()).toEqual(['1 west', '2 east', '4 central']);
  });
  it('names, as an assumption, where controllers state no rack', async () => {
    const controller = (name: string, id: number): string =>
      `  ${name}:\n    environment:\n      KAFKA_NODE_ID: ${id}\n      KAFKA_PROCESS_ROLES: controller\n`;
    const nodes =
      brokers +
      controller('controller-west', 91) +
      controller('kraft-east-1', 92) +
      controller('controller-central', 93);
    const checked = await check({ ...p, 'shop/docker-compose.yml': nodes });
    expect(shape(checked)).toEqual(['shop [west:3+1 east:3+1 central:0+1] p']);
    expect(checked.analysis.assessments[0]?.deployment.cluster.origins.controllers).toEqual({
      kind: 'assumed',
      assumption: 'datacenter-from-name',
    });
    // One controller that stands nobody knows where makes the whole quorum an assumption.
    const unknown = await check({ ...p, 'shop/docker-compose.yml': nodes + controller('controller-4', 94) });
    const { controllers, unplacedControllers } = unknown.analysis.assessments[0]!.deployment.cluster;
    expect(controllers).toBeNull();
    expect(unplacedControllers?.map(({ id, name }) => `${id} ${name}`)).toEqual([
      '91 controller-west',
      '92 kraft-east-1',
      '93 controller-central',
      '94 controller-4',
    ]);
  });
  it('the placements, where no file describes one: their racks with brokers enough', async () => {
    const more = { 'shop/q.json': placement({ replicas: { west: 3 }, observers: { west: 1 } }) };
    expect(shape(await check({ ...p, ...more }))).toEqual(['shop [west:4 east:2] p q']);
  });
  it('nothing that has nothing to do with each other', async () => {
    const checked = await check({
      'a/p.json': sync,
      'a/q.json': placement({ replicas: { dc1: 1, dc2: 1 } }),
      'b/p.json': sync,
    });
    expect(shape(checked)).toEqual(['a [west:2 east:2] p', 'a [dc1:1 dc2:1] q', 'b [west:2 east:2] p']);
  });
  it('several files of one folder that hold parts of it', async () => {
    const half = (rack: string, id: number): string =>
      `services:\n  ${rack}:\n    environment:\n      KAFKA_BROKER_ID: ${id}\n      KAFKA_BROKER_RACK: ${rack}\n`;
    const checked = await check({ ...p, 'shop/west.yml': half('west', 1), 'shop/east.yml': half('east', 2) });
    expect(shape(checked)).toEqual(['shop [east:1 west:1] p']);
  });
  it('a compose file and what overrides it', async () => {
    const base = 'services:\n  b1:\n    environment:\n      KAFKA_BROKER_ID: 1\n      KAFKA_BROKER_RACK: west\n';
    const override = 'services:\n  b1:\n    environment:\n      KAFKA_BROKER_ID: 1\n      KAFKA_BROKER_RACK: north\n';
    const checked = await check({ 'docker-compose.yml': base, 'docker-compose.override.yml': override });
    expect(
      checked.analysis.assessments.map(({ deployment }) => deployment.cluster.brokers.map(({ rack }) => rack)),
    ).toEqual([['north']]);
  });
  it('racks in what overrides a compose file, whose brokers stay the controllers and the images that they are', async () => {
    const services = (lines: (id: number) => readonly string[]): string =>
      `services:\n${[1, 2, 3].map((id) => `  k${id}:\n${lines(id).join('\n')}\n`).join('')}`;
    const { analysis } = await check({
      'docker-compose.yml': services((id) => [
        '    image: confluentinc/cp-server:7.5.0',
        '    environment:',
        `      KAFKA_NODE_ID: ${id}`,
        '      KAFKA_PROCESS_ROLES: broker,controller',
      ]),
      'docker-compose.override.yml': services((id) => ['    environment:', `      KAFKA_BROKER_RACK: r${id}`]),
      'p.json': placement({ replicas: { r1: 1, r2: 1, r3: 1 } }),
    });
    const [cluster] = analysis.assessments.map(({ deployment }) => deployment.cluster);
    expect(cluster?.controllers?.map(({ id, datacenter }) => `${id} in ${datacenter}`)).toEqual([
      '1 in r1',
      '2 in r2',
      '3 in r3',
    ]);
    expect(cluster?.confluentPlatform?.value).toBe('7.5.0');
  });
  it('a setting in what overrides a compose file, with its place there', async () => {
    const service = (name: string, id: number, ...more: readonly string[]): string =>
      `  ${name}:\n    environment:\n${[`KAFKA_BROKER_ID: ${id}`, ...more].map((line) => `      ${line}\n`).join('')}`;
    const checked = await check({
      'docker-compose.yml': `services:\n${service('b1', 1, 'KAFKA_BROKER_RACK: west')}${service('b2', 2, 'KAFKA_BROKER_RACK: east', 'KAFKA_MIN_INSYNC_REPLICAS: 3')}`,
      'docker-compose.override.yml': `# ${'Far down in this file. '.repeat(20)}\nservices:\n${service('b1', 1, 'KAFKA_MIN_INSYNC_REPLICAS: 2')}`,
      ...p,
    });
    const textAt = ({ uri, start, end }: Place): string => `${uri}: ${checked.texts.get(uri)?.slice(start, end)}`;
    const differ = checked.only('broker-settings-differ');
    expect([differ.place, ...differ.related.map(({ place }) => place)].map(textAt)).toEqual([
      'docker-compose.yml: 3',
      'docker-compose.override.yml: 2',
    ]);
    expect(
      checked.analysis.assessments.flatMap(({ topics }) => topics).map(({ topic }) => topic.minIsr.origin),
    ).toEqual([{ kind: 'stated', place: differ.related[0]?.place }]);
    expect(differ.message).toContain('b1 (docker-compose.override.yml) has 2, b2 (docker-compose.yml) has 3');
  });
});

describe('several clusters are kept apart', () => {
  const p = placement({ replicas: { west: 1, east: 1 } });
  it('by folder: the nearest above counts', async () => {
    const checked = await check({
      'a/docker-compose.yml': compose({ west: 1, east: 1 }),
      'a/topics/p.json': p,
      'b/docker-compose.yml': compose({ north: 1, south: 1 }),
      'b/topics/p.json': p,
    });
    expect(checked.all('rack-unknown').map(({ place }) => place.uri)).toEqual(['b/topics/p.json', 'b/topics/p.json']);
  });
  it('one elsewhere is taken only if it knows a rack', async () => {
    const files = { 'demo/docker-compose.yml': compose({ r1: 1, r2: 1 }), 'prod/p.json': p };
    expect((await check(files)).all('rack-unknown')).toEqual([]);
    const known = { ...files, 'infra/docker-compose.yml': compose({ west: 1 }) };
    expect((await check(known)).only('rack-unknown')).toMatchObject({ rack: 'east' });
  });
  it('a second cluster in the same file, such as one for metrics, is another one', async () => {
    const main = compose({ west: 2, east: 2 }, {}, undefined, { CLUSTER_ID: 'main' });
    const metrics =
      '  metrics:\n    environment:\n      CLUSTER_ID: other\n      KAFKA_NODE_ID: 9\n      KAFKA_PROCESS_ROLES: broker,controller\n';
    const checked = await check({ 'docker-compose.yml': main + metrics, 'p.json': p });
    const [first] = checked.analysis.assessments;
    expect(first?.deployment.cluster.brokers).toHaveLength(4);
    expect(first?.deployment.cluster.controllers).toBeNull();
    expect(checked.all('broker-rack-missing')).toEqual([]);
  });
});

describe('properties files', () => {
  const node = (id: number, rack: string): string =>
    `process.roles=broker\nnode.id=${id}\nbroker.rack=${rack}\ncontroller.quorum.voters=1@c:9093\n`;
  it('of one quorum are one cluster, wherever they are', async () => {
    const checked = await check({
      'nodes/a/server.properties': node(11, 'west'),
      'nodes/b/server.properties': node(12, 'east'),
      'nodes/p.json': placement({ replicas: { west: 1, north: 1 } }),
    });
    expect(checked.only('rack-unknown')).toMatchObject({ rack: 'north', known: ['west', 'east'] });
  });
  it('some that vote are only a part where they list others', async () => {
    const voters = (ids: readonly number[]): string =>
      `controller.quorum.voters=${ids.map((id) => `${id}@b${id}:9093`).join(',')}\n`;
    const combined = (id: number, rack: string, ids: readonly number[]): string =>
      `process.roles=broker,controller\nnode.id=${id}\nbroker.rack=${rack}\n${voters(ids)}`;
    const unknown = async (ids: readonly number[]) =>
      (
        await check({
          'a/1.properties': combined(1, 'west', ids),
          'a/2.properties': combined(2, 'east', ids),
          'a/p.json': placement({ replicas: { north: 1 } }),
        })
      ).all('rack-unknown');
    expect(await unknown([1, 2, 3])).toEqual([]);
    expect(await unknown([1, 2])).toHaveLength(1);
  });

  it('one alone is only a part: other racks may exist', async () => {
    const checked = await check({
      'a/server.properties': node(11, 'west'),
      'a/p.json': placement({ replicas: { north: 1 } }),
    });
    expect(checked.all('rack-unknown')).toEqual([]);
  });
});

describe('a --describe text', () => {
  const json = JSON.stringify(
    JSON.parse(placement({ replicas: { west: 2 }, observers: { east: 1 }, policy: 'under-min-isr' })),
  );
  const row = (replicas: string, isr: string): string =>
    `Topic: orders\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2,confluent.placement.constraints=${json}\n` +
    `\tTopic: orders\tPartition: 0\tLeader: 1\tReplicas: ${replicas}\tIsr: ${isr}\tOffline: \tObservers: ${replicas.split(',').at(-1)}\n`;
  it('says where the replicas are, if files say where its brokers are, or the placement leaves no choice', async () => {
    const found = await topic({
      'docker-compose.yml': compose({ west: 2, east: 1 }),
      'topics.txt': row('1,2,3', '1,2'),
    });
    expect(found.assignments).toEqual([
      { partition: 0, replicas: [1, 2, 3], observers: [3], isr: [1, 2], leader: 1, offline: [] },
    ]);
    expect((await topic({ 'topics.txt': row('1,2,3', '1,2') })).assignments).toEqual(found.assignments);
    const elsewhere = { 'docker-compose.yml': compose({ west: 2, east: 1 }), 'topics.txt': row('7,8,9', '7,8') };
    expect((await topic(elsewhere)).assignments).toBeNull();
  });
  it('that shows a topic again and again, as a log does, is about one topic: as it was the last time', async () => {
    const brokersOf = { 'docker-compose.yml': compose({ west: 2, east: 1 }) };
    const text = `${row('1,2,3', '1,2')}\n${row('1,2,3', '2').replace('replicas=2', 'replicas=1')}`;
    const found = await topic({ ...brokersOf, 'topics.txt': text });
    expect(found.minIsr.value).toBe(1);
    expect(found.assignments?.map(({ isr }) => isr)).toEqual([[2]]);
    expect(found.placementPlace.start).toBeGreaterThan(text.indexOf('\n\n'));
    // Two texts are of two moments, and nobody knows which was the later one.
    expect(await placedIn({ ...brokersOf, 'a.txt': row('1,2,3', '1,2'), 'b.txt': row('1,2,3', '2') })).toHaveLength(2);
  });
});

describe('what is read anew', () => {
  it('setFile says whether anybody would see a difference', async () => {
    const { workspace } = await check({ 'p.json': sync });
    expect(await workspace.setFile('p.json', sync)).toBe(false);
    expect(await workspace.setFile('p.json', `${sync}\n`)).toBe(true);
    expect(await workspace.setFile('notes.txt', 'nothing of ours')).toBe(false);
    expect(workspace.removeFile('notes.txt')).toBe(false);
    expect(workspace.removeFile('p.json')).toBe(true);
    expect(workspace.analyse().assessments).toEqual([]);
  });
  it('a file without a declaration is among the files of an analysis, and all else stays as it was', async () => {
    const { workspace, analysis } = await check({ 'p.json': sync });
    const cluster = { datacenters: { west: { brokers: [1] }, east: { brokers: [2] } } };
    const steps = [{ at: '0 s', do: 'lose-datacenter', datacenter: 'west' }];
    const scenario = JSON.stringify({ cluster, topic: { replicas: [1, 2] }, steps });
    await workspace.setFile('west-fails.kafka-scenario.json', scenario);
    const { readings, ...others } = workspace.analyse();
    expect(readings.get('west-fails.kafka-scenario.json')?.format).toBe('scenario-file');
    expect(others.assessments).toBe(analysis.assessments);
    expect([...analysis.readings.keys()]).toEqual(['p.json']);
    workspace.removeFile('west-fails.kafka-scenario.json');
    expect([...workspace.analyse().readings.keys()]).toEqual(['p.json']);
    expect(workspace.analyse()).toBe(workspace.analyse());
  });
  it('an analysis stays as it was when files change after it', async () => {
    const { workspace, analysis } = await check({ 'p.json': sync });
    const before = analysis.topicsIn('p.json');
    workspace.removeFile('p.json');
    expect(analysis.topicsIn('p.json')).toBe(before);
    expect(workspace.analyse().topicsIn('p.json')).toEqual([]);
  });
  it('lint knows the racks of the cluster, and nothing of the simulator', async () => {
    const { workspace } = await check({
      'docker-compose.yml': brokers,
      'p.json': placement({ version: 1, replicas: { west: 2, esat: 1 }, observers: { east: 1 } }),
    });
    expect(workspace.lint('p.json').map(({ code }) => code)).toEqual(['version-1-with-observers', 'rack-unknown']);
    expect(workspace.lint('gone.json')).toEqual([]);
  });
  it('settings turn rules off and up', async () => {
    const files = { 'p.json': placement({ replicas: { west: 2, east: 2 }, observers: { west: 1 } }) };
    const levels = { 'policy-implicit': 'warning', 'min-isr-not-set': 'off' } as const;
    const checked = await check(files, { levels });
    expect(checked.only('policy-implicit').level).toBe('warning');
    expect(checked.all('min-isr-not-set')).toEqual([]);
  });
});
