import { describe, expect, it } from 'vitest';
import { assessTopic } from '../../../src/analysis/assess';
import type { Outcome } from '../../../src/analysis/outcome';
import { scenarioId } from '../../../src/analysis/scenario';
import type { Cluster } from '../../../src/kafka/cluster';
import type { Topic } from '../../../src/kafka/topic';
import { cluster, topic, twoAndAHalf } from './topics';

/** All outcomes of a topic, by scenario id. */
function outcomes(where: Cluster, of: Topic): Record<string, Outcome> {
  const { results } = assessTopic(where, of).everyFailure();
  return Object.fromEntries(results.map(({ scenario, outcome }) => [scenarioId(scenario), outcome]));
}

/** What survives: `pause, kept, none`. */
const short = ({ writes, acknowledgedData, person }: Outcome): string => `${writes}, ${acknowledgedData}, ${person}`;

describe('two sync replicas and one observer in each of two datacenters, min ISR 3', () => {
  const found = outcomes(twoAndAHalf, topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 }));

  it('the loss of one datacenter promotes the observer of the other, and nothing is left to lose then', () => {
    expect(found['datacenter:west']).toEqual({
      scenario: 'datacenter:west',
      writes: 'pause',
      // Fencing 7.0 to 10.125 s, 20 ms for two more brokers, 5 s if the active controller died too, a promotion of 525 ms.
      blockedMs: { best: 7_010, worst: 15_675 },
      reads: 'pause',
      acknowledgedData: 'kept',
      person: 'none',
      isr: 3,
      minIsr: 3,
      promoted: 1,
      headroom: 0,
    });
    expect(found['datacenter:east']).toMatchObject({ writes: 'pause', promoted: 1, headroom: 0 });
  });

  it('the tiebreaker is not missed', () => {
    expect(found['datacenter:central']).toMatchObject({ writes: 'continue', reads: 'continue', headroom: 3 });
  });

  it('one broker pauses writes for as long as its fencing takes', () => {
    expect(found['broker:any']).toMatchObject({
      writes: 'pause',
      blockedMs: { best: 7_000, worst: 10_150 },
      headroom: 2,
    });
  });

  it('one broker more than a datacenter stops them, but loses nothing', () => {
    expect(found['datacenter:west,broker:any']).toMatchObject({
      writes: 'stop',
      isr: 2,
      promoted: 1,
      reads: 'stale',
      acknowledgedData: 'kept',
      person: 'lower-min-isr',
      headroom: null,
    });
  });

  it('a cut link between brokers alone stops them: nobody is fenced, nobody promoted', () => {
    expect(found['link:west|east']).toMatchObject({
      writes: 'stop',
      isr: 4,
      promoted: 0,
      reads: 'stale',
      person: 'isolate-one-side',
    });
  });

  it('a datacenter that is cut off from everybody is replaced like a lost one, but whoever reads there reads stale', () => {
    expect(found['isolated:west']).toMatchObject({
      writes: 'pause',
      promoted: 1,
      reads: 'stale',
      acknowledgedData: 'kept',
    });
  });

  it('with the tiebreaker lost too, no controller is left to elect anybody', () => {
    expect(found['datacenters:west+central']).toMatchObject({
      writes: 'offline',
      isr: 4,
      acknowledgedData: 'kept',
      person: 'restore-quorum',
    });
  });

  it('without both datacenters nothing helps but repair', () => {
    expect(short(found['datacenters:west+east']!)).toBe('offline, at-risk, repair');
  });

  it('without controllers writes go on until the next broker fails', () => {
    expect(found['controllers']).toMatchObject({ writes: 'continue', isr: 4, headroom: 0 });
  });

  it('a rolling restart goes unnoticed', () => {
    expect(found['restart:rolling']).toMatchObject({ writes: 'continue', isr: 4, promoted: 0, headroom: 3 });
  });
});

describe('the same without observers that could help', () => {
  const stopped = { writes: 'stop', isr: 2, acknowledgedData: 'kept', person: 'lower-min-isr', headroom: null };

  it('stops when there are none', () => {
    const found = outcomes(twoAndAHalf, topic({ west: 2, east: 2 }, {}, { minIsr: 3 }));
    expect(found['datacenter:west']).toMatchObject(stopped);
  });

  it.each([
    ['under version 1', { version: 1 }],
    ['under leader-is-observer', { policy: 'leader-is-observer' }],
  ] as const)('stops %s', (_, options) => {
    const observed = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3, ...options });
    expect(outcomes(twoAndAHalf, observed)['datacenter:west']).toMatchObject({ ...stopped, promoted: 0 });
  });

  it('stops when the observer is in the datacenter that is lost, and only then', () => {
    const found = outcomes(twoAndAHalf, topic({ west: 2, east: 2 }, { west: 1 }, { minIsr: 3 }));
    expect(found['datacenter:west']).toMatchObject(stopped);
    expect(found['datacenter:east']).toMatchObject({ writes: 'pause', promoted: 1 });
  });
});

