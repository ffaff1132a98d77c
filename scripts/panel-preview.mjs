/**
 * Draws the panel's fixtures in four themes and several widths, for looking at:
 *
 *   node scripts/panel-preview.mjs [NAME…]      writes test-results/panel/NAME-THEME-WIDTH.png
 *
 * The page is checked by test/e2e/panel-page.mjs.
 *
 * @typedef {import('../test/e2e/lib/panelPage.mjs').Theme} Theme
 * @typedef {{ name: string, themes: readonly Theme[], widths: readonly number[], step?: number }} Picture
 */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { launchChromium } from '../test/e2e/lib/browser.mjs';
import { load, openPanel, panelFiles, showing } from '../test/e2e/lib/panelPage.mjs';
import { resultsFolder, shown } from './lib/project.mjs';

const folder = path.join(resultsFolder, 'panel');
const { models, sixTopics, topicChoices } = await load('test/fixtures/panel/all.ts');

/** @type {readonly Theme[]} */
const allThemes = ['dark', 'light', 'hc-dark', 'hc-light'];

/** @type {readonly Picture[]} */
const pictures = [
  { name: 'orders', themes: allThemes, widths: [400, 700, 1120, 1400], step: 3 },
  { name: 'payments', themes: allThemes, widths: [1120], step: 2 },
  { name: 'assumed', themes: ['dark', 'light'], widths: [1120] },
  { name: 'one', themes: ['dark'], widths: [700], step: 1 },
  { name: 'nine', themes: ['dark', 'light'], widths: [1120], step: 5 },
  { name: 'hostile', themes: ['dark'], widths: [400, 1120] },
  { name: 'endless', themes: ['dark'], widths: [700] },
  { name: 'picker', themes: allThemes, widths: [700] },
  { name: 'empty', themes: allThemes, widths: [700] },
  { name: 'busy', themes: ['dark'], widths: [700] },
];

/** @param {Awaited<ReturnType<typeof openPanel>>} panel @param {string} name */
async function show({ page, send }, name) {
  switch (name) {
    case 'empty':
      return send({
        kind: 'empty',
        title: 'Nothing to simulate yet',
        explanation: 'Open a replica placement, a script that creates topics, or a *.kafka-cluster.json.',
      });
    case 'busy':
      await send({ kind: 'busy' });
      return page.getByText('Simulating…').waitFor();
    case 'picker':
      await send(showing(models.payments, topicChoices(2000)));
      await page.getByRole('combobox').click();
      await page.keyboard.type('team-3');
      return page.keyboard.press('ArrowDown');
    default:
      return send(showing(models[name], name === 'hostile' || name === 'endless' ? undefined : sixTopics));
  }
}

const wanted = process.argv.slice(2);
await mkdir(folder, { recursive: true });
const [browser, files] = await Promise.all([launchChromium(), panelFiles()]);
try {
  for (const { name, themes, widths, step = 0 } of pictures) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    const topic = models[name];
    const kept = { topic: topic?.key ?? null, scenario: topic?.play.scenario ?? null, step };
    for (const [theme, width] of themes.flatMap((theme) =>
      widths.map((width) => /** @type {const} */ ([theme, width])),
    )) {
      const panel = await openPanel(browser, files, { theme, width, height: 700, kept });
      await show(panel, name);
      const file = path.join(folder, `${name}-${theme}-${width}.png`);
      await panel.page.screenshot({ path: file, fullPage: true });
      if (panel.complaints.length > 0) console.error(`${shown(file)}: ${panel.complaints.join('; ')}`);
      await panel.close();
    }
  }
  console.log(`Pictures in ${shown(folder)}/`);
} finally {
  await browser.close();
}
