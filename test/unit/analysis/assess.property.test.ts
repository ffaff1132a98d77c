import fc from 'fast-check';
import { expect, it } from 'vitest';
import { assessTopic, createAssessor } from '../../../src/analysis/assess';
import { arrangementsOf } from '../../../src/analysis/assignments';
import { withChange } from '../../../src/analysis/change';
import { anyBroker, everythingReturns } from '../../../src/analysis/failures';
import { createHeadroomSearch } from '../../../src/analysis/headroom';
import { judgeAcknowledgedData, writable } from '../../../src/analysis/judgement';
import { type Outcome, writesOrder } from '../../../src/analysis/outcome';
import { scenarioId } from '../../../src/analysis/scenario';
import { drain } from '../../../src/analysis/steps';
import type { Cluster } from '../../../src/kafka/cluster';
import { replicaCount } from '../../../src/kafka/placement';
import type { Topic } from '../../../src/kafka/topic';
import { kindsByHearing } from '../../../src/simulator/partition/kinds';
import { createModel, type PartitionModel } from '../../../src/simulator/partition/model';
import { defaultSwitches } from '../../../src/simulator/partition/shape';
import { leaderBit } from '../../../src/simulator/partition/state';
import { strike, type World } from '../../../src/simulator/partition/world';
import { cluster, topic } from './topics';

const names = ['west', 'east', 'central'];
const counts = (max: number) => fc.record({ west: fc.nat(max), east: fc.nat(max), central: fc.nat(1) });
const policies = fc.constantFrom('under-min-isr' as const, 'under-replicated' as const, 'leader-is-observer' as const);

/** Topics with a sync replica or more, at most six or seven replicas in all. */
const topics = fc
  .record({ sync: counts(2), observers: counts(1), minIsr: fc.integer({ min: 1, max: 4 }), policy: policies })
  .filter(({ sync }) => sync.west + sync.east + sync.central > 0)
  .map(({ sync, observers, ...options }) => topic(sync, observers, options));

const brokers = { west: 3, east: 3, central: 3 };

const controllers = fc.option(fc.record({ west: fc.nat(2), east: fc.nat(2), central: fc.constant(1) }));

/** With controllers of their own, or with the quorum assumed to stand. */
const clusters = controllers.map((voters) => cluster(brokers, voters));

/** Some brokers are controllers too, so that which broker holds a replica makes a difference. */
const combinedClusters = controllers.map((voters) => cluster(brokers, voters ?? {}, { combined: [1, 4] }));

/** Where controllers die with brokers nothing can be counted: less often. */
const mostlyClusters = fc.oneof({ weight: 3, arbitrary: clusters }, { weight: 1, arbitrary: combinedClusters });

const outcomesOf = (where: Cluster, of: Topic): Map<string, Outcome> =>
  new Map(
    assessTopic(where, of)
      .everyFailure()
      .results.map(({ scenario, outcome }) => [scenarioId(scenario), outcome]),
  );

/** Headroom by the plain definition: every broker told apart, level by level, no bound, nothing remembered. */
function headroomByBruteForce(model: PartitionModel, start: World): number | null {
  if (!writable(model.shape, start)) return null;
  let level = [start];
  for (let brokers = 0; ; brokers++) {
    const next = level.flatMap((world) =>
      anyBroker(model, world).flatMap((blow) => model.settle(strike(model.shape, world, blow))),
    );
    if (next.some((world) => !writable(model.shape, world))) return brokers;
    level = [...new Map(next.map((world) => [model.key(world), world])).values()];
  }
}

/** Settled worlds: as a partition starts, and after each datacenter is lost or cut off, one after another. */
function settledWorlds(model: PartitionModel, start: World): readonly World[] {
  const { shape } = model;
  const worlds: World[] = [...model.settle(start)];
  for (const world of [...worlds]) {
    for (const [datacenter, slots] of shape.slotsIn.entries()) {
      const lost = { crash: slots, crashVoters: shape.votersIn[datacenter] ?? 0 };
      for (const blow of [lost, { isolate: 1 << datacenter }]) {
        worlds.push(...model.settle(strike(shape, world, blow)).slice(0, 2));
      }
    }
  }
  return worlds;
}

