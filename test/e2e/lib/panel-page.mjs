// The panel's page in a plain Chromium, with the shell and the content security policy of the product, and this file in
// the role of VS Code: it sets the theme's variables and answers for `acquireVsCodeApi`.
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { chromium } from 'playwright-core';
import { themes } from './themes.mjs';

const project = fileURLToPath(new URL('../../..', import.meta.url));
const origin = 'http://panel.test';

/** Bundles a module of the project, in memory. */
async function bundle(file, format) {
  const result = await build({
    entryPoints: [path.join(project, file)],
    bundle: true,
    format,
    platform: 'browser',
    target: 'es2022',
    write: false,
    logLevel: 'error',
  });
  return result.outputFiles[0].text;
}

/** Loads a TypeScript module of the project into this process. */
export async function load(file) {
  const text = await bundle(file, 'esm');
  return import(`data:text/javascript;base64,${Buffer.from(text).toString('base64')}`);
}

export async function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--force-color-profile=srgb', '--font-render-hinting=none'],
  });
}

/** Everything a page needs, built once for many pages. */
export async function panelFiles() {
  const [script, { panelHtml }, style] = await Promise.all([
    bundle('src/panel/main.ts', 'iife'),
    load('src/panel/shell.ts'),
    readFile(path.join(project, 'media/panel.css'), 'utf8'),
  ]);
  const shell = panelHtml({
    cspSource: origin,
    nonce: 'n0nce',
    scriptUri: `${origin}/panel.js`,
    styleUri: `${origin}/panel.css`,
  });
  return { script, style, shell };
}

/** Opens the panel as VS Code would; `kept` is what `getState` returns. */
export async function openPanel(
  browser,
  files,
  { theme = 'dark', width = 1120, height = 900, kept = null, media = {} } = {},
) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', ...media });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.route('**/*', (route) => {
    const { pathname } = new URL(route.request().url());
    if (pathname === '/') return route.fulfill({ contentType: 'text/html', body: files.shell });
    if (pathname === '/panel.js') return route.fulfill({ contentType: 'text/javascript', body: files.script });
    if (pathname === '/panel.css') return route.fulfill({ contentType: 'text/css', body: files.style });
    complaints.push(`asked for ${pathname}`);
    return route.abort();
  });
  await page.addInitScript(beVsCode, { ...themes[theme], kept });
  await page.goto(`${origin}/`);
  return {
    page,
    complaints,
    send: (message) => page.evaluate((data) => window.dispatchEvent(new MessageEvent('message', { data })), message),
    posts: () => page.evaluate(() => window.posts),
    kept: () => page.evaluate(() => window.kept),
    close: () => context.close(),
  };
}

/** Runs in the page, before its own script. */
function beVsCode({ kind, colors, kept }) {
  window.posts = [];
  window.kept = kept;
  window.acquireVsCodeApi = () => ({
    postMessage: (message) => window.posts.push(message),
    getState: () => window.kept,
    setState: (state) => {
      window.kept = structuredClone(state);
    },
  });
  const dress = () => {
    for (const [name, value] of Object.entries(colors))
      document.documentElement.style.setProperty(`--vscode-${name}`, value);
    document.body?.classList.add(kind);
    return document.body !== null;
  };
  if (document.documentElement === null || !dress()) document.addEventListener('DOMContentLoaded', dress);
}

/** The message that shows a fixture, as the host would send it. */
export function showing(topic, topics = [{ key: topic.key, name: topic.name, mark: 'warning' }]) {
  return { kind: 'show', topics, topic, selectedScenario: topic.play?.scenario ?? '' };
}
