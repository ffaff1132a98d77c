/**
 * How long every single loss of a broker, a rack and a datacenter takes for a whole fleet: 470,000 partitions of six
 * replicas on 215 brokers. The fleet is drawn with a seed, so counts are exact, or the benchmark fails. Each time is the
 * best of several runs, by the processor and by the clock.
 */
import { fleetOf } from '../../src/analysis/fleet';
import { type FleetSurvey, surveyLosses } from '../../src/analysis/fleetLosses';
import type { Writes } from '../../src/analysis/outcome';
import type { Cluster } from '../../src/kafka/cluster';
import { observerPromotionPolicies } from '../../src/kafka/placement';
import type { PartitionAssignment, Topic } from '../../src/kafka/topic';
import { cluster, topic } from '../unit/analysis/topics';

const partitionCount = 470_000;
const partitionsPerTopic = 100;
const replicaCount = 6;
const runs = 5;

/** Three datacenters of three racks each, 215 brokers, five controllers. */
const where: Cluster = cluster(
  { west: 90, east: 90, central: 35 },
  { west: 2, east: 2, central: 1 },
  {
    racks: {
      west: ['west-a', 'west-b', 'west-c'],
      east: ['east-a', 'east-b', 'east-c'],
      central: ['central-a', 'central-b', 'central-c'],
    },
  },
);

/** Numbers below a bound, the same ones each time: a linear congruential generator (Numerical Recipes). */
function createDraw(seed: number): (bound: number) => number {
  let state = seed;
  return (bound) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * bound);
  };
}

function partitionOn(partition: number, replicas: readonly number[], observers: number): PartitionAssignment {
  const sync = replicas.length - observers;
  return {
    partition,
    replicas,
    observers: replicas.slice(sync),
    isr: replicas.slice(0, sync),
    leader: replicas[0] ?? null,
  };
}

/** One placement for all: two sync replicas and an observer west and east, brokers taken in turns, leaders alternating. */
function oneShape(): readonly Topic[] {
  return topicsOf((first) =>
    topic(
      { west: 2, east: 2 },
      { west: 1, east: 1 },
      {
        minIsr: 3,
        assignments: Array.from({ length: partitionsPerTopic }, (_, partition) => {
          const turn = first + partition;
          const west = (step: number): number => ((turn + step) % 90) + 1;
          const east = (step: number): number => 90 + west(step + 7);
          const sync = turn % 2 === 0 ? [west(0), west(1), east(0), east(1)] : [east(0), east(1), west(0), west(1)];
          return partitionOn(partition, [...sync, west(2), east(2)], 2);
        }),
      },
    ),
  );
}

/** Brokers drawn for each partition, anywhere; the number of observers too; and for each topic its settings. */
function eachDiffers(): readonly Topic[] {
  const draw = createDraw(2026);
  return topicsOf(() =>
    topic(
      { '*': draw(4) + 3 },
      {},
      {
        minIsr: draw(5) + 1,
        policy: observerPromotionPolicies[draw(3)] ?? 'under-min-isr',
        uncleanElection: draw(4) === 0,
        assignments: Array.from({ length: partitionsPerTopic }, (_, partition) => {
          const replicas = new Set<number>();
          while (replicas.size < replicaCount) replicas.add(draw(where.brokers.length) + 1);
          return partitionOn(partition, [...replicas], draw(4));
        }),
      },
    ),
  );
}

function topicsOf(create: (first: number) => Topic): readonly Topic[] {
  return Array.from({ length: partitionCount / partitionsPerTopic }, (_, index) => create(index * partitionsPerTopic));
}

interface Case {
  readonly name: string;
  readonly targetMs: number;
  readonly topics: () => readonly Topic[];
  readonly expected: Expected;
}

/** What no change for speed may change. Outcomes are added up over all losses. */
interface Expected extends Readonly<Record<Writes, number>> {
  readonly partitions: number;
  readonly distinct: number;
  readonly losses: number;
  readonly touched: number;
  readonly classes: number;
  readonly settled: number;
}