it('headroom is what the plain search finds, though replicas are lumped together, and bounds end the search or save it', () => {
  fc.assert(
    fc.property(mostlyClusters, topics, fc.boolean(), (where, of, unclean) => {
      const asked = { ...of, uncleanLeaderElection: { ...of.uncleanLeaderElection, value: unclean } };
      for (const { shape, start } of arrangementsOf(where, asked, defaultSwitches).list) {
        const fine = createModel(shape, shape.alike);
        const search = createHeadroomSearch(shape, ({ surroundings }) =>
          createModel(shape, kindsByHearing(shape, surroundings)),
        );
        for (const world of settledWorlds(fine, start)) {
          const found = search(world);
          expect(found === null ? null : found.brokers).toBe(headroomByBruteForce(fine, world));
        }
      }
    }),
    { numRuns: 100 },
  );
});

it('an observer that leads takes the observers with it that it let in', () => {
  const all = [1, 4, 5, 7, 8];
  const assignments = [{ partition: 0, replicas: all, observers: all.slice(1), isr: all, leader: 8 }];
  const led = topic({ west: 1 }, { east: 2, central: 2 }, { minIsr: 2, policy: 'leader-is-observer', assignments });
  // Else the first replica would lead again, and there would be no observers in the ISR.
  const switches = { autoLeaderRebalance: false };
  expect(assessTopic(cluster(brokers, null), led, { switches }).headroom).toBe(0);

  // Five are in the ISR. The leader dies, and two observers leave with it; then there are two sync replicas to lose.
  const five = [1, 2, 4, 5, 7];
  const ledFive = [{ partition: 0, replicas: five, observers: five.slice(2), isr: five, leader: 7 }];
  const wide = topic(
    { west: 2 },
    { east: 2, central: 1 },
    { minIsr: 1, policy: 'leader-is-observer', assignments: ledFive },
  );
  expect(assessTopic(cluster(brokers, null), wide, { switches }).headroom).toBe(2);
});

it('data is lost exactly where it is when everything returns, though that is not always tried', () => {
  fc.assert(
    fc.property(
      clusters,
      topics,
      fc.boolean(),
      fc.array(fc.nat(127), { maxLength: 3 }),
      (where, of, unclean, crashes) => {
        const asked = { ...of, uncleanLeaderElection: { ...of.uncleanLeaderElection, value: unclean } };
        for (const { shape, start } of arrangementsOf(where, asked, defaultSwitches).list) {
          const model = createModel(shape, shape.alike);
          const hit = (world: World, slots: number) =>
            model.settle(strike(shape, world, { crash: slots & world.state.up }));
          const worlds = crashes.reduce(
            (from, slots) => from.flatMap((world) => hit(world, slots)),
            model.settle(start),
          );
          for (const world of worlds.slice(0, 10).flatMap((from) => settledWorlds(model, from))) {
            const ends = model.settle(strike(shape, world, everythingReturns(shape)));
            const lost = ends.some(({ state }) => state.complete === 0 || (leaderBit(state) & ~state.complete) !== 0);
            expect(judgeAcknowledgedData(model, world) === 'lost').toBe(lost);
          }
        }
      },
    ),
    { numRuns: 30 },
  );
});

