/** Chromium, as the system has it: nothing is downloaded. */
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import { findCommand } from '../../../scripts/lib/processes.mjs';

const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];
const macApplications = ['Google Chrome', 'Chromium', 'Microsoft Edge'];

/** The browser's program: `CHROMIUM` if set, else what is installed, else undefined. */
export function findChromium() {
  const named = process.env['CHROMIUM'];
  if (named) return named;
  const applications = macApplications.map((name) => `/Applications/${name}.app/Contents/MacOS/${name}`);
  return commands.map(findCommand).find((file) => file !== undefined) ?? applications.find(existsSync);
}

/** @throws {Error} if there is no Chromium */
export async function launchChromium() {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error('no Chromium on this machine');
  return chromium.launch({
    executablePath,
    args: [
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-dev-shm-usage',
      '--disable-gpu',
      '--disable-quic',
      '--disable-sync',
      '--no-first-run',
    ],
  });
}

/**
 * A page that reaches this machine and nothing else, so that a test sees the same world with and without the internet.
 *
 * @param {import('playwright-core').Browser} browser
 */
export async function openPage(browser) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const isForeign = (/** @type {URL} */ url) =>
    /^https?:$/.test(url.protocol) && !['127.0.0.1', 'localhost'].includes(url.hostname);
  await context.route(isForeign, (route) => route.abort());
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  return page;
}