const cases: readonly Case[] = [
  {
    name: 'one shape by construction',
    targetMs: 1_000,
    topics: oneShape,
    expected: {
      partitions: 470_000,
      distinct: 90,
      losses: 227,
      touched: 6_580_000,
      classes: 1,
      settled: 13,
      continue: 101_990_000,
      pause: 4_230_000,
      stop: 235_000,
      offline: 235_000,
    },
  },
  {
    name: 'each partition differs',
    targetMs: 5_000,
    topics: eachDiffers,
    expected: {
      partitions: 470_000,
      distinct: 470_000,
      losses: 227,
      touched: 6_128_767,
      classes: 172,
      settled: 20_408,
      continue: 94_118_453,
      pause: 4_038_435,
      stop: 8_324_921,
      offline: 208_191,
    },
  },
];

interface Took {
  readonly processorMs: number;
  readonly clockMs: number;
}

function timed<T>(run: () => T): Took & { readonly value: T } {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const value = run();
  const { user, system } = process.cpuUsage(cpu);
  return { value, clockMs: performance.now() - start, processorMs: (user + system) / 1000 };
}

function best(all: readonly Took[]): string {
  const least = (of: (took: Took) => number): string => Math.min(...all.map(of)).toFixed(0);
  return `${least(({ processorMs }) => processorMs).padStart(4)} ms (clock ${least(({ clockMs }) => clockMs)})`;
}

function measure({ name, targetMs, topics: create, expected }: Case): void {
  const topics = create();
  // The first run counts too: nobody surveys a fleet twice in a row.
  const all = Array.from({ length: runs }, () => {
    const fleet = timed(() => fleetOf(where, topics));
    const survey = timed(() => surveyLosses(fleet.value));
    const total = {
      processorMs: fleet.processorMs + survey.processorMs,
      clockMs: fleet.clockMs + survey.clockMs,
    };
    return { fleet, survey, total };
  });
  for (const { fleet, survey } of all.slice(0, 1)) {
    const found = factsOf(topics, fleet.value.classes.length, survey.value);
    assertExpected(name, found, expected);
    console.log(
      `${name}: ${found.partitions.toLocaleString('en-US')} partitions (${found.distinct.toLocaleString('en-US')} distinct), ${found.losses} losses`,
    );
    console.log(
      `  ${found.touched.toLocaleString('en-US')} pairs of a loss and a partition it touches; ${found.classes} classes; ${found.settled.toLocaleString('en-US')} settled`,
    );
  }
  console.log(`  packed    ${best(all.map(({ fleet }) => fleet))}`);
  console.log(`  surveyed  ${best(all.map(({ survey }) => survey))}`);
  console.log(
    `  both      ${best(all.map(({ total }) => total))}  first run ${best(all.slice(0, 1).map(({ total }) => total)).trim()}  target ${targetMs} ms`,
  );
}

function factsOf(topics: readonly Topic[], classes: number, { reports, partitions, settled }: FleetSurvey): Expected {
  const total = (of: (report: FleetSurvey['reports'][number]) => number): number =>
    reports.reduce((sum, report) => sum + of(report), 0);
  const lists = topics.flatMap(({ assignments }) => (assignments ?? []).map(({ replicas }) => replicas.join()));
  return {
    partitions,
    distinct: new Set(lists).size,
    losses: reports.length,
    touched: total(({ touched }) => touched),
    classes,
    settled,
    continue: total(({ writes }) => writes.continue),
    pause: total(({ writes }) => writes.pause),
    stop: total(({ writes }) => writes.stop),
    offline: total(({ writes }) => writes.offline),
  };
}

function assertExpected(name: string, found: Expected, expected: Expected): void {
  const [is, should] = [JSON.stringify(found), JSON.stringify(expected)];
  if (is !== should) throw new Error(`${name}: found ${is}, not ${should}`);
}

for (const one of cases) measure(one);
