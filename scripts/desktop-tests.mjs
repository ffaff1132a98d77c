/**
 * `npm run test:desktop`: the in-host tests in a desktop VS Code, which @vscode/test-electron downloads.
 *
 * `VSCODE_VERSION` picks a version (`stable` unless set; the oldest supported is that of `engines.vscode`);
 * `VSCODE_EXECUTABLE_PATH` uses an installed one. On Linux without a display, run it under `xvfb-run -a`.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { runTests } from '@vscode/test-electron';
import { run } from './lib/processes.mjs';
import { inProject, root } from './lib/project.mjs';

if (run(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root }) !== 0) process.exit(1);

const folder = mkdtempSync(path.join(tmpdir(), 'failover-lens-'));
const workspace = path.join(folder, 'samples');
cpSync(inProject('samples'), workspace, { recursive: true });

const installed = process.env['VSCODE_EXECUTABLE_PATH'];
// Electron refuses to run as root unless it is told that its sandbox is off.
const asRoot = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
try {
  process.exitCode = await runTests({
    ...(installed ? { vscodeExecutablePath: installed } : { version: process.env['VSCODE_VERSION'] ?? 'stable' }),
    extensionDevelopmentPath: root,
    extensionTestsPath: inProject('out/host/index'),
    launchArgs: [
      workspace,
      ...['--disable-extensions', '--disable-workspace-trust', '--skip-welcome'],
      ...[`--user-data-dir=${path.join(folder, 'data')}`, ...asRoot],
    ],
  });
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
}
