import { describe, expect, it } from 'vitest';
import { assessTopic, createAssessor } from '../../../src/analysis/assess';
import { type Arrangement, arrangementsOf } from '../../../src/analysis/assignments';
import type { PartitionAssignment } from '../../../src/kafka/topic';
import { defaultSwitches } from '../../../src/simulator/partition/shape';
import { cluster, topic, twoAndAHalf } from './topics';

/** `west:2+1*` for two sync replicas and one observer in west, the leader's datacenter first. */
function layout({ shape, datacenters }: Arrangement): string {
  const counts = datacenters.map((name, index) => {
    const here = shape.slots.filter(({ datacenter }) => datacenter === index);
    const observers = here.filter(({ role }) => role === 'observer').length;
    return `${name}:${here.length - observers}${observers > 0 ? `+${observers}*` : ''}`;
  });
  const leader = datacenters[shape.slots[0]!.datacenter];
  return `${leader} leads, ${counts
    .filter((count) => !count.endsWith(':0'))
    .sort()
    .join(' ')}`;
}

const layouts = (...args: Parameters<typeof topic>): string[] =>
  arrangementsOf(twoAndAHalf, topic(...args), defaultSwitches).list.map(layout);

describe('where the assignment is not known', () => {
  it('a sync replica of each datacenter may lead', () => {
    expect(layouts({ west: 2, east: 2 }, { west: 1, east: 1 })).toEqual([
      'west leads, east:2+1* west:2+1*',
      'east leads, east:2+1* west:2+1*',
    ]);
  });

  it('a constraint without a rack allows any broker', () => {
    expect(layouts({ '*': 2 }, {})).toEqual([
      'west leads, west:2',
      'west leads, east:1 west:1',
      'east leads, east:1 west:1',
      'east leads, east:2',
    ]);
  });

  it('a broker holds at most one replica, so a wildcard takes what the named racks left', () => {
    expect(layouts({ west: 3, '*': 1 }, {})).toEqual(['west leads, east:1 west:3', 'east leads, east:1 west:3']);
  });

  it('more replicas than a rack has brokers are taken to have brokers all the same', () => {
    expect(layouts({ west: 5 }, {})).toEqual(['west leads, west:5']);
  });

  it('a rack that no datacenter lists is a datacenter of its own, which may be lost too', () => {
    const { losses, verdict } = assessTopic(twoAndAHalf, topic({ wset: 2, east: 2 }, {}, { minIsr: 3 }));
    expect(losses.map(({ datacenter }) => datacenter)).toContain('wset');
    expect(verdict.stoppedBy).toEqual(['east', 'wset']);
  });

  it('racks of one datacenter fall together', () => {
    const split = cluster({ west: 4, east: 4 }, null, {
      racks: { west: ['west-f', 'west-o'], east: ['east-f', 'east-o'] },
    });
    const { verdict } = assessTopic(
      split,
      topic({ 'west-f': 2, 'east-f': 2 }, { 'west-o': 1, 'east-o': 1 }, { minIsr: 3 }),
    );
    expect(verdict).toMatchObject({ level: 'good', stoppedBy: [], headroomAfterLoss: 0 });
  });

  it('mirror images have one shape', () => {
    const { list } = arrangementsOf(
      cluster({ west: 3, east: 3 }, null),
      topic({ west: 2, east: 2 }, {}),
      defaultSwitches,
    );
    expect(new Set(list.map(({ shape }) => shape.key)).size).toBe(1);
  });
});

describe('where --describe shows the assignment', () => {
  const healthy = { partition: 0, replicas: [4, 1, 2, 5, 3, 6], observers: [3, 6], isr: [4, 1, 2, 5], leader: 4 };

  it('its own order and leader count', () => {
    const described = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3, assignments: [healthy] });
    const timeline = createAssessor().playOut(twoAndAHalf, described, { kind: 'datacenters', datacenters: ['east'] });
    expect(timeline?.steps.map(({ state }) => state.leader)).toEqual(expect.arrayContaining([4, 1]));
    expect(timeline?.steps[0]?.state.replicas).toEqual([4, 1, 2, 5, 3, 6]);
  });

  it('a scenario starts from the state it shows: with a sync replica gone, the observer is promoted already', () => {
    const degraded = { ...healthy, isr: [4, 1, 5], leader: 4 };
    const described = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3, assignments: [degraded] });
    const { headroom, verdict } = assessTopic(twoAndAHalf, described);
    expect(headroom).toBe(2);
    expect(verdict.stoppedBy).toEqual(['east']);
  });

  it('the worst of several partitions counts', () => {
    const inWest = { partition: 1, replicas: [1, 2], observers: [], isr: [1, 2], leader: 1 };
    const spread = { partition: 0, replicas: [1, 4], observers: [], isr: [1, 4], leader: 1 };
    const described = topic({ west: 1, east: 1 }, {}, { minIsr: 1, assignments: [spread, inWest] });
    expect(assessTopic(twoAndAHalf, described).verdict).toMatchObject({ stoppedBy: ['west'], dataAtRiskBy: ['west'] });
  });

  it('a partition that is offline already is offline in every scenario', () => {
    const offline = { partition: 0, replicas: [1, 2], observers: [], isr: [2], leader: null };
    const { headroom, everyFailure } = assessTopic(twoAndAHalf, topic({ west: 2 }, {}, { assignments: [offline] }));
    expect(headroom).toBeNull();
    expect(new Set(everyFailure().results.map(({ outcome }) => outcome.writes))).toEqual(new Set(['offline']));
  });
});

