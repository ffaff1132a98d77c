/**
 * Runs the in-host tests (`test/host/`) inside real extension hosts of a real VS Code, without a desktop:
 *
 *   node scripts/host-tests.mjs [node] [web] [--built] [--verbose]
 *
 *   node       the extension host on the server, as in a desktop VS Code, in a container or over SSH
 *   web        the extension host in a worker of the browser, as on vscode.dev
 *   --built    what `npm run build -- --tests` made is fresh
 *   --verbose  show what the workbench itself has to say
 *
 * Ends with one line `N passed, N failed, N skipped`.
 */
import { cpSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import { format, parseArgs } from 'node:util';
import { launchChromium, openPage } from '../test/e2e/lib/browser.mjs';
import { addCounts, countsIn, describeCounts, noCounts } from './lib/counts.mjs';
import { exitOnSignals, run } from './lib/processes.mjs';
import { extensionId, inProject, resultsFolder, root } from './lib/project.mjs';
import { ensureVsCodeServer } from './lib/vscodeServer.mjs';
import { folderUrl, startServer, temporaryProfile } from './lib/workbenchServer.mjs';

/** Longest time for one host, in milliseconds: a suite that hangs must not hang the build. */
const patienceMs = 300_000;

/** Settings that decide in which host VS Code runs the extension. */
const hosts = {
  node: {},
  web: { 'remote.extensionKind': { [extensionId]: ['web'] } },
};

/** The tests' own lines and no others: the workbench logs through the same channel. */
const chatter =
  /^(Resolv(ing|ed) connection token|Creating a socket|Creation of workbench contribution|\[|Ignoring fetching additional builtin|Updating additional builtin|The web worker extension host is started|DialogService: Dialog requested|ChatSessionStore|(Error: )?Could not locate the bindings file|(Error: )?Cannot find module '\.\/build|Canceled: Canceled|Timed out waiting for authentication provider|No search provider registered)/;

const { values: options, positionals } = parseArgs({
  options: { built: { type: 'boolean', default: false }, verbose: { type: 'boolean', default: false } },
  allowPositionals: true,
});

exitOnSignals();
if (!options.built && run(process.execPath, ['scripts/build.mjs', '--tests'], { cwd: root }) !== 0) process.exit(1);
mkdirSync(resultsFolder, { recursive: true });

let counts = noCounts;
for (const host of /** @type {const} */ (['node', 'web'])) {
  if (positionals.length > 0 && !positionals.includes(host)) continue;
  console.log(`\nIn the ${host} extension host`);
  counts = addCounts(counts, await runIn(host));
}
console.log(describeCounts(counts));
process.exit(counts.failed > 0 ? 1 : 0);

/**
 * Runs the suite in one host. Whatever goes wrong on the way counts as a failed test.
 *
 * @param {keyof typeof hosts} host
 * @returns {Promise<import('./lib/counts.mjs').Counts>}
 */
async function runIn(host) {
  const profile = temporaryProfile(hosts[host]);
  const workspace = path.join(profile.folder, 'samples');
  cpSync(inProject('samples'), workspace, { recursive: true });

  const server = await startServer(ensureVsCodeServer(), profile, { testDriver: true });
  const browser = await launchChromium();
  const page = await openPage(browser);
  try {
    /** @type {string[]} */
    const lines = [];
    // VS Code calls these two functions of the page when it was started with the tests' path.
    await page.exposeFunction('codeAutomationLog', (/** @type {string} */ level, /** @type {unknown[]} */ args) => {
      const text = format(...args);
      if (chatter.test(text) && !options.verbose) return;
      lines.push(text);
      (level === 'error' ? console.error : console.log)(text);
    });
    const exitCode = await new Promise((resolve, reject) => {
      setTimeout(() => reject(new Error(`no result after ${patienceMs / 1000} s`)), patienceMs).unref();
      page.on('crash', () => reject(new Error('the page crashed')));
      page
        .exposeFunction('codeAutomationExit', resolve)
        .then(() => page.goto(testUrl(server, workspace)))
        .catch(reject);
    });
    if (!lines.includes(`extension host: ${host}`)) throw new Error(`this was not the ${host} extension host`);
    const counted = countsIn(lines.join('\n'));
    if (counted === undefined) throw new Error(`the suite ended with exit code ${exitCode} and no counts`);
    return counted;
  } catch (error) {
    console.error(error);
    const picture = path.join(resultsFolder, `host-${host}-failure.png`);
    await page.screenshot({ path: picture }).catch(() => undefined);
    return { ...noCounts, failed: 1 };
  } finally {
    await browser.close();
    await server.stop();
    profile.remove();
  }
}

/** @param {import('./lib/workbenchServer.mjs').RunningServer} server @param {string} workspace */
function testUrl(server, workspace) {
  const remote = (/** @type {string} */ file) => `vscode-remote://${server.authority}${file}`;
  return folderUrl(server, workspace, [
    ['extensionDevelopmentPath', remote(root)],
    ['extensionTestsPath', remote(inProject('out/host/index'))],
    ['skipWelcome', 'true'],
  ]);
}
