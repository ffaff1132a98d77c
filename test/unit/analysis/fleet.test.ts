import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAssessor } from '../../../src/analysis/assess';
import { fleetOf } from '../../../src/analysis/fleet';
import { type FleetSurvey, type Loss, type LossReport, surveyLosses } from '../../../src/analysis/fleetLosses';
import { type Writes, writesOrder } from '../../../src/analysis/outcome';
import type { Broker, Cluster } from '../../../src/kafka/cluster';
import type { PartitionAssignment, Topic } from '../../../src/kafka/topic';
import { cluster, topic } from './topics';

/** Two datacenters of three brokers, each broker in a rack of its own but for the last two of a datacenter. */
const racks = { west: ['w1', 'w2', 'w2'], east: ['e1', 'e2', 'e2'] };
const six = cluster({ west: 3, east: 3 }, null, { racks });

/** A partition on these brokers, the last `observers` of them observers; all is well. */
function held(replicas: readonly number[], observers = 0, partition = 0): PartitionAssignment {
  const isr = replicas.slice(0, replicas.length - observers);
  return { partition, replicas, observers: replicas.slice(isr.length), isr, leader: replicas[0] ?? null };
}

function reportOf({ reports }: FleetSurvey, loss: Loss): LossReport {
  return reports.find((report) => JSON.stringify(report.loss) === JSON.stringify(loss))!;
}

const survey = (where: Cluster, topics: readonly Topic[]): FleetSurvey => surveyLosses(fleetOf(where, topics));
const broker = (id: number): Loss => ({ kind: 'broker', broker: id });
const rack = (name: string): Loss => ({ kind: 'rack', rack: name });
const datacenter = (name: string): Loss => ({ kind: 'datacenter', datacenter: name });

