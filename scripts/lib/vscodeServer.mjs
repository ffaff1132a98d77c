/**
 * A real VS Code server from the npm package `code-server`: installed once into the person's cache, shared by all
 * clones of this project that want the same version. Uses nothing but Node itself.
 *
 * VS Code's own server inside the package is started directly: code-server's front end is slower and adds a login.
 *
 * @typedef {object} VsCodeServer
 * @property {string} node the Node.js that runs it
 * @property {string} folder VS Code itself
 * @property {string} main the server's program
 * @property {readonly string[]} lacks what this installation cannot do, in words; empty if it is complete
 */
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { findCommand, runNpm, runQuietly } from './processes.mjs';
import { inProject } from './project.mjs';

const manifests = inProject('scripts/vscode-server');
const abandonedAfterMs = 60 * 60 * 1000;

/** Where caches belong: `FAILOVER_LENS_CACHE` if set, else what the XDG base directory specification says. */
export const cacheFolder =
  process.env['FAILOVER_LENS_CACHE'] ??
  path.join(process.env['XDG_CACHE_HOME'] || path.join(homedir(), '.cache'), 'kafka-failover-lens');

/** What compiles the one addon that VS Code needs for its Output channels. */
const compilerTools = ['g++', 'make', 'python3'];

/**
 * The VS Code server, installed if it is not yet there.
 *
 * An installation is built under a temporary name and renamed when it is complete: a folder of the final name is always
 * whole, and two processes that install at once do not meet.
 *
 * @param {(line: string) => void} [say] told what takes its time
 * @returns {VsCodeServer}
 * @throws {Error} if it cannot be installed, with what the package manager wrote
 */
export function ensureVsCodeServer(say = console.log) {
  if (process.platform === 'win32') throw new Error('the embedded VS Code server runs on Linux and macOS only');

  const missingTools = compilerTools.filter((tool) => findCommand(tool) === undefined);
  const canCompile = missingTools.length === 0;
  const folder = path.join(cacheFolder, `vscode-server-${lockHash()}${canCompile ? '' : '-without-addons'}`);
  if (!existsSync(folder)) install(folder, canCompile, say);

  const lacks = canCompile ? [] : [`Output channels stay empty: no ${missingTools.join(', ')} to compile their addon`];
  return { ...locate(folder), lacks };
}

function lockHash() {
  return createHash('sha256')
    .update(readFileSync(path.join(manifests, 'package-lock.json')))
    .digest('hex')
    .slice(0, 12);
}

/** @param {string} folder */
function locate(folder) {
  const bundledNode = path.join(folder, `node_modules/node-linux-${process.arch}/bin/node`);
  const vscode = path.join(folder, 'node_modules/code-server/lib/vscode');
  return {
    node: existsSync(bundledNode) ? bundledNode : process.execPath,
    folder: vscode,
    main: path.join(vscode, 'out/server-main.js'),
  };
}

/** @param {string} folder @param {boolean} canCompile @param {(line: string) => void} say */
function install(folder, canCompile, say) {
  say(`Installing a VS Code server into ${folder} (about a minute, 800 MB, once) …`);
  mkdirSync(cacheFolder, { recursive: true });
  removeAbandonedInstallations();
  const building = mkdtempSync(path.join(cacheFolder, 'installing-'));
  try {
    for (const file of ['package.json', 'package-lock.json'])
      cpSync(path.join(manifests, file), path.join(building, file));
    installPackages(building);
    if (canCompile) compileLogger(building);
    const { node, main } = locate(building);
    runQuietly(node, [main, '--version']);
    moveIntoPlace(building, folder);
  } finally {
    rmSync(building, { recursive: true, force: true });
  }
}

/**
 * No package's install script runs: code-server's own would insist on one exact Node and compile for two minutes. What
 * it would have done for VS Code's dependencies is done here. (`install`, since VS Code's shrinkwrap, which pins them
 * all, is not quite in step with its package.json, and `ci` refuses that.)
 *
 * @param {string} building
 */
function installPackages(building) {
  runNpm(['ci', '--ignore-scripts'], { cwd: building });
  const { node, folder } = locate(building);
  runNpm(['install', '--omit=dev', '--ignore-scripts'], { cwd: folder, env: pathWith(node) });
}

/**
 * The one addon worth compiling. Its headers must be those of the Node that will load it, whatever the person's own
 * npm configuration points at.
 *
 * @param {string} building
 */
function compileLogger(building) {
  const { node, folder } = locate(building);
  const env = { ...pathWith(node), JOBS: 'max' };
  const headers = node === process.execPath ? {} : { npm_config_nodedir: path.resolve(node, '../..') };
  runNpm(['rebuild', '@vscode/spdlog', '--ignore-scripts=false'], { cwd: folder, env: { ...env, ...headers } });
}

/** @param {string} node */
function pathWith(node) {
  return { PATH: `${path.dirname(node)}${path.delimiter}${process.env['PATH']}` };
}

/** @param {string} building @param {string} folder */
function moveIntoPlace(building, folder) {
  try {
    renameSync(building, folder);
  } catch (error) {
    // Somebody else was faster, with the same content.
    if (!existsSync(folder)) throw error;
  }
}

/** What was left behind by installations that were killed. */
function removeAbandonedInstallations() {
  for (const name of readdirSync(cacheFolder).filter((entry) => entry.startsWith('installing-'))) {
    const leftover = path.join(cacheFolder, name);
    if (Date.now() - statSync(leftover).mtimeMs > abandonedAfterMs) rmSync(leftover, { recursive: true, force: true });
  }
}