it('every failure in steps ends with what every failure says, also for who asks for all of it in between', () => {
  fc.assert(
    fc.property(clusters, topics, fc.nat(20), (where, of, stepsBefore) => {
      const atOnce = assessTopic(where, of).everyFailure();
      const answer = createAssessor().assessTopic(where, of);
      expect(drain(answer.everyFailureInSteps())).toEqual(atOnce);

      const interrupted = createAssessor().assessTopic(where, of);
      const steps = interrupted.everyFailureInSteps();
      for (let step = 0; step < stepsBefore; step++) steps.next();
      const whole = interrupted.everyFailure();
      expect(whole).toEqual(atOnce);
      if (stepsBefore <= atOnce.results.length) expect(drain(steps)).toBe(whole);
      expect(interrupted.everyFailureInSteps().next()).toEqual({ done: true, value: whole });
    }),
    { numRuns: 20 },
  );
});

it('names of datacenters make no difference', () => {
  const renamed = new Map([
    ['west', 'aaa'],
    ['east', 'west'],
    ['central', 'east'],
  ]);
  const rename = (text: string): string => text.replace(/west|east|central/g, (name) => renamed.get(name)!);
  const renameAll = <T>(value: T): T => JSON.parse(rename(JSON.stringify(value))) as T;
  fc.assert(
    fc.property(clusters, topics, (where, of) => {
      const found = outcomesOf(where, of);
      const other = outcomesOf(renameAll(where), renameAll(of));
      for (const [id, outcome] of found) expect({ ...other.get(rename(id)), scenario: id }).toEqual(outcome);
    }),
    { numRuns: 15 },
  );
});

it('one more observer never makes writes worse, for any scenario, under a policy that promotes', () => {
  const worseBy = (one: Outcome, other: Outcome) => writesOrder.indexOf(other.writes) - writesOrder.indexOf(one.writes);
  fc.assert(
    fc.property(clusters, topics, fc.constantFrom(...names), (where, of, rack) => {
      // With a min ISR above the sync replicas observers are promoted for good, and a remote one may then be the one that
      // is lost; above all replicas it is capped, and one more of them raises what is asked for.
      fc.pre(of.minIsr.value <= replicaCount(of.placement.replicas));
      fc.pre(of.placement.observerPromotionPolicy === 'under-min-isr');
      const more = withChange(of, {
        observersAdded: [{ rack, count: 1 }],
        syncReplicasMoved: [],
        policy: null,
        minIsr: null,
      });
      const before = outcomesOf(where, of);
      for (const [id, outcome] of outcomesOf(where, more)) {
        const was = before.get(id);
        // A datacenter that held nothing before has rows of its own now.
        if (was !== undefined) expect(`${id} worse by ${Math.max(0, worseBy(was, outcome))}`).toBe(`${id} worse by 0`);
      }
    }),
    { numRuns: 20 },
  );
});

it('the loss of more is never better: two datacenters against either of them', () => {
  fc.assert(
    fc.property(clusters, topics, (where, of) => {
      const found = outcomesOf(where, of);
      for (const [id, { writes }] of found) {
        const [, pair] = id.match(/^datacenters:(.*)$/) ?? [];
        for (const name of pair?.split('+') ?? []) {
          const alone = found.get(`datacenter:${name}`);
          expect(writesOrder.indexOf(alone!.writes)).toBeLessThanOrEqual(writesOrder.indexOf(writes));
        }
      }
    }),
    { numRuns: 15 },
  );
});

it('every timeline keeps the leader in the ISR, ends as it began, and says the same twice', () => {
  fc.assert(
    fc.property(clusters, topics, (where, of) => {
      for (const { scenario, outcome } of assessTopic(where, of).everyFailure().results) {
        const timeline = createAssessor().playOut(where, of, scenario)!;
        for (const { state } of timeline.steps) if (state.leader !== null) expect(state.isr).toContain(state.leader);
        expect(timeline.steps.at(-1)?.state.offline).toEqual([]);
        if (outcome.acknowledgedData !== 'lost') expect(timeline.steps.at(-1)?.state.leader).not.toBeNull();
        expect(createAssessor().playOut(where, of, scenario)).toEqual(timeline);
      }
    }),
    { numRuns: 8 },
  );
});
