/**
 * Runs the benchmarks, each in a process of its own, as plain JavaScript.
 *
 *   npm run bench [-- NAME …]      only those whose file name contains one of the names
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { inProject, root } from './lib/project.mjs';

const names = process.argv.slice(2);
const folder = 'test/bench';
const files = readdirSync(inProject(folder))
  .filter((file) => file.endsWith('.bench.ts'))
  .filter((file) => names.length === 0 || names.some((name) => file.includes(name)))
  .sort();

for (const file of files) {
  console.log(`\n${file}`);
  const command = ['--expose-gc', 'scripts/run-ts.mjs', `${folder}/${file}`];
  const { status } = spawnSync(process.execPath, command, { cwd: root, stdio: 'inherit' });
  if (status !== 0) process.exitCode = 1;
}
if (files.length === 0) {
  console.error(`no benchmark in ${folder}${names.length > 0 ? ` named ${names.join(', ')}` : ''}`);
  process.exitCode = 1;
}
