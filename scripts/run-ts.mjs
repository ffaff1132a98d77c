/**
 * Runs a TypeScript file of this project as a program:
 *
 *   node scripts/run-ts.mjs FILE [ARGUMENT …]
 *
 * The file is bundled to plain JavaScript first, so that what is measured or replayed is what would ship, and not a
 * test runner's instrumented version of it. Top-level await and `process.argv` work as usual.
 */
import { rmSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureDependencies } from './lib/dependencies.mjs';
import { inProject } from './lib/project.mjs';

const [file, ...programArguments] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: node scripts/run-ts.mjs FILE [ARGUMENT …]');
  process.exit(2);
}

// In a fresh checkout there is nothing but Node and npm: what the program needs is installed first.
ensureDependencies();
const { build } = await import('esbuild');

const outfile = inProject('out/run', `${path.basename(file, '.ts')}.${process.pid}.mjs`);
await build({
  entryPoints: [path.resolve(file)],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  mainFields: ['module', 'main'],
  sourcemap: 'inline',
  logLevel: 'warning',
  // CommonJS packages inside an ES module still call require() for Node's own modules.
  banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
});
process.on('exit', () => rmSync(outfile, { force: true }));

process.argv = [process.execPath, path.resolve(file), ...programArguments];
await import(pathToFileURL(outfile).href);
