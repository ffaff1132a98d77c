/**
 * Type-checks every part of the project against the names that part may use: the tsconfig.*.json files are fences
 * (no DOM in the core, no Node in the extension …), and `tsconfig.json` covers the tests.
 */
import { spawnSync } from 'node:child_process';
import { inProject, root } from './lib/project.mjs';

const projects = ['', 'core.', 'editor.', 'panel.', 'cli.', 'scripts.'].map((part) => `tsconfig.${part}json`);

const compiler = inProject('node_modules/typescript/bin/tsc');
const failed = projects.filter((project) => {
  const { status } = spawnSync(process.execPath, [compiler, '-p', project], { cwd: root, stdio: 'inherit' });
  return status !== 0;
});

if (failed.length > 0) console.error(`type errors under ${failed.join(', ')}`);
process.exitCode = failed.length > 0 ? 1 : 0;
