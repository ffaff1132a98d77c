/**
 * `npm test`: everything that can be checked, from types to a real VS Code.
 *
 *   npm test [-- --only NAME,NAME …]      some of: types, lint, package, unit, host, e2e
 *
 * It begins with nothing but Node and npm, and installs what is missing. A suite that fails does not keep the next from
 * running. What passes is one line; what fails is shown in full. What a machine cannot run is skipped, and said loudly;
 * with CI=true it is a failure. The last line is `N passed, N failed, N skipped` over all suites.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { addCounts, countsIn, describeCounts, noCounts } from './lib/counts.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exitOnSignals } from './lib/processes.mjs';
import { isCi, resultsFolder, root } from './lib/project.mjs';
import { ensureVsCodeServer } from './lib/vscodeServer.mjs';

/**
 * @typedef {import('./lib/counts.mjs').Counts} Counts
 *
 * @typedef {object} Suite
 * @property {string} name
 * @property {readonly string[]} command what Node runs
 * @property {(output: string, ok: boolean) => Counts | undefined} counts undefined if it says none: then it has failed
 * @property {() => Promise<Readiness>} [readiness] what this machine lacks to run it, in words; nothing unless told
 *
 * @typedef {object} Readiness
 * @property {readonly string[]} blockers without these it cannot run
 * @property {readonly string[]} limits without these it does not see everything
 */

const unitResults = path.join(resultsFolder, 'unit.json');
const vitest = ['run', '--reporter=dot', '--reporter=json', `--outputFile.json=${unitResults}`];

/** A suite that is one test: it passes or it does not. @type {Suite['counts']} */
const asOneTest = (_, ok) => (ok ? { ...noCounts, passed: 1 } : { ...noCounts, failed: 1 });

/** @type {readonly Suite[]} */
const suites = [
  { name: 'types', command: ['scripts/typecheck.mjs'], counts: asOneTest },
  { name: 'lint', command: ['node_modules/@biomejs/biome/bin/biome', 'check', '.'], counts: asOneTest },
  { name: 'package', command: ['scripts/package.mjs', '--tests'], counts: asOneTest },
  { name: 'unit', command: ['node_modules/vitest/vitest.mjs', ...vitest], counts: countsOfVitest },
  { name: 'host', command: ['scripts/host-tests.mjs', '--built'], counts: countsIn, readiness: readinessForRealVsCode },
  { name: 'e2e', command: ['scripts/e2e.mjs', '--built'], counts: countsIn, readiness: readinessForRealVsCode },
];

/** The suites that use what `package` makes. */
const needPackage = ['host', 'e2e'];

exitOnSignals();
ensureDependencies();
rmSync(resultsFolder, { recursive: true, force: true });
mkdirSync(resultsFolder, { recursive: true });

let total = noCounts;
/** @type {Set<string>} */
const notices = new Set();
for (const suite of chosenSuites()) total = addCounts(total, await runSuite(suite));

for (const notice of notices) console.log(`\n${notice}`);
console.log(`\n${describeCounts(total)}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** All suites, or those named with `--only` and what they need. */
function chosenSuites() {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values;
  if (only === undefined) return suites;

  const named = only.split(',');
  const unknown = named.filter((name) => !suites.some((suite) => suite.name === name));
  if (unknown.length > 0)
    throw new Error(`no suite ${unknown.join(', ')}; there are ${suites.map(({ name }) => name)}`);
  const packageToo = named.some((name) => needPackage.includes(name)) ? ['package'] : [];
  return suites.filter(({ name }) => [...named, ...packageToo].includes(name));
}

/** @param {Suite} suite @returns {Promise<Counts>} */
async function runSuite(suite) {
  const { blockers = [], limits = [] } = (await suite.readiness?.()) ?? {};
  if (!isCi && blockers.length > 0) {
    notices.add(`SKIPPED ${suite.name}: ${blockers.join('; ')}`);
    return { ...noCounts, skipped: 1 };
  }
  if (!isCi) for (const limit of limits) notices.add(`LIMITED ${suite.name}: ${limit}`);

  const lacks = isCi ? [...blockers, ...limits] : [];
  const startedAt = performance.now();
  const { output, ok } = lacks.length > 0 ? { output: lacks.join('\n'), ok: false } : await runCaptured(suite.command);
  const counts = withVerdict(suite.counts(output, ok), ok);
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);

  if (counts.failed > 0) console.log(`\n${output.trimEnd()}\n`);
  const verdict = counts.failed > 0 ? 'FAILED' : 'ok';
  console.log(`${verdict.padEnd(7)} ${suite.name.padEnd(8)} ${describeCounts(counts)}  (${seconds} s)`);
  return counts;
}

/** A suite that ends badly has failed whatever it counted, and so has one that ran no test. @param {Counts | undefined} counts @param {boolean} ok */
function withVerdict(counts = noCounts, ok) {
  const isSilent = counts.passed + counts.failed + counts.skipped === 0;
  return counts.failed === 0 && (!ok || isSilent) ? { ...counts, failed: 1 } : counts;
}

/** @param {readonly string[]} command @returns {Promise<{ output: string, ok: boolean }>} */
function runCaptured(command) {
  const env = { ...process.env, NO_COLOR: '1' };
  const child = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] });
  process.once('exit', () => child.kill());
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ output, ok: code === 0 }));
  });
}

/** @type {Suite['counts']} */
function countsOfVitest() {
  try {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(
      readFileSync(unitResults, 'utf8'),
    );
    return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
  } catch {
    return undefined;
  }
}

/** What a real VS Code with a browser in front needs; installs the server, if there is a browser. @returns {Promise<Readiness>} */
async function readinessForRealVsCode() {
  // Loads a dependency, which may not have been there when this script began.
  const { findChromium } = await import('../test/e2e/lib/browser.mjs');
  if (findChromium() === undefined) {
    return { blockers: ['no Chromium or Chrome found (set CHROMIUM to its program)'], limits: [] };
  }
  try {
    return { blockers: [], limits: ensureVsCodeServer().lacks };
  } catch (error) {
    return { blockers: [error instanceof Error ? error.message : String(error)], limits: [] };
  }
}