describe('three sync replicas in one datacenter, two observers in the other, min ISR 2: the order of death decides', () => {
  const found = outcomes(twoAndAHalf, topic({ west: 3 }, { east: 2 }, { minIsr: 2 }));

  it('all at once, nobody is left to promote an observer', () => {
    expect(found['datacenter:west']).toMatchObject({
      writes: 'offline',
      reads: 'offline',
      acknowledgedData: 'at-risk',
      person: 'unclean-election',
      headroom: null,
    });
  });

  it('broker by broker, the observers take over', () => {
    expect(found['datacenter-rolling:west']).toMatchObject({
      writes: 'pause',
      promoted: 2,
      isr: 2,
      acknowledgedData: 'kept',
      headroom: 0,
    });
  });

  it('the observers themselves are not missed', () => {
    expect(found['datacenter:east']).toMatchObject({ writes: 'continue', headroom: 1 });
  });

  it('a link that only observers need may be cut', () => {
    expect(found['link:west|east']).toMatchObject({ writes: 'continue', reads: 'stale', person: 'none' });
  });
});

describe('a rolling restart', () => {
  const restart = (...args: Parameters<typeof topic>) => outcomes(twoAndAHalf, topic(...args))['restart:rolling'];

  it('stops writes for as long as each broker is out, if min ISR needs every sync replica', () => {
    expect(restart({ west: 2, east: 2 }, {}, { minIsr: 4 })).toMatchObject({
      writes: 'stop',
      isr: 3,
      person: 'lower-min-isr',
    });
  });

  it('pauses them for a promotion, if there are observers', () => {
    expect(restart({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 4 })).toMatchObject({
      writes: 'pause',
      blockedMs: { best: 0, worst: 525 },
      isr: 4,
      promoted: 0,
    });
  });
});

describe('policies', () => {
  it('under-replicated promotes for every missing sync replica, under-min-isr only for those that min ISR needs', () => {
    const replicas = { west: 2, east: 2 };
    const observers = { west: 1, east: 1 };
    const of = (policy: 'under-min-isr' | 'under-replicated') =>
      outcomes(twoAndAHalf, topic(replicas, observers, { minIsr: 2, policy }))['broker:any'];
    expect(of('under-min-isr')).toMatchObject({ writes: 'pause', isr: 3, promoted: 0 });
    expect(of('under-replicated')).toMatchObject({ writes: 'pause', isr: 4, promoted: 1 });
  });

  it('an unclean election by configuration brings writes back and loses what the observers did not hold', () => {
    const found = outcomes(twoAndAHalf, topic({ west: 3 }, { east: 2 }, { minIsr: 2, uncleanElection: true }));
    expect(short(found['datacenter:west']!)).toBe('pause, lost, none');
  });

  it('with min ISR 1 the last member dies before anybody may be promoted', () => {
    const found = outcomes(twoAndAHalf, topic({ west: 1 }, { east: 2 }, { minIsr: 1 }));
    expect(short(found['broker:any']!)).toBe('offline, at-risk, unclean-election');
  });

  it('a min ISR above the sync replicas keeps observers promoted for good', () => {
    const assessment = assessTopic(twoAndAHalf, topic({ west: 1, east: 1 }, { west: 1, east: 1 }, { minIsr: 3 }));
    expect(assessment.headroom).toBe(1);
    expect(assessment.everyFailure().results[0]?.outcome).toMatchObject({ writes: 'pause', isr: 3, promoted: 2 });
  });

  it('a min ISR that nobody can meet refuses writes from the start', () => {
    const assessment = assessTopic(twoAndAHalf, topic({ west: 1, east: 1 }, { west: 1 }, { minIsr: 3, version: 1 }));
    expect(assessment.headroom).toBeNull();
    expect(assessment.verdict.level).toBe('bad');
    expect(assessment.everyFailure().results[0]?.outcome).toMatchObject({ writes: 'stop', headroom: null });
  });
});

describe('controllers', () => {
  it('die with the brokers whose process they share', () => {
    const combined = cluster({ west: 3, east: 2 }, {}, { combined: [1, 2, 3, 4, 5] });
    const found = outcomes(combined, topic({ west: 2, east: 2 }, {}, { minIsr: 2 }));
    expect(found['datacenter:west']).toMatchObject({ writes: 'offline', person: 'restore-quorum' });
    expect(found['datacenter-brokers:west']).toMatchObject({ writes: 'offline', person: 'restore-quorum' });
    expect(found['datacenter:east']).toMatchObject({ writes: 'pause', isr: 2 });
  });

  it('outlive the brokers of their datacenter when they are processes of their own', () => {
    const found = outcomes(
      cluster({ west: 3, east: 3 }, { west: 3, east: 2 }),
      topic({ west: 2, east: 2 }, {}, { minIsr: 2 }),
    );
    expect(found['datacenter:west']).toMatchObject({ writes: 'offline', person: 'restore-quorum' });
    expect(found['datacenter-brokers:west']).toMatchObject({ writes: 'pause', isr: 2, person: 'none' });
  });

  it('are assumed to stand where no file lists them, and nothing is said of losing them', () => {
    const found = outcomes(cluster({ west: 3, east: 3 }, null), topic({ west: 2, east: 2 }, {}, { minIsr: 2 }));
    expect(found['datacenter:west']).toMatchObject({ writes: 'pause' });
    expect(Object.keys(found).filter((id) => /controllers|datacenter-brokers/.test(id))).toEqual([]);
  });
});
