/**
 * The VS Code workbench as a person meets it: a page object, so that a scenario says what somebody does and sees.
 *
 * The editor's page lags behind its model by a frame or more, and code actions come when they come: so everything here
 * waits for what it is asked for, and nothing is read once and trusted.
 *
 * Selectors are those of the VS Code in `scripts/vscode-server/`.
 *
 * @typedef {import('playwright-core').Page} Page
 * @typedef {import('playwright-core').Locator} Locator
 */
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { resultsFolder } from '../../../scripts/lib/project.mjs';

const startPatienceMs = 60_000;
const pollMs = 50;

/** Colour themes that come with VS Code, by their labels, with the class that each puts on the workbench. */
const themes = {
  light: { name: 'Light Modern', marker: 'vs' },
  dark: { name: 'Dark Modern', marker: 'vs-dark' },
  'hc-light': { name: 'Light High Contrast', marker: 'hc-light' },
  'hc-dark': { name: 'Dark High Contrast', marker: 'hc-black' },
};

export class Workbench {
  /**
   * @param {Page} page the browser's page
   * @param {string} workspace the open folder, on the disk
   * @param {(settings: Readonly<Record<string, unknown>>) => void} configure sets the person's settings
   */
  constructor(page, workspace, configure) {
    this.page = page;
    this.workspace = workspace;
    this.configure = configure;
  }

