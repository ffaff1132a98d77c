/** What a fresh clone needs before any other script can run. Uses nothing but Node itself. */
import { existsSync, readFileSync } from 'node:fs';
import { runNpm } from './processes.mjs';
import { inProject, root } from './project.mjs';

/** @typedef {{ packages: Record<string, { version?: string, optional?: boolean }> }} LockFile */

const nodeMajorMin = 20;

/**
 * Installs the project's dependencies if they are missing or are not those of `package-lock.json`.
 *
 * @throws {Error} if Node is too old or the installation fails
 */
export function ensureDependencies() {
  const major = Number.parseInt(process.versions.node, 10);
  if (major < nodeMajorMin) throw new Error(`Node ${nodeMajorMin} or newer is needed; this is ${process.version}`);

  const reason = reasonToInstall();
  if (reason === undefined) return;
  console.log(`Installing the dependencies (${reason}) …`);
  runNpm(['ci'], { cwd: root });
}

/** Why `npm ci` is needed, or undefined. npm keeps a lock file of what it really installed inside node_modules. */
function reasonToInstall() {
  const installedFile = inProject('node_modules/.package-lock.json');
  if (!existsSync(installedFile)) return 'none yet';

  const wanted = packagesOf(inProject('package-lock.json'));
  const installed = packagesOf(installedFile);
  const stale = Object.entries(wanted).find(([location, { version, optional }]) => {
    const isOurs = location === '';
    return !isOurs && !optional && installed[location]?.version !== version;
  });
  return stale && `${stale[0].replace(/^.*node_modules\//, '')} changed`;
}

/** @param {string} file @returns {LockFile['packages']} */
function packagesOf(file) {
  return JSON.parse(readFileSync(file, 'utf8')).packages;
}
