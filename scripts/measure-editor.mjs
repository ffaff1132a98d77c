/**
 * Measures the extension in a real VS Code server, on the sample workspace, several times from a cold start:
 *
 *   node scripts/measure-editor.mjs [STARTS] [UNRELATED]
 *
 * UNRELATED files of other kinds, and one JSON file for every ten of them, lie beside the samples (default: none).
 *
 * Prints what docs/performance.md reports. Times depend on the machine: they are reported, never asserted.
 */
import { cpSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { format } from 'node:util';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { launchChromium, openPage } from '../test/e2e/lib/browser.mjs';
import { withWorkbench } from '../test/e2e/lib/withWorkbench.mjs';
import { exitOnSignals, run } from './lib/processes.mjs';
import { inProject, root } from './lib/project.mjs';
import { ensureVsCodeServer } from './lib/vscodeServer.mjs';
import { folderUrl, startServer, temporaryProfile } from './lib/workbenchServer.mjs';

const startCount = Number(process.argv[2] ?? 5);
const unrelatedCount = Number(process.argv[3] ?? 0);
const patienceMs = 180_000;
const displayName = 'Failover Lens';

exitOnSignals();
if (run(process.execPath, ['scripts/package.mjs'], { cwd: root }) !== 0) process.exit(1);
await build({
  absWorkingDir: root,
  entryPoints: ['test/bench/editor.ts'],
  outfile: 'out/bench/editor.js',
  bundle: true,
  platform: 'node',
  format: 'cjs',
  external: ['vscode'],
});

/** @type {(import('../test/bench/editor.ts').Measured & { activationMs: number })[]} */
const starts = [];
for (let start = 0; start < startCount; start++) {
  starts.push({ ...(await onServer(measureFindings)), activationMs: await readActivation() });
}

console.log(
  `\n${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}, ${startCount} cold starts\n`,
);
console.log('| file | KiB | gzipped |\n|---|---:|---:|');
for (const file of ['dist/extension.js', 'dist/web/extension.js', 'dist/panel.js', 'dist/panel.css']) {
  const kib = (/** @type {number} */ bytes) => (bytes / 1024).toFixed(0);
  console.log(
    `| \`${file}\` | ${kib(statSync(inProject(file)).size)} | ${kib(gzipSync(readFileSync(inProject(file))).length)} |`,
  );
}
console.log('\n| what | median | worst |\n|---|---:|---:|');
row(
  'activation',
  starts.map(({ activationMs }) => activationMs),
);
row(
  'opening the first placement → findings',
  starts.map(({ openToFindingsMs }) => openToFindingsMs),
);
row(
  'save → findings',
  starts.flatMap(({ saveToFindingsMs }) => saveToFindingsMs),
);
row(
  'last key → cheap findings',
  starts.flatMap(({ typeToFindingsMs }) => typeToFindingsMs),
);
row(
  'longest hold of the thread, loading and activation',
  starts.map(({ longestBlockActivatingMs }) => longestBlockActivatingMs),
);
row(
  'longest hold of the thread, first analysis',
  starts.map(({ longestBlockAtStartMs }) => longestBlockAtStartMs),
);
row(
  'longest hold of the thread, later',
  starts.map(({ longestBlockLaterMs }) => longestBlockLaterMs),
);

/** @param {string} what @param {readonly number[]} times */
function row(what, times) {
  const sorted = [...times].sort((a, b) => a - b);
  const ms = (/** @type {number | undefined} */ time) => `${Math.round(time ?? 0)} ms`;
  console.log(`| ${what} | ${ms(sorted[Math.floor(sorted.length / 2)])} | ${ms(sorted.at(-1))} |`);
}

/**
 * One cold start of everything.
 *
 * @template T
 * @param {(server: import('./lib/workbenchServer.mjs').RunningServer, workspace: string) => Promise<T>} work
 */
async function onServer(work) {
  const profile = temporaryProfile();
  const workspace = path.join(profile.folder, 'samples');
  cpSync(inProject('samples'), workspace, { recursive: true });
  addUnrelated(workspace);
  const server = await startServer(ensureVsCodeServer(), profile, { testDriver: true });
  try {
    return await work(server, workspace);
  } finally {
    await server.stop();
    profile.remove();
  }
}

/** @param {string} workspace */
function addUnrelated(workspace) {
  for (let file = 0; file < unrelatedCount; file++) {
    const folder = path.join(workspace, 'unrelated', `d${Math.floor(file / 200)}`);
    if (file % 200 === 0) mkdirSync(folder, { recursive: true });
    const isJson = file % 10 === 0;
    const text = isJson ? `{ "name": "part-${file}", "replicas": 3 }\n` : `export const part = ${file};\n`;
    writeFileSync(path.join(folder, `f${file}.${isJson ? 'json' : 'ts'}`), text);
  }
}

/**
 * What the extension host itself can see.
 *
 * @param {import('./lib/workbenchServer.mjs').RunningServer} server @param {string} workspace
 * @returns {Promise<import('../test/bench/editor.ts').Measured>}
 */
async function measureFindings(server, workspace) {
  const browser = await launchChromium();
  try {
    const page = await openPage(browser);
    /** @type {string[]} */
    const lines = [];
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ _, /** @type {unknown[]} */ args) => {
      lines.push(format(...args));
    });
    const ended = new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no result after ${patienceMs} ms`)), patienceMs).unref();
      void page.exposeFunction('codeAutomationExit', resolve);
    });
    const remote = (/** @type {string} */ file) => `vscode-remote://${server.authority}${file}`;
    const payload = /** @type {const} */ ([
      ['extensionDevelopmentPath', remote(root)],
      ['extensionTestsPath', remote(inProject('out/bench/editor'))],
      ['skipWelcome', 'true'],
    ]);
    await page.goto(folderUrl(server, workspace, payload));
    await ended;
    const line = lines.find((text) => text.startsWith('measured: '));
    if (line === undefined) throw new Error(`nothing was measured:\n${lines.join('\n')}`);
    return JSON.parse(line.slice('measured: '.length));
  } finally {
    await browser.close();
  }
}

/** How long VS Code says that activation took, in a fresh window where a person opens a placement. */
async function readActivation() {
  let activationMs = Number.NaN;
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('payments.json');
    await workbench.codeLens('Loss of west or east').waitFor();
    // The list only draws what is on the screen.
    await workbench.page.setViewportSize({ width: 1280, height: 2_000 });
    await workbench.command('Developer: Show Running Extensions');
    const row = workbench.page.locator('.monaco-list-row .extension', { hasText: displayName });
    activationMs = Number(/Activation: (\d+)ms/.exec(await row.first().innerText())?.[1]);
  });
  return activationMs;
}
