import { describe, expect, it } from 'vitest';
import type { DocumentReading } from '../../../src/documents/declaration';
import { loadReaders } from '../../../src/documents/read';
import type { Workspace } from '../../../src/workspace/api';
import { link, linkInSteps } from '../../../src/workspace/link';
import type { LinkedTopic } from '../../../src/workspace/linked';
import { LinkMemory } from '../../../src/workspace/linkMemory';
import { createWorkspace, defaultSettings } from '../../../src/workspace/workspace';
import { compose, create, placement } from '../rules/texts';

const readNow = await loadReaders();

/** A folder whose files can be read anew one by one. */
class Folder {
  readonly readings = new Map<string, DocumentReading>();

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.write(name, text);
  }

  write(name: string, text: string): void {
    this.readings.set(name, readNow(name, text));
  }
}

const west = placement({ replicas: { west: 2 } });
const east = placement({ replicas: { east: 2 } });
const files = {
  'docker-compose.yml': compose({ west: 3, east: 3 }),
  'west.json': west,
  'east.json': east,
  'orders.sh': create('orders', 'west.json', 2),
};

function topicsOf({ readings }: Folder, memory: LinkMemory): ReadonlyMap<string, LinkedTopic> {
  const topics = link(readings, defaultSettings, memory).flatMap((cluster) => cluster.topics);
  return new Map(topics.map((linked) => [linked.topic.name.value, linked]));
}

