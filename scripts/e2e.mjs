/**
 * Runs end-to-end scenarios against the packaged extension:
 *
 *   node scripts/e2e.mjs [--built] [FILE …]
 *
 *   --built   what `npm run package` made is fresh
 *   FILE      scenarios of test/e2e/; all of them unless named
 *
 * Ends with one line `N passed, N failed, N skipped`.
 */
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { run as runTests } from 'node:test';
import { spec } from 'node:test/reporters';
import { parseArgs } from 'node:util';
import { describeCounts } from './lib/counts.mjs';
import { exitOnSignals, run } from './lib/processes.mjs';
import { inProject, root } from './lib/project.mjs';

const { values: options, positionals } = parseArgs({
  options: { built: { type: 'boolean', default: false } },
  allowPositionals: true,
});

exitOnSignals();
if (!options.built && run(process.execPath, ['scripts/package.mjs'], { cwd: root }) !== 0) process.exit(1);

const counts = { passed: 0, failed: 0, skipped: 0 };
const events = runTests({ files: scenarios(), concurrency: 1 })
  .on('test:pass', (event) => count(event, event.skip === undefined ? 'passed' : 'skipped'))
  .on('test:fail', (event) => count(event, 'failed'));
for await (const text of events.compose(new spec())) process.stdout.write(text);
console.log(describeCounts(counts));
process.exitCode = counts.failed > 0 ? 1 : 0;

function scenarios() {
  if (positionals.length > 0) return positionals.map((file) => path.resolve(file));
  const folder = inProject('test/e2e');
  const files = readdirSync(folder).filter((name) => name.endsWith('.mjs'));
  return files.sort().map((name) => path.join(folder, name));
}

/**
 * Suites only gather tests and are not counted, unless it is the suite itself that failed.
 *
 * @param {{ details: { type?: string | undefined } }} event @param {keyof typeof counts} outcome
 */
function count({ details }, outcome) {
  if (details.type !== 'suite') counts[outcome]++;
}
