/**
 * `npm start`: opens VS Code on `samples/` with the extension running.
 *
 *   npm start [-- --server] [-- --port N]
 *
 *   --server   the embedded VS Code server even if there is a desktop VS Code
 *   --port N   the server's port; the first free one from 8000 on unless told
 *
 * It begins with nothing but Node and npm, and installs what is missing. Ctrl+C ends the server and all it started.
 */
import { spawnSync } from 'node:child_process';
import { parseArgs } from 'node:util';
import { ensureDependencies } from './lib/dependencies.mjs';
import { exitOnSignals, findCommand, runQuietly } from './lib/processes.mjs';
import { inProject, root, vsixFile } from './lib/project.mjs';
import { ensureVsCodeServer } from './lib/vscodeServer.mjs';
import { folderUrl, installExtension, keptProfile, startServer } from './lib/workbenchServer.mjs';

const { values: options } = parseArgs({
  options: { server: { type: 'boolean', default: false }, port: { type: 'string' } },
});
const samples = inProject('samples');
const portsToTry = options.port ? [Number(options.port)] : Array.from({ length: 20 }, (_, index) => 8000 + index);

/** @type {import('./lib/workbenchServer.mjs').RunningServer | undefined} */
let server;

exitOnSignals(async () => {
  await server?.stop();
  return 0;
});
try {
  ensureDependencies();
  const desktop = options.server ? undefined : desktopVsCode();
  if (desktop) openDesktop(desktop);
  else await serve();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** The command of a desktop VS Code that can open a window here, if there is one. */
function desktopVsCode() {
  const command = findCommand('code');
  const hasScreen = process.platform !== 'linux' || process.env['DISPLAY'] || process.env['WAYLAND_DISPLAY'];
  if (command === undefined || !hasScreen) return undefined;
  return runsQuietly(command, ['--version']) ? command : undefined;
}

/** @param {string} command */
function openDesktop(command) {
  build('scripts/build.mjs');
  if (!runsQuietly(command, [`--extensionDevelopmentPath=${root}`, samples]))
    throw new Error(`${command} could not start`);
  console.log('VS Code is opening samples/ with the extension running.');
}

/** Serves VS Code to a browser on this machine until it is stopped. */
async function serve() {
  build('scripts/package.mjs');
  const vscode = ensureVsCodeServer();
  for (const lack of vscode.lacks) console.warn(lack);
  const profile = keptProfile(inProject('.cache/vscode'));
  installExtension(vscode, profile, vsixFile);
  server = await startServer(vscode, profile, { ports: portsToTry, allBuiltins: true });
  console.log(`\nVS Code with Failover Lens:  ${folderUrl(server, samples)}\nPress Ctrl+C to stop it.`);
}

/** @param {string} script */
function build(script) {
  console.log('Building …');
  runQuietly(process.execPath, [script], { cwd: root });
}

/** Windows' `code` is a batch file, which needs a shell. @param {string} command @param {readonly string[]} args */
function runsQuietly(command, args) {
  const shell = process.platform === 'win32';
  return spawnSync(shell ? `"${command}"` : command, args, { shell, stdio: 'ignore' }).status === 0;
}