describe('linking again', () => {
  it('finds the same objects where nothing has changed', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    const [before] = link(folder.readings, defaultSettings, memory);
    const [again] = link(folder.readings, defaultSettings, memory);
    expect(before!.topics.map(({ topic }) => topic.name.value)).toEqual(['orders', 'east']);
    for (const [index, linked] of before!.topics.entries()) expect(again!.topics[index]).toBe(linked);
    for (const [index, linked] of before!.placements.entries()) expect(again!.placements[index]).toBe(linked);
    for (const [index, linked] of before!.commands.entries()) expect(again!.commands[index]).toBe(linked);
    expect(again!.facts).toBe(before!.facts);
  });

  it('links a changed file anew, and keeps the objects of the others', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    const before = topicsOf(folder, memory);
    folder.write('west.json', placement({ replicas: { west: 3 } }));
    const after = topicsOf(folder, memory);
    expect(after.get('orders')!.topic.placement.replicas).toEqual([{ count: 3, rack: 'west' }]);
    expect(after.get('east')).toBe(before.get('east'));
  });

  it('keeps all others where a placement comes or goes', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    const before = topicsOf(folder, memory);
    folder.write('north.json', placement({ replicas: { north: 1 } }));
    const after = topicsOf(folder, memory);
    expect([...after.keys()]).toEqual(['orders', 'east', 'north']);
    expect(after.get('orders')).toBe(before.get('orders'));
    expect(after.get('east')).toBe(before.get('east'));
    folder.readings.delete('north.json');
    expect(topicsOf(folder, memory)).toEqual(before);
    // A placement of the same name nearer by is what the command means now.
    folder.write('scripts/orders.sh', create('refunds', '/etc/east.json', 2));
    expect(topicsOf(folder, memory).get('refunds')!.placement.uri).toBe('east.json');
    folder.write('scripts/east.json', west);
    expect(topicsOf(folder, memory).get('refunds')!.placement.uri).toBe('scripts/east.json');
  });

  it('knows which files a path may mean as they come and go', () => {
    const memory = new LinkMemory();
    const folder = new Folder({ 'orders.sh': create('orders', '/etc/p.json'), 'a/p.json': west, 'b/p.json': west });
    const candidates = (): unknown => {
      const [placed] = link(folder.readings, defaultSettings, memory).flatMap(({ commands }) =>
        commands.map((command) => command.placement),
      );
      return placed?.kind === 'ambiguous' ? placed.candidates : placed?.kind;
    };
    expect(candidates()).toEqual(['a/p.json', 'b/p.json']);
    folder.write('c/p.json', west);
    folder.readings.delete('a/p.json');
    expect(candidates()).toEqual(['b/p.json', 'c/p.json']);
    folder.readings.delete('c/p.json');
    expect(candidates()).toBe('own');
  });

  it('sees a command that says more of a topic in another file', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    const before = topicsOf(folder, memory);
    expect(before.get('orders')!.topic.minIsr.value).toBe(2);
    folder.write(
      'later.sh',
      'kafka-configs --alter --entity-type topics --entity-name orders --add-config min.insync.replicas=1\n',
    );
    const after = topicsOf(folder, memory);
    expect(after.get('orders')!.topic.minIsr.value).toBe(1);
    expect(after.get('east')).toBe(before.get('east'));
  });

  it('sees what the creation of a topic says where a later command moves it', () => {
    const memory = new LinkMemory();
    const move = 'kafka-topics --alter --topic orders --replica-placement east.json\n';
    const folder = new Folder({ ...files, 'move.sh': move });
    expect(topicsOf(folder, memory).get('orders')!.topic.minIsr.value).toBe(2);
    folder.write('orders.sh', create('orders', 'west.json', 1));
    const after = topicsOf(folder, memory).get('orders')!;
    expect([after.placement.uri, after.topic.minIsr.value]).toEqual(['east.json', 1]);
  });

  it('tells two racks from one whose name holds a line break', () => {
    const clusterOf = (racks: object): string => JSON.stringify({ datacenters: { home: { racks } } });
    const folder = new Folder({
      'two/x.kafka-cluster.json': clusterOf({ west: [1], east: [2] }),
      'one/x.kafka-cluster.json': clusterOf({ 'west\neast': [1] }),
      'p.json': placement({ replicas: { west: 1, east: 1 } }),
    });
    const memory = new LinkMemory();
    const clusterOfTopic = (): string | undefined =>
      link(folder.readings, defaultSettings, memory).find(({ topics }) => topics.length > 0)?.source?.uris[0];
    expect(clusterOfTopic()).toBe('two/x.kafka-cluster.json');
    folder.write('p.json', placement({ replicas: { 'west\neast': 1 } }));
    expect(clusterOfTopic()).toBe('one/x.kafka-cluster.json');
  });

  it('finds the objects of before when a trial edit is taken back', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    const before = topicsOf(folder, memory);
    const original = folder.readings.get('east.json')!;
    folder.write('east.json', placement({ replicas: { east: 1 } }));
    expect(topicsOf(folder, memory).get('east')).not.toBe(before.get('east'));
    folder.readings.set('east.json', original);
    expect(topicsOf(folder, memory).get('east')).toBe(before.get('east'));
  });

  it('says the same as linking for the first time, whatever was linked before', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    link(folder.readings, defaultSettings, memory);
    for (const [name, text] of [
      ['docker-compose.yml', compose({ west: 1, east: 1, north: 1 })],
      ['west.json', placement({ replicas: { north: 1 } })],
      ['orders.sh', create('orders', 'east.json')],
      ['west.json', west],
    ] as const) {
      folder.write(name, text);
      const told = topicsOf(folder, memory);
      for (const [topic, { topic: linked }] of topicsOf(folder, new LinkMemory())) {
        expect(told.get(topic)?.topic).toEqual(linked);
      }
    }
  });
});

/** How many items each list and map of an object holds. */
function sizesIn(memory: object): Readonly<Record<string, number>> {
  const sizes = Object.entries(memory).flatMap(([name, value]): readonly (readonly [string, number])[] => {
    if (value instanceof Map) return [[name, value.size]];
    return Array.isArray(value) ? [[name, value.length]] : [];
  });
  return Object.fromEntries(sizes);
}

/** All objects that can be reached from one through fields, lists, maps and sets. */
function reachableFrom(root: object): ReadonlySet<object> {
  const reached = new Set<object>([root]);
  for (const object of reached) {
    const parts =
      object instanceof Map ? [...object].flat() : object instanceof Set ? [...object] : Object.values(object);
    for (const part of parts) if (typeof part === 'object' && part !== null) reached.add(part);
  }
  return reached;
}

