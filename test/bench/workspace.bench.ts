/**
 * How long a workspace of 10,000 topics in 200 files takes, from texts to findings, and one keystroke in a file of 1,000
 * topics after that. Counts have to be exact, or the benchmark fails. Each time is told by the clock and by the processor:
 * on a busy machine the clock counts the others' work too.
 */
import { createWorkspace } from '../../src/workspace/workspace';
import { create, placement } from '../unit/rules/texts';
import { clusterText } from './placements';

const placementFiles = 150;
const scripts = 49;
const topicsOfFirstScript = 1_000;
const topicCount = 10_000;

/** Placements as different as people make them: versions, policies, two or three datacenters, with observers or not. */
function placementText(n: number): string {
  const sync = (n % 3) + 1;
  const third = n % 5 === 0 ? { central: 1 } : {};
  const observers = n % 4 === 0 ? undefined : { west: (n % 2) + 1, east: 1 };
  const policies = ['under-min-isr', 'under-replicated', 'leader-is-observer', undefined];
  const policy = policies[n % policies.length];
  return placement({
    version: n % 7 === 0 ? 1 : 2,
    replicas: { west: sync, east: n % 6 === 0 ? sync + 1 : sync, ...third },
    ...(observers === undefined ? {} : { observers }),
    ...(policy === undefined || n % 7 === 0 ? {} : { policy }),
  });
}

function scriptText(from: number, to: number): string {
  let text = '#!/bin/sh\n# Topics of one team.\n';
  for (let n = from; n < to; n++) text += create(`topic-${n}`, `placements/p${n % placementFiles}.json`, (n % 4) + 1);
  return text;
}

function workspaceTexts(): ReadonlyMap<string, string> {
  const texts = new Map<string, string>();
  texts.set('docker-compose.yml', clusterText);
  for (let n = 0; n < placementFiles; n++) texts.set(`placements/p${n}.json`, placementText(n));
  texts.set('create-0.sh', scriptText(0, topicsOfFirstScript));
  const each = (topicCount - topicsOfFirstScript) / (scripts - 1);
  for (let n = 0; n < scripts - 1; n++) {
    const from = topicsOfFirstScript + n * each;
    texts.set(`create-${n + 1}.sh`, scriptText(Math.round(from), Math.round(from + each)));
  }
  return texts;
}

interface Timed<T> {
  readonly value: T;
  readonly clockMs: number;
  readonly processorMs: number;
}

async function timed<T>(run: () => Promise<T>): Promise<Timed<T>> {
  const cpu = process.cpuUsage();
  const start = performance.now();
  const value = await run();
  const { user, system } = process.cpuUsage(cpu);
  return { value, clockMs: performance.now() - start, processorMs: (user + system) / 1000 };
}

function print(name: string, target: number, runs: readonly Timed<unknown>[]): void {
  const least = (of: (run: Timed<unknown>) => number): string =>
    Math.min(...runs.map(of))
      .toFixed(1)
      .padStart(8);
  console.log(
    `${name.padEnd(52)} ${least((run) => run.clockMs)} ms, processor ${least((run) => run.processorMs)} ms  target ${target} ms`,
  );
}

function assertEqual(what: string, found: number, expected: number): void {
  if (found !== expected) throw new Error(`${what}: ${found}, not ${expected}`);
}

const texts = workspaceTexts();
assertEqual('files', texts.size, 200);

const workspace = createWorkspace();
const reading = await timed(async () => {
  for (const [uri, text] of texts) await workspace.setFile(uri, text);
});
const analysis = await timed(async () => workspace.analyse());
const topics = analysis.value.assessments.flatMap((assessment) => assessment.topics);
assertEqual('topics', topics.length, topicCount);
print('reading 200 files with 10,000 topics', 2_000, [reading]);
print('first analysis of them, from nothing', 2_000, [analysis]);

/** What the editor does for one keystroke: reads the text anew, runs the cheap rules, then all of them. */
async function keystrokes(
  uri: string,
  change: (text: string, n: number) => string,
  asked: readonly ('lint' | 'analyse')[],
) {
  const runs: Timed<unknown>[] = [];
  for (let n = 0; n < 15; n++) {
    const text = change(texts.get(uri) ?? '', n);
    runs.push(
      await timed(async () => {
        await workspace.setFile(uri, text);
        for (const what of asked)
          if (what === 'lint') workspace.lint(uri);
          else workspace.analyse();
      }),
    );
  }
  await workspace.setFile(uri, texts.get(uri) ?? '');
  workspace.analyse();
  return runs;
}

const comment = (text: string, n: number): string => `${text}# ${'x'.repeat(n + 1)}\n`;
const minIsr = (text: string, n: number): string =>
  text.replace('min.insync.replicas=1', `min.insync.replicas=${(n % 4) + 2}`);
const blank = (text: string, n: number): string => text + ' '.repeat(n + 1);

print('keystroke in a script of 1,000 topics: cheap rules', 100, await keystrokes('create-0.sh', comment, ['lint']));
print('the same, everything', 100, await keystrokes('create-0.sh', comment, ['analyse']));
print('min ISR of one of its topics changed, everything', 100, await keystrokes('create-0.sh', minIsr, ['analyse']));
print(
  'keystroke in a placement of 67 topics, cheap rules',
  100,
  await keystrokes('placements/p1.json', blank, ['lint']),
);
print('the same, everything', 100, await keystrokes('placements/p1.json', blank, ['analyse']));

const findings = [...workspace.analyse().findings.values()].reduce((sum, found) => sum + found.length, 0);
console.log(
  `${findings.toLocaleString('en')} findings; ${topics[0]?.everyFailure().statesExamined ?? 0} states for the first topic`,
);
