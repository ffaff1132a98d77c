/**
 * The panel's page in a plain Chromium, in the product's own shell and under its content security policy. This file
 * plays the part of VS Code: it sets the theme's variables as VS Code does and answers for `acquireVsCodeApi`.
 *
 * @typedef {{ script: string, style: string, shell: string }} PanelFiles
 * @typedef {keyof typeof themes} Theme
 * @typedef {object} PanelOptions
 * @property {Theme} [theme]
 * @property {number} [width]
 * @property {number} [height]
 * @property {unknown} [kept] what `getState` returns
 * @property {boolean} [stopClock] time passes only as the test says
 */
import { build } from 'esbuild';
import { inProject } from '../../../scripts/lib/project.mjs';
import { themes } from './themes.mjs';

const origin = 'http://panel.test';

/**
 * Bundles a module or a style sheet of the project, in memory.
 *
 * @param {string} file @param {import('esbuild').Format} [format] of a module
 */
async function bundle(file, format) {
  const result = await build({
    entryPoints: [inProject(file)],
    bundle: true,
    ...(format === undefined ? {} : { format }),
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  const text = result.outputFiles[0]?.text;
  if (text === undefined) throw new Error(`nothing came out of ${file}`);
  return text;
}

/**
 * Loads a TypeScript module of the project into this process.
 *
 * @param {string} file
 */
export async function load(file) {
  const text = await bundle(file, 'esm');
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

/**
 * What a page needs, built once for many pages.
 *
 * @returns {Promise<PanelFiles>}
 */
export async function panelFiles() {
  const [script, { panelHtml }, style] = await Promise.all([
    bundle('src/panel/main.ts', 'iife'),
    load('src/panel/shell.ts'),
    bundle('src/panel/styles/panel.css'),
  ]);
  const uris = { scriptUri: `${origin}/panel.js`, styleUri: `${origin}/panel.css` };
  return { script, style, shell: panelHtml({ cspSource: origin, nonce: 'n0nce', ...uris }) };
}

/**
 * Opens the panel as VS Code would.
 *
 * @param {import('playwright-core').Browser} browser @param {PanelFiles} files @param {PanelOptions} [options]
 */
export async function openPanel(browser, files, options = {}) {
  const { theme = 'dark', width = 1120, height = 900, kept = null, stopClock = false } = options;
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(10_000);
  const complaints = await collectComplaints(page, files);
  if (stopClock) {
    await page.clock.install({ time: 0 });
    await page.clock.pauseAt(1000);
  }
  await page.addInitScript(beVsCode, { ...themes[theme], kept });
  await page.goto(`${origin}/`);
  return {
    page,
    /** Errors, warnings, dialogs and requests for anything but the two files: there should be none. */
    complaints,
    /** @param {unknown} message */
    send: (message) =>
      page.evaluate((data) => void window.dispatchEvent(new MessageEvent('message', { data })), message),
    /** What the page has posted so far. @returns {Promise<unknown[]>} */
    posts: () => page.evaluate(() => Reflect.get(window, 'posts')),
    /** What the page has kept. @returns {Promise<unknown>} */
    kept: () => page.evaluate(() => Reflect.get(window, 'kept')),
    close: () => context.close(),
  };
}

/**
 * Serves the shell and its two files, and nothing else.
 *
 * @param {import('playwright-core').Page} page @param {PanelFiles} files
 */
async function collectComplaints(page, files) {
  /** @type {string[]} */
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  const served = new Map([
    ['/', { contentType: 'text/html', body: files.shell }],
    ['/panel.js', { contentType: 'text/javascript', body: files.script }],
    ['/panel.css', { contentType: 'text/css', body: files.style }],
  ]);
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    const answer = served.get(pathname);
    if (answer !== undefined) return route.fulfill(answer);
    complaints.push(`asked for ${pathname}`);
    return route.abort();
  });
  return complaints;
}

/**
 * Runs in the page, before its own script.
 *
 * @param {{ kind: string, colors: Record<string, string>, kept: unknown }} vsCode
 */
function beVsCode({ kind, colors, kept }) {
  /** @type {unknown[]} */
  const posts = [];
  Object.assign(window, {
    posts,
    kept,
    acquireVsCodeApi: () => ({
      postMessage: (/** @type {unknown} */ message) => posts.push(message),
      getState: () => Reflect.get(window, 'kept'),
      setState: (/** @type {unknown} */ state) => Object.assign(window, { kept: structuredClone(state) }),
    }),
  });
  document.addEventListener('DOMContentLoaded', () => {
    const { style } = document.documentElement;
    for (const [name, value] of Object.entries(colors)) style.setProperty(`--vscode-${name}`, value);
    document.body.classList.add(kind);
  });
}

/**
 * The message by which the host shows a topic.
 *
 * @param {{ key: string, name: string, play: { scenario: string } | null }} topic @param {readonly unknown[]} [topics]
 */
export function showing(topic, topics = [{ key: topic.key, name: topic.name, detail: '', mark: 'warning' }]) {
  return { kind: 'show', topics, topic, selectedScenario: topic.play?.scenario ?? '' };
}
