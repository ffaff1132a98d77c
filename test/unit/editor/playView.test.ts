import { describe, expect, it } from 'vitest';
import { changesOf, lanesOf, playView } from '../../../src/editor/playView';
import type { PartitionSnapshot, Timeline } from '../../../src/simulator/timeline';
import { topic as orders } from '../analysis/topics';
import { statedCluster } from './clusters';

const healthy: PartitionSnapshot = {
  leader: 1,
  replicas: [1, 3, 2, 4],
  observers: [2, 4],
  isr: [1, 3],
  offline: [],
  caughtUp: [1, 3, 2, 4],
  elr: [],
  produce: 'accepted',
  quorum: true,
};
const lost: PartitionSnapshot = { ...healthy, offline: [1, 2], caughtUp: [3, 4], produce: 'waiting' };
const promoted: PartitionSnapshot = { ...lost, leader: 3, isr: [3, 4], produce: 'accepted' };
const returning: PartitionSnapshot = { ...promoted, offline: [] };

const timeline: Timeline = {
  scenario: 'datacenter:west',
  steps: [healthy, lost, promoted, returning].map((state) => ({ at: null, cause: { kind: 'settled' }, state })),
};

describe('lanes', () => {
  it('has one for each replica, grouped by datacenter, with what it is at each step', () => {
    const lanes = lanesOf(timeline, statedCluster).map(
      ({ datacenter, label, role, states }) => `${datacenter} ${label} ${role}: ${states.join(', ')}`,
    );
    expect(lanes).toEqual([
      'west 1 sync: leader, down, down, catching-up',
      'west 2 observer: observer, down, down, catching-up',
      'east 3 sync: in-sync, in-sync, leader, leader',
      'east 4 observer: observer, observer, promoted, promoted',
    ]);
  });
});

describe('an observer', () => {
  it('that never was away does not catch up, however little it is behind', () => {
    const behind = { ...healthy, caughtUp: [1, 3] };
    const lanes = lanesOf(
      { scenario: '', steps: [{ at: null, cause: { kind: 'healthy' }, state: behind }] },
      statedCluster,
    );
    expect(lanes.filter(({ role }) => role === 'observer').map(({ states }) => states)).toEqual([
      ['observer'],
      ['observer'],
    ]);
  });
});

describe('a replica that does not hear the leader', () => {
  const cut: PartitionSnapshot = { ...healthy, leader: 3, isr: [3], caughtUp: [3, 4] };
  const steps: Timeline['steps'] = [
    { at: null, cause: { kind: 'healthy' }, state: healthy },
    { at: null, cause: { kind: 'datacenter-isolated', datacenter: 'west' }, state: cut },
    { at: null, cause: { kind: 'datacenter-rejoined', datacenter: 'west' }, state: cut },
    { at: null, cause: { kind: 'link-cut', between: ['east', 'west'], controllers: false }, state: cut },
    { at: null, cause: { kind: 'link-healed', between: ['west', 'east'] }, state: cut },
  ];

  it('is cut off until the network is whole again', () => {
    const [first] = lanesOf({ scenario: 'isolated:west', steps }, statedCluster);
    expect(first?.states.slice(1)).toEqual(['cut-off', 'catching-up', 'cut-off', 'catching-up']);
  });

  it('and one beside the leader is not', () => {
    const lanes = lanesOf({ scenario: 'isolated:west', steps }, statedCluster);
    expect(lanes.find(({ broker }) => broker === 4)?.states).toEqual(steps.map(() => 'observer'));
  });
});

describe('what a step changed', () => {
  function written(before: PartitionSnapshot | undefined, now: PartitionSnapshot): string {
    const sign = { kept: '', added: '+', removed: '-' };
    return changesOf(before, now)
      .map(({ field, parts }) => `${field} ${parts.map(({ text, change }) => sign[change] + text).join(',')}`)
      .join(' · ');
  }

  it.each([
    ['on the first step, what there is', undefined, healthy, 'isr 1,3 · leader 1'],
    ['nothing', healthy, lost, ''],
    ['members and leader', lost, promoted, 'isr -1,3,+4 · leader -1,+3'],
    ['the loss of the leader', promoted, { ...promoted, leader: null }, 'leader -3,+none'],
    ['eligible leaders', healthy, { ...healthy, elr: [3] }, 'elr +3'],
  ])('%s', (_, before, now, expected) => expect(written(before, now)).toBe(expected));
});

describe('the line that --describe would print', () => {
  const rows = [0, 7].map((partition) => ({
    partition,
    leader: 1,
    replicas: [1, 3, 2, 4],
    observers: [2, 4],
    isr: partition === 0 ? [1] : [3, 1],
  }));
  const lines = (assignments: typeof rows | null) => {
    const topic = { ...orders({ west: 1, east: 1 }, { west: 1, east: 1 }), assignments };
    const view = playView(topic, statedCluster, { kind: 'datacenters', datacenters: ['west'] }, timeline);
    return view.steps.map(({ describe: line }) => /Partition: \d+/.exec(line)?.[0]);
  };

  it('names the partition of a described topic that is played out', () => {
    expect(new Set(lines(rows))).toEqual(new Set(['Partition: 7']));
  });

  it('names partition 0 where all partitions are alike', () => {
    expect(new Set(lines(null))).toEqual(new Set(['Partition: 0']));
  });
});