  /** Opens a folder's page and waits until the workbench answers. @param {string} url */
  async open(url) {
    await this.page.goto(url, { waitUntil: 'domcontentloaded' });
    await this.page.locator('.monaco-workbench .part.statusbar').waitFor({ timeout: startPatienceMs });
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: startPatienceMs });
  }

  /** Reloads the window as its own command does: what a browser's reload cuts off, it saves first. */
  async reload() {
    await Promise.all([this.page.waitForEvent('load'), this.command('Developer: Reload Window')]);
    await this.page.locator('.explorer-folders-view .monaco-list-row').first().waitFor({ timeout: startPatienceMs });
  }

  /** Runs a command by its title, as from the command palette. @param {string} title */
  async command(title) {
    await this.#quickInput(`>${title}`);
    await this.#quickInputRows.filter({ hasText: title }).first().click();
  }

  /** Opens a file of the workspace by its name. @param {string} name */
  async openFile(name) {
    await this.#quickInput(name);
    await this.page.locator(`.quick-input-widget:visible .monaco-list-row[aria-label^="${name}"]`).first().waitFor();
    await this.page.keyboard.press('Enter');
    await this.tab(name).waitFor();
    await this.editor.locator('.view-line').first().waitFor();
  }

  /** Puts the cursor somewhere in the active editor. @param {number} line @param {number} [column] both from 1 */
  async goTo(line, column = 1) {
    await this.#quickInput(`:${line}:${column}`);
    await this.page.keyboard.press('Enter');
    await this.#quickInputBox.waitFor({ state: 'hidden' });
    await this.#editorHasFocus();
  }

  /** Saves the active editor and waits until nothing is left to save. */
  async save() {
    await this.command('File: Save');
    await this.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
  }

  /** Saves a new file where VS Code proposes to, which is where it was named. @param {string} name */
  async saveNew(name) {
    await this.command('File: Save');
    const proposed = this.#quickInputBox.or(this.page.locator('.tabs-container .tab.active:not(.dirty)'));
    await proposed.first().waitFor();
    if (await this.#quickInputBox.isVisible()) await this.page.keyboard.press('Enter');
    await this.page.locator('.tabs-container .tab.active.dirty').waitFor({ state: 'detached' });
    await this.tab(name).waitFor();
  }

  /** A file of the workspace as it is on the disk. @param {string} name */
  readFile(name) {
    return readFileSync(path.join(this.workspace, name), 'utf8');
  }

  /** @param {string} name */
  tab(name) {
    return this.page.locator('.tabs-container .tab', { hasText: name });
  }

  /** The active text editor. */
  get editor() {
    return this.page
      .locator(
        '.editor-group-container.active .monaco-editor[role="code"], .editor-group-container.active .monaco-editor',
      )
      .first();
  }

  /** The lines of the active editor that are on the screen. */
  async editorText() {
    const lines = await this.editor.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: Number.parseFloat(element.style.top), text: element.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    // VS Code draws blanks as no-break spaces.
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits until the text on the screen matches. @param {RegExp} pattern */
  waitForEditorText(pattern) {
    return this.#until(
      `the editor's text to match ${pattern}`,
      () => this.editorText(),
      (text) => pattern.test(text),
    );
  }

  /** The squiggly lines in the active editor. @param {'error' | 'warning' | 'info' | 'hint'} level */
  squiggles(level) {
    return this.editor.locator(`.view-overlays .squiggly-${level}`);
  }

  /** The code lenses in the active editor that say something. @param {string | RegExp} text */
  codeLens(text) {
    return this.editor.locator('.codelens-decoration a', { hasText: text });
  }

  /**
   * Follows a code lens. Where the mouse was, a hover may hang over the middle of a long lens: so the mouse leaves first, and then
   * comes to the lens's beginning.
   * @param {string | RegExp} text
   */
  async followCodeLens(text) {
    await this.page.mouse.move(0, 0);
    await this.codeLens(text).click({ position: { x: 8, y: 8 } });
  }

  /** The rows of the Problems view, which this opens. */
  async problems() {
    await this.command('Problems: Focus on Problems View');
    await this.page.locator('.markers-panel').waitFor();
    return this.page.locator('.markers-panel .monaco-list-row');
  }

  /** Puts the cursor at a problem. @param {string | RegExp} text */
  async goToProblem(text) {
    const row = (await this.problems()).filter({ hasText: text }).first();
    await row.dblclick();
    await this.#editorHasFocus();
  }

  /** The hover at the cursor, opened; its text is in it. */
  async hover() {
    await this.command('Show or Focus Hover');
    const hover = this.page.locator('.monaco-resizable-hover:visible, .monaco-hover:visible').first();
    await hover.waitFor();
    return hover;
  }

  /** The titles that the quick-fix menu offers at the cursor. */
  async quickFixes() {
    const titles = await this.#quickFixMenu().then((rows) => rows.allInnerTexts());
    await this.page.keyboard.press('Escape');
    return titles.map((title) => title.trim());
  }

  /** Applies a quick fix that is offered at the cursor. @param {string | RegExp} title */
  async applyQuickFix(title) {
    const rows = await this.#quickFixMenu();
    const wanted = rows.filter({ hasText: title }).first();
    await wanted.waitFor();
    // By keyboard, which works however the menu is covered or scrolled.
    for (let step = await rows.count(); !/\bfocused\b/.test((await wanted.getAttribute('class')) ?? ''); step--) {
      if (step === 0) throw new Error(`the quick fix ${title} cannot be reached: ${await rows.allInnerTexts()}`);
      await this.page.keyboard.press('ArrowDown');
    }
    await this.page.keyboard.press('Enter');
    await wanted.waitFor({ state: 'hidden' });
  }

  /** The page inside a webview of an extension. @param {string} extension its identifier */
  webview(extension) {
    // Two frames deep: VS Code's own with the service worker, and in it the extension's.
    return this.page
      .locator(`iframe.webview[src*="extensionId=${extension}"]`)
      .first()
      .contentFrame()
      .locator('iframe#active-frame')
      .contentFrame();
  }

  /** The notifications on the screen. @param {string | RegExp} [text] */
  notifications(text = '') {
    return this.page.locator('.notifications-toasts .notification-list-item-message', { hasText: text });
  }

  /** Switches the colour theme. @param {keyof typeof themes} theme */
  async useTheme(theme) {
    const { name, marker } = themes[theme];
    await this.command('Preferences: Color Theme');
    await this.#quickInputBox.fill(name);
    // The list's rows carry the theme's name alone; `Light Modern` must not pick `Light Modern (something)`.
    await this.page.locator(`.quick-input-widget:visible .monaco-list-row[aria-label^="${name}"]`).first().click();
    await this.page.locator(`.monaco-workbench.${marker}`).waitFor();
  }

  /**
   * What a screen reader is told, as an indented outline.
   *
   * @param {Locator} [part] of the page; all of it unless told
   */
  ariaTree(part = this.page.locator('body')) {
    return part.ariaSnapshot();
  }

  /** Puts a picture of the window into the results. @param {string} name */
  async screenshot(name) {
    mkdirSync(resultsFolder, { recursive: true });
    await this.page.screenshot({ path: path.join(resultsFolder, `${name}.png`) });
  }

  get #quickInputBox() {
    return this.page.locator('.quick-input-widget:visible .quick-input-box input');
  }

  get #quickInputRows() {
    return this.page.locator('.quick-input-widget:visible .monaco-list-row');
  }

  /** Filled, not typed: the list would filter letter by letter. @param {string} text */
  async #quickInput(text) {
    // The only chord that no browser keeps for itself.
    await this.page.keyboard.press('F1');
    await this.#quickInputBox.fill(text);
  }

  /** Waits until the keyboard is in the text editor, and not in a list, a quick pick or a webview. */
  async #editorHasFocus() {
    await this.page.locator('.editor-group-container.active .monaco-editor.focused').waitFor();
  }

  /** The rows of the quick-fix menu at the cursor, which this opens. */
  async #quickFixMenu() {
    await this.#editorHasFocus();
    const menu = this.page.locator('.action-widget:not(.action-list-submenu-panel)');
    // The chord is dropped while code actions are still being computed.
    await this.#until(
      'the quick-fix menu to open',
      async () => {
        await this.page.keyboard.press('Control+.');
        await menu.waitFor({ timeout: 3_000 }).catch(() => undefined);
        return menu.isVisible();
      },
      (isOpen) => isOpen,
    );
    const rows = menu.locator('.monaco-list-row.action');
    await rows.first().waitFor();
    return rows;
  }

  /**
   * @template T
   * @param {string} what @param {() => Promise<T>} ask @param {(answer: T) => boolean} isGood
   * @returns {Promise<T>}
   */
  async #until(what, ask, isGood) {
    const patienceMs = 30_000;
    const givenUpAt = Date.now() + patienceMs;
    for (;;) {
      const answer = await ask();
      if (isGood(answer)) return answer;
      if (Date.now() > givenUpAt) throw new Error(`waited ${patienceMs} ms for ${what}; last: ${answer}`);
      await this.page.waitForTimeout(pollMs);
    }
  }
}
