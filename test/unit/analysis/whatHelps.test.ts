import { describe, expect, it } from 'vitest';
import { createAssessor } from '../../../src/analysis/assess';
import type { Change } from '../../../src/analysis/change';
import { observersThatHelp, whatHelps } from '../../../src/analysis/whatHelps';
import { shortVerdict } from '../../../src/analysis/words';
import type { Cluster } from '../../../src/kafka/cluster';
import { stated } from '../../../src/kafka/origin';
import type { Topic } from '../../../src/kafka/topic';
import { cluster, topic } from './topics';

/** A cluster file lists the brokers, so there are no others. */
function closed(open: Cluster): Cluster {
  const place = { uri: 'memory:cluster.json', start: 0, end: 0 };
  return { ...open, origins: { ...open.origins, brokers: stated(0, place).origin } };
}

const fourEach = closed(cluster({ west: 4, east: 4 }, { west: 2, east: 2, central: 1 }));

function changeWords({ observersAdded, syncReplicasMoved, policy, minIsr }: Change): string {
  return [
    ...observersAdded.map(({ rack, count }) => `+${count} observer in ${rack}`),
    ...syncReplicasMoved.map(({ from, to, count }) => `${count} from ${from} to ${to}`),
    ...(policy === null ? [] : [policy]),
    ...(minIsr === null ? [] : [`min ISR ${minIsr}`]),
  ].join(', ');
}

/** Each change and what it buys. */
const help = (where: Cluster, of: Topic): string[] =>
  whatHelps(createAssessor(), where, of).map(
    ({ change, assessment }) => `${changeWords(change)}: ${shortVerdict(assessment)}`,
  );

describe('the smallest changes after which any one datacenter may be lost', () => {
  it('one observer in each of two datacenters', () => {
    expect(help(fourEach, topic({ west: 2, east: 2 }, {}, { minIsr: 3 }))).toEqual([
      '+1 observer in west, +1 observer in east: Survives any one datacenter · writes pause up to 15.7 s · headroom 0',
    ]);
  });

  it('a policy, where the observers are there already', () => {
    expect(help(fourEach, topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3, version: 1 }))).toEqual([
      'under-min-isr: Survives any one datacenter · writes pause up to 15.7 s · headroom 0',
    ]);
  });

  it('a sync replica elsewhere, where all are in one datacenter', () => {
    expect(help(fourEach, topic({ west: 3 }, { east: 2 }, { minIsr: 2 }))[0]).toBe(
      '1 from west to east: Survives any one datacenter · writes pause up to 15.7 s · headroom 0',
    );
  });

  it('both, where one alone is not enough', () => {
    expect(help(fourEach, topic({ west: 3 }, {}, { minIsr: 2 }))).toEqual([
      '+1 observer in east, 1 from west to east: Survives any one datacenter · writes pause up to 15.7 s · headroom 0',
    ]);
  });

  it('one more observer per datacenter, where the loss is survived but leaves no headroom', () => {
    expect(help(fourEach, topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 }))).toEqual([
      '+1 observer in west, +1 observer in east: Survives any one datacenter · writes pause up to 15.7 s · headroom 1',
    ]);
  });

  it('a lower min ISR only where availability comes first', () => {
    const lower = (goal: 'durable-first' | 'available-first') =>
      help(
        { ...closed(cluster({ west: 2, east: 2 }, null, { goal })) },
        topic({ west: 2, east: 2 }, {}, { minIsr: 3 }),
      );
    expect(lower('durable-first')).toEqual([]);
    expect(lower('available-first')).toEqual([
      'min ISR 2: Survives any one datacenter · writes pause up to 10.2 s · headroom 0',
    ]);
  });

  it('nothing, where no broker has room', () => {
    const full = closed(cluster({ west: 2, east: 2 }, null));
    expect(help(full, topic({ west: 2, east: 2 }, {}, { minIsr: 3 }))).toEqual([]);
  });

  it('nothing, where the controllers are what is lost', () => {
    const lopsided = closed(cluster({ west: 4, east: 4 }, { west: 3, east: 2 }));
    expect(help(lopsided, topic({ west: 2, east: 2 }, {}, { minIsr: 2 }))).toEqual([]);
  });
});

describe('observers alone', () => {
  const add = (where: Cluster, of: Topic) => observersThatHelp(createAssessor(), where, of, { headroom: 0 });

  it('go to the rack with the most room, or where observers are already', () => {
    const racks = { west: ['west-a', 'west-b'], east: ['east-a', 'east-b'] };
    const split = closed(cluster({ west: 6, east: 6 }, null, { racks }));
    const found = add(split, topic({ 'west-a': 2, 'east-a': 2 }, {}, { minIsr: 3 }));
    expect(found?.change.observersAdded).toEqual([
      { rack: 'west-b', count: 1 },
      { rack: 'east-b', count: 1 },
    ]);
  });

  it('only where they are missing', () => {
    const found = add(fourEach, topic({ west: 2, east: 2 }, { east: 1 }, { minIsr: 3 }));
    expect(found?.change.observersAdded).toEqual([{ rack: 'west', count: 1 }]);
    expect(found?.price).toEqual({ replicasAdded: 1, replicasMoved: 0, minIsrLowered: 0 });
  });

  it('come with a policy that promotes them', () => {
    const found = add(fourEach, topic({ west: 2, east: 2 }, {}, { minIsr: 3, policy: 'leader-is-observer' }));
    expect(found?.change.policy).toBe('under-min-isr');
  });

  it('are not offered where they cannot help: all sync replicas die at once', () => {
    expect(add(fourEach, topic({ west: 3 }, {}, { minIsr: 2 }))).toBeNull();
  });

  it('one in a third datacenter stands in for either of two', () => {
    const three = closed(cluster({ west: 3, east: 3, central: 1 }, null));
    const found = add(three, topic({ west: 2, east: 2 }, {}, { minIsr: 3 }));
    expect(found?.change.observersAdded).toEqual([{ rack: 'central', count: 1 }]);
  });
});
