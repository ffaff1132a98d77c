import { describe, expect, it } from 'vitest';
import { readClusterFile } from '../../../src/documents/clusterFile';
import { sourceFile } from '../../../src/documents/reader';
import { clusterFileName, clusterFileText, exampleClusterFile } from '../../../src/editor/clusterFileText';
import type { Cluster } from '../../../src/kafka/cluster';
import type { Place } from '../../../src/kafka/origin';
import { assumedCluster, statedCluster } from './clusters';

function readBack(text: string) {
  const found = readClusterFile(sourceFile(`file:///${clusterFileName}`, text));
  return {
    problems: found?.problems,
    brokers: found?.declarations.flatMap((one) =>
      one.kind === 'broker' ? [`${one.id?.value} ${one.rack?.value} ${one.datacenter?.value}`] : [],
    ),
    controllers: found?.declarations.flatMap((one) =>
      one.kind === 'controller' ? [`${one.id?.value} ${one.datacenter?.value}`] : [],
    ),
  };
}

const shown = (uri: string): string => uri.replace('file:///', '');

describe('a cluster file written for the person', () => {
  it('says what is known, so that our own reader finds it again', () => {
    expect(readBack(clusterFileText(statedCluster, shown))).toEqual({
      problems: [],
      brokers: ['1 west west', '2 west west', '3 east-a east', '4 east-b east'],
      controllers: ['101 west', '102 east', '103 "central"'],
    });
  });

  it('says what was assumed', () => {
    const text = clusterFileText(assumedCluster, shown);
    expect(text).toContain('// Assumed: which racks share a datacenter.');
    expect(text).toContain('// Assumed: the broker ids.');
    expect(text).toContain('// Missing: the controllers.');
    expect(readBack(text).problems).toEqual([]);
  });

  it('says where each part was found', () => {
    const place = (file: string): Place => ({ uri: `file:///${file}`, start: 0, end: 1 });
    const brokers = statedCluster.brokers.map((broker) => ({ ...broker, place: place(`${broker.datacenter}.yml`) }));
    const text = clusterFileText({ ...statedCluster, brokers }, shown);
    expect(text).toContain('    // Brokers from west.yml.\n    "west": {');
    expect(text).toContain('    // Brokers from east.yml.\n    "east": {');
  });

  it('puts racks together that are called like parts of one site, and calls it a guess', () => {
    const racks = ['west-f', 'west-o', 'east-f', 'east-o'];
    const cluster: Cluster = {
      ...assumedCluster,
      datacenters: racks.map((rack) => ({ name: rack, racks: [rack] })),
      brokers: racks.map((rack, index) => ({ id: index + 1, rack, datacenter: rack })),
    };
    const text = clusterFileText(cluster, shown);
    expect(text).toContain('    // Guess by their names: west-f, west-o are racks of one site. Correct it if not.');
    expect(readBack(text)).toMatchObject({
      problems: [],
      brokers: ['1 west-f west', '2 west-o west', '3 east-f east', '4 east-o east'],
    });
  });

  it('puts controllers where their names say, if all of them do, and calls it a guess', () => {
    const racks = ['dc1-a', 'dc1-b', 'dc2-a', 'dc2-b'];
    const controllers = ['controller-dc1-101', 'controller-dc2-102', 'controller-dc2-103'];
    const place = { uri: 'file:///docker-compose.yml', start: 0, end: 1 };
    const cluster: Cluster = {
      ...assumedCluster,
      datacenters: racks.map((rack) => ({ name: rack, racks: [rack] })),
      brokers: racks.map((rack, index) => ({ id: index + 1, rack, datacenter: rack })),
      unplacedControllers: controllers.map((name, index) => ({ id: 101 + index, name, place })),
    };
    const text = clusterFileText(cluster, shown);
    expect(text).toContain('// Guess by their names: controller-dc2-102, controller-dc2-103 stand here.');
    expect(text).toContain('// Guess by its name: controller-dc1-101 stands here.');
    expect(text).toContain('// Controllers from docker-compose.yml.');
    expect(text).not.toContain('Missing');
    expect(readBack(text)).toMatchObject({ problems: [], controllers: ['101 dc1', '102 dc2', '103 dc2'] });
  });

  it('names the controllers that it found where nothing tells where they stand', () => {
    const unplacedControllers = [
      { id: 101, name: 'kraft-1' },
      { id: 102, name: 'kraft-west' },
    ];
    const text = clusterFileText({ ...assumedCluster, unplacedControllers }, shown);
    expect(text).toContain('// Missing: where the controllers 101 (kraft-1), 102 (kraft-west) stand.');
    expect(readBack(text)).toMatchObject({ problems: [], controllers: [] });
  });

  it('leaves racks apart whose names tell nothing', () => {
    const racks = ['rack-1', 'rack-2', 'rack-3'];
    const text = clusterFileText(
      { ...assumedCluster, datacenters: racks.map((rack) => ({ name: rack, racks: [rack] })), brokers: [] },
      shown,
    );
    expect(text).not.toContain('Guess');
  });

  it('keeps brokers that state no rack', () => {
    const brokers = [{ id: 7, rack: null, datacenter: 'no rack' }];
    const cluster: Cluster = { ...assumedCluster, datacenters: [{ name: 'no rack', racks: [] }], brokers };
    expect(readBack(clusterFileText(cluster, shown))).toMatchObject({ problems: [], brokers: ['7 no rack no rack'] });
    expect(clusterFileText(cluster, shown)).toContain('// No file says which racks these brokers have.');
    expect(clusterFileText(statedCluster, shown)).not.toContain('which racks');
  });

  it('holds hostile names as they are, in quotes, and nothing of them in comments', () => {
    const names = ['__proto__', '*/ "x"\n}', '<script>', '../../x', '\u202eevil'];
    const place: Place = { uri: 'file:///a\u202e\n{.yml', start: 0, end: 1 };
    const cluster: Cluster = {
      ...assumedCluster,
      datacenters: names.map((name) => ({ name, racks: [name] })),
      brokers: names.map((rack, id) => ({ id, rack, datacenter: rack, place })),
    };
    const text = clusterFileText(cluster, shown);
    expect(readBack(text).problems).toEqual([]);
    expect(readBack(text).brokers?.map((broker) => broker.slice(2))).toEqual(names.map((rack) => `${rack} ${rack}`));
    const comments = text.split('\n').filter((line) => line.trim().startsWith('//'));
    expect(comments.join('')).toContain('Brokers from a');
    expect(comments.join('')).not.toContain('\u202e');
  });

  it('is a good example where nothing is known', () => {
    expect(readBack(exampleClusterFile).problems).toEqual([]);
  });
});
