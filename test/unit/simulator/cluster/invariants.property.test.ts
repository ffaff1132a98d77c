import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NO_LEADER } from '../../../../src/simulator/cluster/partition';
import { currentRules, kafkaGuards } from '../../../../src/simulator/cluster/rules';
import { type RandomEvent, RandomRun, type RandomSetting, randomEvents } from './randomEvents';

/** The seed is fixed, so that a failure is found again; the bound keeps the suite short. */
const parameters = { seed: 20_261_122, numRuns: 300 };

const lossless: Omit<RandomSetting, 'minIsr' | 'elr'> = { brokers: 3, unclean: false, lossy: 0, otherStops: 'unclean' };

const settings = fc.record({ minIsr: fc.integer({ min: 1, max: 3 }), elr: fc.boolean() });

/** Runs events and hands every state to `check`. */
function everyState(
  setting: RandomSetting,
  events: readonly RandomEvent[],
  check: (run: RandomRun, before: Seen) => void,
): void {
  const run = new RandomRun(setting);
  for (const event of events) {
    const before = look(run);
    run.apply(event);
    check(run, before);
  }
}

interface Seen {
  readonly leaderEpoch: number;
  readonly partitionEpoch: number;
  readonly highWatermarks: ReadonlyMap<string, number>;
}

function look({ cluster }: RandomRun): Seen {
  const { leaderEpoch, partitionEpoch } = cluster.controller.partition;
  const leading = [...cluster.running].filter(([, broker]) => broker.leading !== undefined);
  const highWatermarks = leading.map(
    ([id, { leaderEpoch: epoch, brokerEpoch, log }]) => [`${id}/${brokerEpoch}/${epoch}`, log.highWatermark] as const,
  );
  return { leaderEpoch, partitionEpoch, highWatermarks: new Map(highWatermarks) };
}

function holds(check: (run: RandomRun, before: Seen) => void): void {
  fc.assert(
    fc.property(settings, randomEvents(3), (setting, events) => everyState({ ...lossless, ...setting }, events, check)),
    parameters,
  );
}

describe('random runs', () => {
  it('get somewhere: most acknowledge records, many change leaders', () => {
    const runs = fc.sample(randomEvents(3), parameters).map((events) => {
      const run = new RandomRun({ ...lossless, minIsr: 2, elr: true });
      for (const event of events) run.apply(event);
      return run;
    });
    const acknowledging = runs.filter((run) => run.cluster.acknowledged.size > 0).length;
    const electing = runs.filter((run) => run.cluster.controller.partition.leaderEpoch >= 2).length;
    expect(acknowledging).toBeGreaterThan(runs.length / 2);
    expect(electing).toBeGreaterThan(runs.length / 4);
  });
});

describe('whatever happens, in any order', () => {
  it('I1: the leader is in the ISR', () =>
    holds(({ cluster: { controller } }) => {
      const { leader, isr } = controller.partition;
      if (leader !== NO_LEADER) expect(isr).toContain(leader);
    }));

  it('I2: ISR and ELR are apart, both replicas; with the ISR at min ISR the ELR is empty', () =>
    holds(({ cluster: { controller } }) => {
      const { isr, elr, replicas } = controller.partition;
      expect(elr.filter((id) => isr.includes(id))).toEqual([]);
      expect([...isr, ...elr].filter((id) => !replicas.includes(id))).toEqual([]);
      if (isr.length >= controller.effectiveMinIsr) expect(elr).toEqual([]);
    }));

  it('I3: no two brokers lead in one leader epoch', () =>
    holds(({ cluster }) => {
      const epochs = [...cluster.running.values()]
        .filter((broker) => broker.leading)
        .map((broker) => broker.leaderEpoch);
      expect(new Set(epochs).size).toBe(epochs.length);
    }));

  it('I4: epochs never go back', () =>
    holds(({ cluster: { controller } }, before) => {
      expect(controller.partition.leaderEpoch).toBeGreaterThanOrEqual(before.leaderEpoch);
      expect(controller.partition.partitionEpoch).toBeGreaterThanOrEqual(before.partitionEpoch);
    }));

  it('I5: every electable replica has every acknowledged record, if no log loses its end', () =>
    holds(({ cluster }) => {
      const { isr, elr } = cluster.controller.partition;
      const acknowledged = [...cluster.acknowledged].filter(([, acks]) => acks === -1).map(([record]) => record);
      for (const id of [...isr, ...elr]) {
        const held = new Set(cluster.broker(id)?.log.ids ?? cluster.onDisk(id)?.ids);
        expect(acknowledged.filter((record) => !held.has(record))).toEqual([]);
      }
    }));

  it('I6: the high watermark never goes back on one leader', () =>
    holds((run, before) => {
      for (const [leader, highWatermark] of look(run).highWatermarks) {
        expect(highWatermark).toBeGreaterThanOrEqual(before.highWatermarks.get(leader) ?? 0);
      }
    }));

  it('I7: once everything is back, every record acknowledged with acks=all can be read', () =>
    fc.assert(
      fc.property(settings, randomEvents(3), (setting, events) => {
        const run = new RandomRun({ ...lossless, ...setting });
        for (const event of events) run.apply(event);
        run.converge();
        const { leader, isr } = run.cluster.controller.partition;
        expect(isr).toHaveLength(3);
        const log = run.cluster.broker(leader)?.log;
        const readable = new Set(log?.ids.slice(0, log.highWatermark));
        const acknowledged = [...run.cluster.acknowledged].filter(([, acks]) => acks === -1).map(([record]) => record);
        expect(acknowledged.filter((record) => !readable.has(record))).toEqual([]);
      }),
      parameters,
    ));

  it('I8: no acks=all record is admitted while the committed ISR is under min ISR', () =>
    fc.assert(
      fc.property(settings, randomEvents(3), (setting, events) => {
        const run = new RandomRun({ ...lossless, ...setting });
        for (const event of events) {
          run.apply(event);
          for (const id of run.leaders) {
            const leader = run.cluster.broker(id)?.leading;
            const isUnder = leader !== undefined && leader.isr.length < leader.effectiveMinIsr;
            const produced = run.cluster.produce(id, -1);
            expect(produced?.reply.kind).toBe(isUnder ? 'error' : 'appended');
          }
        }
      }),
      { ...parameters, numRuns: 100 },
    ));

  it('I9: logs agree below the least high watermark', () =>
    holds(({ cluster }) => {
      const logs = [...cluster.running.values()].map((broker) => broker.log);
      for (const left of logs) {
        for (const right of logs) {
          const end = Math.min(left.highWatermark, right.highWatermark);
          expect(left.ids.slice(0, end)).toEqual(right.ids.slice(0, end));
        }
      }
    }));
});