describe('every single loss for a fleet of partitions', () => {
  const orders = topic({ west: 2, east: 1 }, {}, { minIsr: 2, assignments: [held([1, 2, 4]), held([4, 2, 3], 0, 1)] });

  it('is told for each broker, each rack and each datacenter', () => {
    const losses = survey(six, [orders]).reports.map(({ loss }) => loss);
    expect(losses).toEqual([
      ...[1, 2, 3, 4, 5, 6].map(broker),
      ...['w1', 'w2', 'e1', 'e2'].map(rack),
      ...['west', 'east'].map(datacenter),
    ]);
  });

  it('counts every partition, and names those that are worse off', () => {
    const found = survey(six, [orders]);
    expect(reportOf(found, broker(1))).toMatchObject({
      touched: 1,
      writes: { continue: 1, pause: 1, stop: 0, offline: 0 },
      worst: [{ topic: 'orders', partition: 0, writes: 'pause' }],
    });
    expect(reportOf(found, rack('w2'))).toMatchObject({
      touched: 2,
      writes: { continue: 0, pause: 1, stop: 1, offline: 0 },
      worst: [
        { topic: 'orders', partition: 1, writes: 'stop' },
        { topic: 'orders', partition: 0, writes: 'pause' },
      ],
    });
    expect(reportOf(found, datacenter('west')).writes).toEqual({ continue: 0, pause: 0, stop: 2, offline: 0 });
    expect(reportOf(found, broker(6))).toMatchObject({ touched: 0, writes: { continue: 2 }, worst: [] });
  });

  it('takes the controllers along: without a quorum, who leads stays dead', () => {
    const voters = cluster({ west: 3, east: 3 }, { west: 2, east: 1 });
    const inEast = topic({ east: 2 }, {}, { minIsr: 1, assignments: [held([4, 5])] });
    const spread = topic({ west: 1, east: 2 }, {}, { minIsr: 1, assignments: [held([1, 4, 5])] });
    const found = survey(voters, [inEast, spread]);
    expect(reportOf(found, datacenter('west'))).toMatchObject({
      touched: 1,
      writes: { continue: 1, pause: 0, stop: 0, offline: 1 },
    });
    // The rack alone leaves the controllers standing.
    expect(reportOf(found, rack('west'))).toMatchObject({ writes: { continue: 1, pause: 1, stop: 0, offline: 0 } });
  });

  it('does not blame a loss for what did not work before', () => {
    const hopeless = topic({ west: 1, east: 2 }, {}, { minIsr: 3, assignments: [held([1, 4, 5], 1)] });
    const found = survey(six, [{ ...hopeless, placement: { ...hopeless.placement, version: 1 } }]);
    expect(reportOf(found, broker(6)).writes.stop).toBe(1);
    expect(reportOf(found, broker(4))).toMatchObject({ touched: 1, writes: { stop: 1 }, worst: [] });
  });

  it('names five partitions of each outcome and counts all', () => {
    const many = topic({ west: 1 }, {}, { assignments: Array.from({ length: 9 }, (_, n) => held([1], 0, n)) });
    const { writes, worst } = reportOf(survey(six, [many]), broker(1));
    expect(writes.offline).toBe(9);
    expect(worst.map(({ partition }) => partition)).toEqual([0, 1, 2, 3, 4]);
  });

  it('settles partitions that differ in their brokers alone once', () => {
    const everywhere = [1, 2, 3, 4, 5, 6].flatMap((one) =>
      [1, 2, 3, 4, 5, 6].filter((other) => other !== one).map((other) => held([one, other])),
    );
    const found = survey(six, [topic({ '*': 2 }, {}, { assignments: everywhere })]);
    // Nothing, the first, the second, or both replicas.
    expect(found).toMatchObject({ partitions: 30, settled: 4 });
  });

  it('settles topics once whose settings differ in what makes no difference to them', () => {
    const settings: Parameters<typeof topic>[2][] = [
      { minIsr: 2, policy: 'under-min-isr' },
      { minIsr: 2, policy: 'leader-is-observer' },
      // No more is needed than there are replicas.
      { minIsr: 7, policy: 'under-replicated' },
    ];
    const pair = (options: (typeof settings)[number]): Topic =>
      topic({ '*': 2 }, {}, { ...options, assignments: [held([1, 4])] });
    expect(fleetOf(six, settings.map(pair)).classes).toHaveLength(1);
    expect(fleetOf(six, [pair({ minIsr: 1 }), pair({ minIsr: 2 })]).classes).toHaveLength(2);
  });

  it('says how many partitions it could not examine', () => {
    const wide = topic({}, {}, { assignments: [held(Array.from({ length: 31 }, (_, n) => n + 1)), held([1])] });
    const found = survey(six, [wide]);
    expect(found).toMatchObject({ partitions: 1, beyond: 1 });
    expect(reportOf(found, broker(1)).writes).toEqual({ continue: 0, pause: 0, stop: 0, offline: 1 });
  });

  it('leaves out topics whose assignment nobody knows', () => {
    expect(survey(six, [topic({ west: 3 }, {})])).toMatchObject({ partitions: 0, beyond: 0 });
  });
});

/**
 * The same question put to the assessor, one partition and one loss at a time: every broker, or every rack, is then a
 * datacenter of its own. Controllers without a broker stand apart, unless it is datacenters that are lost.
 */
function regrouped(where: Cluster, nameOf: (member: Broker) => string): Cluster {
  const homes = new Map(where.brokers.map((one) => [one.id, nameOf(one)]));
  return {
    ...where,
    datacenters: [...new Set([...homes.values(), 'apart'])].map((name) => ({ name, racks: [name] })),
    brokers: where.brokers.map((one) => ({ ...one, datacenter: nameOf(one) })),
    controllers: where.controllers?.map((one) => ({ ...one, datacenter: homes.get(one.id) ?? 'apart' })) ?? null,
  };
}

/** Remembers the shapes it has seen, from one drawn fleet to the next. */
const { examine } = createAssessor();

function assessed(where: Cluster, topics: readonly Topic[], name: string): Readonly<Record<Writes, number>> {
  const counts = { continue: 0, pause: 0, stop: 0, offline: 0 };
  for (const one of topics) {
    for (const assignment of one.assignments ?? []) {
      const alone = { ...one, assignments: [assignment] };
      counts[examine(where, alone, { kind: 'datacenters', datacenters: [name] })!.writes]++;
    }
  }
  return counts;
}

