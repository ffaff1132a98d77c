/**
 * Builds everything that ships, and with `--tests` the in-host test suites too.
 *
 *   node scripts/build.mjs [--tests] [--no-minify]
 *
 * One file per host: neither VS Code's web host nor a webview can load a second file of ours. So what must stay out of
 * the start-up path (the yaml package) is imported with `import()`: esbuild keeps it inside the bundle as a function
 * that runs when it is first asked for. It costs bytes on disk, but nothing is evaluated until a YAML file is read.
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { inProject, root } from './lib/project.mjs';

const { values: options } = parseArgs({
  options: {
    tests: { type: 'boolean', default: false },
    minify: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

/** @type {import('esbuild').BuildOptions} */
const shared = {
  absWorkingDir: root,
  bundle: true,
  format: 'cjs',
  target: 'es2022',
  // jsonc-parser's `main` is a UMD wrapper whose inner require() esbuild cannot follow: the bundle would fail at load.
  mainFields: ['module', 'main'],
  minify: options.minify,
  sourcemap: true,
  metafile: true,
  logLevel: 'warning',
};

/** @type {import('esbuild').BuildOptions} */
const inNodeHost = { ...shared, platform: 'node', external: ['vscode'] };
/** @type {import('esbuild').BuildOptions} */
const inWebHost = { ...shared, platform: 'browser', external: ['vscode'] };

/** @type {readonly import('esbuild').BuildOptions[]} */
const shipped = [
  { ...inNodeHost, entryPoints: ['src/extension.ts'], outfile: 'dist/extension.js' },
  { ...inWebHost, entryPoints: ['src/extension.ts'], outfile: 'dist/web/extension.js' },
  { ...shared, platform: 'browser', format: 'iife', entryPoints: ['src/panel/main.ts'], outfile: 'dist/panel.js' },
  { ...shared, entryPoints: ['src/panel/styles/panel.css'], outfile: 'dist/panel.css' },
  {
    ...shared,
    platform: 'node',
    entryPoints: ['src/cli/main.ts'],
    outfile: 'dist/cli.js',
    banner: { js: '#!/usr/bin/env node' },
  },
];

/**
 * One file for every extension host there is. Wrapped in a function of its own: mocha's browser build is UMD inside an
 * ES module package, so esbuild leaves its `module.exports = …` alone, and unwrapped it would replace our `run()`.
 *
 * @type {import('esbuild').BuildOptions}
 */
const hostTests = {
  ...inWebHost,
  minify: false,
  entryPoints: ['test/host/index.ts'],
  outfile: 'out/host/index.js',
  format: 'iife',
  globalName: 'hostTests',
  footer: { js: 'module.exports = hostTests;' },
};

rmSync(inProject('dist'), { recursive: true, force: true });
if (options.tests) rmSync(inProject('out/host'), { recursive: true, force: true });

for (const bundle of options.tests ? [...shipped, hostTests] : shipped) {
  const { metafile } = await build({ ...bundle, metafile: true });
  for (const [file, { bytes }] of Object.entries(metafile.outputs)) {
    if (/\.(js|css)$/.test(file)) console.log(`${(bytes / 1024).toFixed(1).padStart(8)} KiB  ${file}`);
  }
}