/** Runs that end, all healed, without an acknowledged record. */
function runsWithLoss(
  setting: RandomSetting,
  numRuns: number,
  isCounted: (run: RandomRun) => boolean = () => true,
): number {
  return fc.sample(randomEvents(setting.brokers, 160), { seed: parameters.seed, numRuns }).filter((events) => {
    const run = new RandomRun(setting);
    for (const event of events) run.apply(event);
    run.converge();
    return isCounted(run) && run.lostAcknowledged().length > 0;
  }).length;
}

describe('I10: no record acknowledged with acks=all is lost, with clean elections only', () => {
  it.each([
    { elr: false, minIsr: 1 },
    { elr: false, minIsr: 2 },
    { elr: true, minIsr: 2 },
    { elr: true, minIsr: 3 },
  ])('if no log loses its end: %o', (setting) => {
    expect(runsWithLoss({ ...lossless, ...setting }, 400)).toBe(0);
  });

  it.each([{ minIsr: 2 }, { minIsr: 3 }])('with ELR, if fewer than min ISR stops are unclean: %o', ({ minIsr }) => {
    const setting: RandomSetting = {
      ...lossless,
      minIsr,
      elr: true,
      lossy: minIsr - 1,
      otherStops: 'clean',
    };
    expect(runsWithLoss(setting, 800, (run) => run.uncleanRestarts < minIsr)).toBe(0);
  });
});

describe('I11: outside of that a loss is possible, and found', () => {
  it.each<readonly [string, Partial<RandomSetting>]>([
    ['ELR off, one log loses its end, other stops clean', { lossy: 1, otherStops: 'clean' }],
    ['ELR off, one log loses its end, others killed', { lossy: 1, otherStops: 'unclean' }],
    ['ELR on, one log loses its end, others killed', { elr: true, lossy: 1, otherStops: 'unclean' }],
    ['unclean elections allowed, ELR off', { unclean: true }],
    ['unclean elections allowed, ELR on', { unclean: true, elr: true }],
  ])('%s', (_, change) => {
    expect(runsWithLoss({ ...lossless, minIsr: 2, elr: false, ...change }, 3_000)).toBeGreaterThan(0);
  });
});

describe('the invariants would notice a broken rule', () => {
  it('without truncation on divergence, logs part below the high watermark or records are lost', () => {
    const rules = { ...currentRules, guards: { ...kafkaGuards, truncateOnDivergence: false } };
    const parts = fc.sample(randomEvents(3), parameters).some((events) => {
      const run = new RandomRun({ ...lossless, minIsr: 2, elr: false }, rules);
      for (const event of events) run.apply(event);
      run.converge();
      const [first, ...others] = [...run.cluster.running.values()].map((broker) => broker.log);
      return others.some((log) => log.ids.slice(0, log.highWatermark).some((id, offset) => id !== first?.ids[offset]));
    });
    expect(parts).toBe(true);
  });
});
