/**
 * Runs a VS Code server: its profile (settings, extensions, state), the extension in it, and the process itself.
 * Uses nothing but Node itself.
 *
 * @typedef {import('./vscodeServer.mjs').VsCodeServer} VsCodeServer
 *
 * @typedef {object} Profile
 * @property {string} folder everything the server writes is in here
 * @property {string} userData
 * @property {string} extensions
 * @property {string} settings the person's settings file
 *
 * @typedef {object} RunningServer
 * @property {string} url
 * @property {string} authority host and port, as in `vscode-remote://authority/path`
 * @property {string} log the file with what the server wrote
 * @property {() => Promise<void>} stop
 */
import { once } from 'node:events';
import {
  createWriteStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runQuietly, startGroup } from './processes.mjs';

const startPatienceMs = 60_000;

/** No look-ups at an extension gallery: the server is used offline. */
const offline = { EXTENSIONS_GALLERY: '{}', VSCODE_IPC_HOOK_CLI: '' };

/** A quiet workbench that shows the editor and little else, and never acts by itself. */
const quietSettings = {
  'chat.commandCenter.enabled': false,
  'chat.disableAIFeatures': true,
  'extensions.autoCheckUpdates': false,
  'extensions.autoUpdate': false,
  'extensions.ignoreRecommendations': true,
  // In a browser VS Code saves by itself unless told otherwise; a test must see the difference between typing and saving.
  'files.autoSave': 'off',
  'files.simpleDialog.enable': true,
  'git.enabled': false,
  'security.workspace.trust.enabled': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'window.confirmBeforeClose': 'never',
  'workbench.enableExperiments': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.settings.enableNaturalLanguageSearch': false,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
};

/** The built-in extensions that the project's files meet. All of them would cost a quarter more of a test's time. */
const usefulBuiltins = [
  'configuration-editing',
  'json',
  'json-language-features',
  'markdown-basics',
  'markdown-language-features',
  'shellscript',
  'theme-defaults',
  'theme-modern-icons',
  'theme-seti',
  'yaml',
];

/**
 * A profile in a folder that is kept. Settings that a person has changed since stay as they are.
 *
 * @param {string} folder @returns {Profile}
 */
export function keptProfile(folder) {
  const profile = layOut(folder);
  if (!existsSync(profile.settings)) configure(profile, {});
  return profile;
}

/**
 * A profile that is thrown away after use.
 *
 * @param {Readonly<Record<string, unknown>>} [settings]
 * @returns {Profile & { remove(): void }}
 */
export function temporaryProfile(settings = {}) {
  const profile = layOut(mkdtempSync(path.join(tmpdir(), 'failover-lens-')));
  configure(profile, settings);
  return { ...profile, remove: () => rmSync(profile.folder, { recursive: true, force: true, maxRetries: 5 }) };
}

/**
 * Sets a profile's settings; a running workbench takes them over at once.
 *
 * @param {Profile} profile @param {Readonly<Record<string, unknown>>} settings beside, or instead of, the quiet ones
 */
export function configure(profile, settings) {
  writeFileSync(profile.settings, JSON.stringify({ ...quietSettings, ...settings }, null, 2));
}

/** @param {string} folder @returns {Profile} */
function layOut(folder) {
  const [userData, extensions] = [path.join(folder, 'data'), path.join(folder, 'extensions')];
  const userFolder = path.join(userData, 'User');
  for (const needed of [extensions, userFolder]) mkdirSync(needed, { recursive: true });
  return { folder, userData, extensions, settings: path.join(userFolder, 'settings.json') };
}

/**
 * Installs a packaged extension into a profile.
 *
 * @param {VsCodeServer} server @param {Profile} profile @param {string} vsix
 * @throws {Error} if VS Code refuses the package, with its words
 */
export function installExtension(server, profile, vsix) {
  const output = runQuietly(
    server.node,
    [server.main, ...locations(profile), '--accept-server-license-terms', '--install-extension', vsix, '--force'],
    { env: offline },
  );
  if (!existsSync(path.join(profile.extensions, 'extensions.json')))
    throw new Error(`${vsix} was not installed: ${output}`);
}

/**
 * Starts a VS Code server on loopback and waits until it answers.
 *
 * @param {VsCodeServer} server @param {Profile} profile
 * @param {object} [options]
 * @param {readonly number[]} [options.ports] tried in this order; any free port if none of them is
 * @param {boolean} [options.testDriver] lets the page's address name extensions under development and their tests.
 *   The same switch hides notifications and answers dialogs, so it is for in-host tests only.
 * @param {boolean} [options.allBuiltins] also start the built-in extensions that this project has no use for
 * @returns {Promise<RunningServer>}
 */
export async function startServer(server, profile, { ports = [], testDriver = false, allBuiltins = false } = {}) {
  const port = await freePort(ports);
  const args = [
    server.main,
    ...['--host', '127.0.0.1', '--port', String(port), '--without-connection-token', '--accept-server-license-terms'],
    ...['--telemetry-level', 'off', '--disable-workspace-trust'],
    ...(testDriver ? ['--enable-smoke-test-driver'] : []),
    ...(allBuiltins ? [] : ['--builtin-extensions-dir', linkBuiltins(server, profile)]),
    ...locations(profile),
  ];
  const log = path.join(profile.folder, 'server.log');
  const group = startGroup(server.node, args, { ...process.env, ...offline }, createWriteStream(log));

  const authority = `127.0.0.1:${port}`;
  const url = `http://${authority}`;
  for (let waitedMs = 0; !(await answers(url)); waitedMs += 100) {
    if (group.exitCode !== null || waitedMs > startPatienceMs) {
      await group.stop();
      throw new Error(`the VS Code server did not start:\n${readFileSync(log, 'utf8')}`);
    }
    await sleep(100);
  }
  return { url, authority, log, stop: group.stop };
}

/**
 * The page of a folder in a running server.
 *
 * @param {RunningServer} server @param {string} folder
 * @param {readonly (readonly [string, string])[]} [payload] start-up options of the workbench
 */
export function folderUrl(server, folder, payload = []) {
  const query = new URLSearchParams({ folder });
  if (payload.length > 0) query.set('payload', JSON.stringify(payload));
  return `${server.url}/?${query}`;
}

/** @param {Profile} profile */
function locations({ folder, userData, extensions }) {
  return ['--server-data-dir', folder, '--user-data-dir', userData, '--extensions-dir', extensions];
}

/** @param {VsCodeServer} server @param {Profile} profile */
function linkBuiltins(server, profile) {
  const folder = path.join(profile.folder, 'builtin');
  mkdirSync(folder, { recursive: true });
  for (const name of usefulBuiltins) {
    const link = path.join(folder, name);
    if (!existsSync(link)) symlinkSync(path.join(server.folder, 'extensions', name), link);
  }
  return folder;
}

/** @param {string} url */
async function answers(url) {
  try {
    const response = await fetch(url, { redirect: 'manual' });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

/** @param {readonly number[]} wanted @returns {Promise<number>} the first free one of those, else any free one */
async function freePort(wanted) {
  for (const port of [...wanted, 0]) {
    const probe = createServer();
    try {
      probe.listen(port, '127.0.0.1');
      await once(probe, 'listening');
      const address = probe.address();
      if (address !== null && typeof address === 'object') return address.port;
    } catch {
      // Taken: try the next.
    } finally {
      probe.close();
    }
  }
  throw new Error('no free port on 127.0.0.1');
}