/** How many of the things that linking makes a workspace still holds. */
function heldBy(workspace: Workspace): Readonly<Record<string, number>> {
  const all = [...reachableFrom(workspace)];
  const withField = (name: string): number => all.filter((object) => name in object).length;
  return {
    files: withField('describesClusters'),
    topics: withField('assessed'),
    placements: withField('decoded'),
    declaredTopics: withField('replicationFactor'),
    clusters: withField('racksKnown'),
    sources: withField('otherBrokers'),
    assessments: withField('losses'),
  };
}

describe('over thousands of edits', () => {
  it('linking keeps a few former files and clusters, and placements up to a bound', () => {
    const memory = new LinkMemory();
    const folder = new Folder({ 'orders.sh': files['orders.sh'] });
    for (let edit = 0; edit < 10_050; edit++) {
      folder.write('west.json', `{"version":1,"replicas":[{"count":1,"constraints":{"rack":"${edit}"}}]}`);
      link(folder.readings, defaultSettings, memory);
    }
    const { current, former, paths, clusters, placements, ...others } = sizesIn(memory);
    expect({ current, former, paths, clusters, others }).toEqual({
      current: 2,
      former: 4,
      paths: 2,
      clusters: 1 + 8,
      others: {},
    });
    expect(placements).toBe(50);
  });

  it('linking that is left half way keeps no more either', () => {
    const memory = new LinkMemory();
    const folder = new Folder(files);
    for (let edit = 0; edit < 50; edit++) {
      folder.write('docker-compose.yml', compose({ west: 3, [`rack-${edit}`]: 1 }));
      const steps = linkInSteps(folder.readings, defaultSettings, memory);
      for (let step = 0; step < 2; step++) steps.next();
    }
    const { clusters } = sizesIn(memory);
    // What the last one has linked so far comes on top.
    expect(clusters).toBe(8 + 1);
  });

  const edits: Readonly<Record<string, (workspace: Workspace, edit: number) => unknown>> = {
    'a script': (workspace, edit) => workspace.setFile('orders.sh', `# ${edit}\n${files['orders.sh']}`),
    'the name of a topic': (workspace, edit) => workspace.setFile('orders.sh', create(`t${edit}`, 'west.json', 2)),
    'the path to a placement': (workspace, edit) =>
      workspace.setFile('orders.sh', create('orders', `${edit}/west.json`)),
    'a placement': (workspace, edit) =>
      workspace.setFile('west.json', placement({ replicas: { [`rack-${edit}`]: 2 } })),
    'the brokers': (workspace, edit) =>
      workspace.setFile('docker-compose.yml', compose({ west: 3, [`rack-${edit}`]: 1 })),
    'what a tool printed': (workspace, edit) =>
      workspace.setFile('d.txt', `Topic: audit\tPartitionCount: 1\tReplicationFactor: 1\tConfigs: a=${edit}\n`),
    'the settings': (workspace, edit) => workspace.configure({ ...defaultSettings, assumedMinIsr: edit + 1 }),
    'files that come and go': async (workspace, edit) => {
      workspace.removeFile(`${edit - 1}/p.json`);
      workspace.removeFile(`${edit - 1}/orders.sh`);
      await workspace.setFile(`${edit}/p.json`, placement({ replicas: { west: 1 + (edit % 3) } }));
      await workspace.setFile(`${edit}/orders.sh`, create('refunds', 'p.json', 1));
    },
    'clusters that come and go': async (workspace, edit) => {
      workspace.removeFile(`${edit - 1}/docker-compose.yml`);
      await workspace.setFile(`${edit}/docker-compose.yml`, compose({ [`rack-${edit}`]: 1 }));
    },
  };

  it.each(Object.entries(edits))('of %s, a workspace holds no more than after a few', async (_, change) => {
    const workspace = createWorkspace();
    for (const [name, text] of Object.entries(files)) await workspace.setFile(name, text);
    const afterEdits = async (from: number, to: number): Promise<Readonly<Record<string, number>>> => {
      for (let edit = from; edit < to; edit++) {
        await change(workspace, edit);
        workspace.lint('orders.sh');
        workspace.analyse();
      }
      return heldBy(workspace);
    };
    const before = await afterEdits(0, 30);
    expect(Math.min(...Object.values(before))).toBeGreaterThan(0);
    expect(await afterEdits(30, 60)).toEqual(before);
  });
});
