/** The stage of an end-to-end scenario: a fresh VS Code server with the packaged extension, and a browser on it. */
import { cpSync, existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { inProject, resultsFolder, shown, vsixFile } from '../../../scripts/lib/project.mjs';
import { ensureVsCodeServer } from '../../../scripts/lib/vscodeServer.mjs';
import {
  configure,
  folderUrl,
  installExtension,
  startServer,
  temporaryProfile,
} from '../../../scripts/lib/workbenchServer.mjs';
import { launchChromium, openPage } from './browser.mjs';
import { Workbench } from './workbench.mjs';

/**
 * @typedef {object} Stage
 * @property {string} [workspace] the folder to open, a copy of which is opened; `samples` unless told
 * @property {Readonly<Record<string, unknown>>} [settings] the person's settings
 */

/**
 * Opens a workspace in a fresh VS Code in which the packaged extension is installed, lets the scenario act, and clears
 * everything away. If the scenario fails, a picture of that moment is left in the results.
 *
 * @param {Stage} stage
 * @param {(workbench: Workbench) => Promise<void>} scenario
 */
export async function withWorkbench({ workspace = 'samples', settings = {} }, scenario) {
  if (!existsSync(vsixFile)) throw new Error(`${shown(vsixFile)} is missing: npm run package`);
  const vscode = ensureVsCodeServer();
  const profile = temporaryProfile(settings);
  /** @type {(() => Promise<unknown> | void)[]} */
  const cleanUp = [profile.remove];
  try {
    const folder = path.join(profile.folder, path.basename(workspace));
    cpSync(inProject(workspace), folder, { recursive: true });
    installExtension(vscode, profile, vsixFile);

    const server = await startServer(vscode, profile);
    cleanUp.unshift(server.stop);
    const browser = await launchChromium();
    cleanUp.unshift(() => browser.close());

    const page = await openPage(browser);
    const workbench = new Workbench(page, folder, (changed) => configure(profile, { ...settings, ...changed }));
    try {
      await workbench.open(folderUrl(server, folder));
      await scenario(workbench);
    } catch (error) {
      await reportFailure(page, server.log);
      throw error;
    }
  } finally {
    for (const step of cleanUp) await step();
  }
}

/** @param {import('playwright-core').Page} page @param {string} log */
async function reportFailure(page, log) {
  mkdirSync(resultsFolder, { recursive: true });
  const picture = path.join(
    resultsFolder,
    `failure-${path.basename(process.argv[1] ?? 'e2e', '.mjs')}-${Date.now()}.png`,
  );
  await page.screenshot({ path: picture }).catch(() => undefined);
  console.error(`picture of the failure: ${shown(picture)}`);
  const lastLines = readFileSync(log, 'utf8').trimEnd().split('\n').slice(-10);
  console.error(`the server's last lines:\n  ${lastLines.join('\n  ')}`);
}