describe('brokers that --describe shows as offline', () => {
  const orders = { partition: 0, replicas: [1, 2, 4, 5, 3, 6], observers: [3, 6] };
  const placed = (assignment: PartitionAssignment) =>
    topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3, assignments: [assignment] });

  it('an observer that is down stands in for nobody', () => {
    const healthy = { ...orders, isr: [1, 2, 4, 5], leader: 1 };
    expect(assessTopic(twoAndAHalf, placed(healthy)).verdict.stoppedBy).toEqual([]);
    expect(assessTopic(twoAndAHalf, placed({ ...healthy, offline: [6] })).verdict.stoppedBy).toEqual(['west']);
  });

  it('without a leader, a sync replica that is behind but not down is left for an unclean election', () => {
    const leaderless = { ...orders, isr: [1], leader: null, offline: [1, 2] };
    const scenario = { kind: 'datacenters', datacenters: ['central'] } as const;
    const start = createAssessor().playOut(twoAndAHalf, placed(leaderless), scenario)?.steps[0]?.state;
    expect(start).toMatchObject({ leader: null, isr: [1], offline: [1, 2] });
  });

  it('where the text does not say who is down, all that are out of the ISR may be', () => {
    const leaderless = { ...orders, isr: [1], leader: null };
    const scenario = { kind: 'datacenters', datacenters: ['central'] } as const;
    const start = createAssessor().playOut(twoAndAHalf, placed(leaderless), scenario)?.steps[0]?.state;
    expect(start?.offline).toEqual([1, 2, 4, 5]);
  });
});

describe('bounds', () => {
  it('more replicas than fit into a mask are not simulated, and it says so', () => {
    const huge = assessTopic(cluster({ west: 40 }, null), topic({ west: 31 }, {}));
    expect(huge).toMatchObject({ losses: [], headroom: null, limits: [{ limit: 'replicas', bound: 30 }] });
  });

  it('more arrangements than are looked at are reported', () => {
    const many = cluster(Object.fromEntries(Array.from({ length: 9 }, (_, index) => [`dc${index}`, 3])), null);
    const { limits } = arrangementsOf(many, topic({ '*': 6 }, {}), defaultSwitches);
    expect(limits).toEqual([{ limit: 'assignments', examined: 256, bound: 256 }]);
  });
});

describe('placements that nobody can look at as a whole', () => {
  const numbered = (count: number): readonly string[] => Array.from({ length: count }, (_, index) => `rack-${index}`);
  const limitsOf = (...args: Parameters<typeof arrangementsOf>) => arrangementsOf(...args).limits;

  it('more replicas than the simulator holds are a limit, whether in many constraints or in one', () => {
    const many = topic(Object.fromEntries(numbered(5_000).map((rack) => [rack, 1])), {});
    expect(limitsOf(twoAndAHalf, many, defaultSwitches)).toEqual([{ limit: 'replicas', examined: 0, bound: 30 }]);
    expect(limitsOf(twoAndAHalf, topic({ west: 32_767 }, {}), defaultSwitches)).toEqual([
      { limit: 'replicas', examined: 0, bound: 30 },
    ]);
  });

  it('any brokers out of thousands of racks: as many arrangements as the bound, then a limit', () => {
    const racks = numbered(5_000);
    const wide = cluster(Object.fromEntries(racks.map((rack) => [rack, 1])), null);
    expect(limitsOf(wide, topic({ '*': 3 }, {}), defaultSwitches)).toEqual([
      { limit: 'assignments', examined: 256, bound: 256 },
    ]);
  });

  it('racks that no constraint names are alike', () => {
    const oneSite = cluster({ west: 30 }, null, { racks: { west: numbered(30) } });
    const found = arrangementsOf(oneSite, topic({ '*': 15 }, {}), defaultSwitches);
    expect(found.list.map(layout)).toEqual(['west leads, west:15']);
    expect(found.limits).toEqual([]);
  });

  it('one arrangement found again and again ends in a limit too', () => {
    const oneSite = cluster({ west: 28 }, null, { racks: { west: numbered(14) } });
    const named = Object.fromEntries(numbered(14).map((rack) => [rack, 1]));
    const found = arrangementsOf(oneSite, topic({ ...named, '*': 7 }, {}), defaultSwitches);
    expect(found.list.map(layout)).toEqual(['west leads, west:21']);
    expect(found.limits).toEqual([{ limit: 'assignments', examined: 1, bound: 256 }]);
  });
});