const policies = fc.constantFrom('under-min-isr' as const, 'under-replicated' as const, 'leader-is-observer' as const);

/** Partitions on brokers drawn at random, with at least one sync replica. Broker 10 is one that nobody declares. */
const partitions = fc
  .record({
    replicas: fc.shuffledSubarray([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], { minLength: 1 }),
    observers: fc.nat(3),
  })
  .map(({ replicas, observers }) => held(replicas, Math.min(observers, replicas.length - 1)));

const topics = fc
  .record({
    minIsr: fc.integer({ min: 1, max: 5 }),
    version: fc.constantFrom(1 as const, 2 as const),
    policy: policies,
    uncleanElection: fc.boolean(),
    placed: fc.integer({ min: 1, max: 5 }),
    assignments: fc.array(partitions, { minLength: 1, maxLength: 4 }),
  })
  .map(({ placed, ...options }) => topic({ '*': placed }, {}, options));

const clusters = fc
  .record({
    controllers: fc.option(fc.record({ west: fc.nat(2), east: fc.nat(2), central: fc.constant(1) })),
    combined: fc.subarray([1, 4, 5, 9], { maxLength: 2 }),
  })
  .map(({ controllers, combined }) =>
    cluster({ west: 4, east: 4, central: 1 }, controllers, {
      racks: { west: ['w1', 'w2'], east: ['e1', 'e2'] },
      ...(controllers === null ? {} : { combined }),
    }),
  );

describe('the survey agrees with the assessor', () => {
  it('under all settings, for as many classes as they make', () => {
    const where = cluster({ west: 2, east: 2 }, { west: 2, east: 1 });
    const counts = [1, 2, 3, 4, 5];
    const all = counts.flatMap((minIsr) =>
      counts.flatMap((placed) =>
        (['under-min-isr', 'under-replicated', 'leader-is-observer'] as const).flatMap((policy) =>
          [true, false].map((uncleanElection) =>
            topic({ '*': placed }, {}, { minIsr, policy, uncleanElection, assignments: [held([1, 3, 2, 4], 2)] }),
          ),
        ),
      ),
    );
    // Min ISR and threshold count up to 4, then all is one; a leading observer that lets all in is a threshold of its own.
    expect(fleetOf(where, all).classes).toHaveLength(4 * (4 + 1) * 2);
    for (const one of all) {
      for (const { loss, writes } of survey(where, [one]).reports) {
        if (loss.kind !== 'datacenter') continue;
        expect({ loss, writes }).toEqual({ loss, writes: assessed(where, [one], loss.datacenter) });
      }
    }
  });

  it('on every loss, for partitions drawn at random', () => {
    fc.assert(
      fc.property(clusters, fc.array(topics, { minLength: 1, maxLength: 2 }), (where, drawn) => {
        const byBroker = regrouped(where, ({ id }) => `broker-${id}`);
        const byRack = regrouped(where, (one) => one.rack ?? '?');
        for (const { loss, writes } of survey(where, drawn).reports) {
          // The one that nobody declares has neither rack nor datacenter: the assessor calls both `?`.
          const expected =
            loss.kind === 'broker'
              ? assessed(byBroker, drawn, loss.broker === 10 ? '?' : `broker-${loss.broker}`)
              : loss.kind === 'rack'
                ? assessed(byRack, drawn, loss.rack)
                : assessed(where, drawn, loss.datacenter);
          expect({ loss, writes }).toEqual({ loss, writes: expected });
        }
      }),
      { numRuns: 25 },
    );
  });

  it('and every outcome is among those', () => {
    const seen = new Set<Writes>();
    const collect = fc.property(clusters, topics, (where, drawn) => {
      for (const { writes } of survey(where, [drawn]).reports) {
        for (const outcome of writesOrder) if (writes[outcome] > 0) seen.add(outcome);
      }
    });
    fc.assert(collect, { numRuns: 60 });
    expect([...seen].sort()).toEqual([...writesOrder].sort());
  });
});
