/**
 * Child processes that end when they should. Uses nothing but Node itself.
 *
 * @typedef {import('node:child_process').ChildProcess} ChildProcess
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** How long a process may take to stop by itself before it is killed. */
const stopPatienceMs = 3_000;

/**
 * Runs a command to its end with its output shown.
 *
 * @param {string} command @param {readonly string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {number} its exit code; 1 if it could not start or was killed
 */
export function run(command, args, { cwd, env = {} } = {}) {
  return spawnSync(command, args, { cwd, env: { ...process.env, ...env }, stdio: 'inherit' }).status ?? 1;
}

/**
 * Runs a command to its end and keeps quiet unless it fails.
 *
 * @param {string} command @param {readonly string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 * @returns {string} what it wrote to its standard output
 * @throws {Error} with everything it wrote, if it fails
 */
export function runQuietly(command, args, { cwd, env = {} } = {}) {
  const result = spawnSync(command, args, { cwd, env: { ...process.env, ...env }, encoding: 'utf8' });
  if (result.status === 0) return result.stdout;
  const why = result.error?.message ?? (result.signal ? `stopped by ${result.signal}` : `exit code ${result.status}`);
  throw new Error(`${[command, ...args].join(' ')}: ${why}\n${result.stdout ?? ''}${result.stderr ?? ''}`);
}

/**
 * Runs npm: the very npm that runs this script, if one does, so that it also works where `npm` is a shell script.
 *
 * @param {readonly string[]} args @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
export function runNpm(args, options) {
  const npm = process.env['npm_execpath'];
  if (npm?.endsWith('.js')) return runQuietly(process.execPath, [npm, ...args], options);
  return runQuietly(process.platform === 'win32' ? 'npm.cmd' : 'npm', args, options);
}

/**
 * The file behind a command's name, or undefined if there is none on the PATH.
 *
 * @param {string} name
 */
export function findCommand(name) {
  const suffixes = process.platform === 'win32' ? ['.cmd', '.exe', '.bat'] : [''];
  const folders = (process.env['PATH'] ?? '').split(path.delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => suffixes.map((suffix) => path.join(folder, name + suffix))).find(existsSync);
}

/**
 * Starts a long-lived process as the leader of a group of its own, so that it can be stopped with all it starts; and
 * stops the group at the latest when this process ends.
 *
 * @param {string} command @param {readonly string[]} args @param {NodeJS.ProcessEnv} env
 * @param {import('node:stream').Writable} log everything the process writes
 * @returns {ChildProcess & { stop(): Promise<void> }}
 */
export function startGroup(command, args, env, log) {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], detached: true, env });
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });

  /** @param {NodeJS.Signals} signal */
  const kill = (signal) => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, signal);
    } catch {
      // The group is gone already.
    }
  };
  const killAtExit = () => kill('SIGKILL');
  process.on('exit', killAtExit);

  return Object.assign(child, {
    async stop() {
      kill('SIGTERM');
      for (
        let waitedMs = 0;
        waitedMs < stopPatienceMs && child.exitCode === null && child.signalCode === null;
        waitedMs += 50
      )
        await sleep(50);
      kill('SIGKILL');
      process.off('exit', killAtExit);
    },
  });
}

/**
 * Lets Ctrl+C and its like end this process through its `exit` handlers, which is where process groups are stopped.
 *
 * @param {() => Promise<number>} [windUp] what to do before, and then the exit code; a second signal does not wait for it
 */
export function exitOnSignals(windUp) {
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => {
      const exitNow = () => process.exit(128 + constants.signals[signal]);
      process.once(signal, exitNow);
      if (windUp === undefined) exitNow();
      else windUp().then((code) => process.exit(code), exitNow);
    });
  }
}
