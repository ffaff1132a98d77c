/**
 * What the first simulation of a topic costs whose shape was never seen: an assessor that knows nothing is asked for each of
 * the different placements that `workspaceSideBySide.bench.ts` compares with a schema, in the same cluster. The compiler is
 * warm. Then the parts: how replicas may lie, what the loss of each datacenter does, and how many brokers may fail from the
 * start. (What it takes to put an answer together is in the first number alone.)
 */
import { createAssessor } from '../../src/analysis/assess';
import { arrangementsOf } from '../../src/analysis/assignments';
import { createShapeAnalyst, type ShapeAnalyst } from '../../src/analysis/outcomes';
import { datacentersToLose } from '../../src/analysis/scenarios';
import type { Cluster } from '../../src/kafka/cluster';
import { defaultSwitches } from '../../src/simulator/partition/shape';
import { defaultTimes } from '../../src/simulator/times';
import { createWorkspace } from '../../src/workspace/workspace';
import { clusterText, placementPeriod, placementText } from './placements';

const rounds = 1_000;

const placements = new Set(Array.from({ length: placementPeriod }, (_, n) => placementText(n)));
const workspace = createWorkspace();
await workspace.setFile('docker-compose.yml', clusterText);
for (const [n, text] of [...placements].entries()) await workspace.setFile(`placements/p${n}.json`, text);
const topics = workspace
  .analyse()
  .assessments.flatMap(({ deployment }) => deployment.topics.map((topic) => ({ cluster: deployment.cluster, topic })));
if (topics.length !== placements.size) throw new Error(`${topics.length} topics, not ${placements.size}`);

/** The cluster as if it had just been read: what was found out about it before is not known of this one. */
function freshCluster(): Cluster {
  const [first] = topics;
  if (first === undefined) throw new Error('no topics');
  return { ...first.cluster };
}

function wholeAnswers(): void {
  const cluster = freshCluster();
  const assessor = createAssessor();
  for (const { topic } of topics) assessor.assessTopic(cluster, topic);
}

function arrangements() {
  const cluster = freshCluster();
  return topics.map(({ topic }) => {
    const { list } = arrangementsOf(cluster, topic, defaultSwitches);
    return { list, lost: datacentersToLose(cluster, list) };
  });
}

/** Topics share shapes, as they do in an assessor. */
function examineLosses(found: ReturnType<typeof arrangements>): readonly ShapeAnalyst[] {
  const analysts = new Map<string, ShapeAnalyst>();
  for (const { list, lost } of found) {
    for (const { shape, start, datacenters } of list) {
      const analyst = analysts.get(shape.key) ?? createShapeAnalyst(shape, start, defaultTimes);
      analysts.set(shape.key, analyst);
      for (const name of lost) {
        analyst.examine({ kind: 'datacenters', datacenters: [name] }, (datacenter) => datacenters.indexOf(datacenter));
      }
    }
  }
  return [...analysts.values()];
}

/** By the clock: the median of the second half of the rounds, and the least. */
class Clock {
  private readonly times: number[] = [];

  time<T>(run: () => T): T {
    const start = performance.now();
    const result = run();
    this.times.push((performance.now() - start) * 1000);
    return result;
  }

  print(what: string, shapes: number): void {
    const warm = this.times.slice(this.times.length >> 1).sort((one, other) => one - other);
    const [median, least] = [warm[warm.length >> 1] ?? Number.NaN, warm[0] ?? Number.NaN];
    const each = (us: number, count: number): string => (us / count).toFixed(1).padStart(6);
    console.log(
      `${what.padEnd(30)} ${each(median, shapes)} µs a shape, ${each(median, topics.length)} µs a topic; at best ${each(least, shapes)} and ${each(least, topics.length)}`,
    );
  }
}

const clocks = { whole: new Clock(), arrangements: new Clock(), losses: new Clock(), headroom: new Clock() };
for (let round = 0; round < rounds; round++) clocks.whole.time(wholeAnswers);
let shapes = 0;
for (let round = 0; round < rounds; round++) {
  const found = clocks.arrangements.time(arrangements);
  const analysts = clocks.losses.time(() => examineLosses(found));
  clocks.headroom.time(() => analysts.map((analyst) => analyst.headroom()));
  shapes = analysts.length;
}
console.log(`${topics.length} topics never seen, ${shapes} shapes of their partitions`);
clocks.whole.print('first answer', shapes);
clocks.arrangements.print('arrangements', shapes);
clocks.losses.print('losses of one datacenter each', shapes);
clocks.headroom.print('headroom from the start', shapes);
