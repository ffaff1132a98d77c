import { describe, expect, it } from 'vitest';
import { readClusterFile } from '../../../src/documents/clusterFile';
import { clusterFileName, clusterFileText, exampleClusterFile } from '../../../src/editor/clusterFileText';
import { assumedCluster, statedCluster } from './clusters';

function readBack(text: string) {
  const found = readClusterFile({ uri: `file:///${clusterFileName}`, text });
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

describe('a cluster file written for the person', () => {
  it('says what is known, so that our own reader finds it again', () => {
    expect(readBack(clusterFileText(statedCluster))).toEqual({
      problems: [],
      brokers: ['1 west west', '2 west west', '3 east-a east', '4 east-b east'],
      controllers: ['101 west', '102 east', '103 "central"'],
    });
  });

  it('says what was assumed', () => {
    const text = clusterFileText(assumedCluster);
    expect(text).toContain('// Assumed: each rack is a datacenter.');
    expect(text).toContain('// Assumed: the broker ids.');
    expect(text).toContain('// Missing: the controllers.');
    expect(readBack(text).problems).toEqual([]);
  });

  it('is a good example where nothing is known', () => {
    expect(readBack(exampleClusterFile).problems).toEqual([]);
  });
});
