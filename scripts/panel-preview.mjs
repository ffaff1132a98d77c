// Draws the panel's fixtures in four themes and several widths: `node scripts/panel-preview.mjs [name…]` writes
// test-results/panel/NAME-THEME-WIDTH.png. For looking at; the pages are checked by test/e2e/panel-page.mjs.
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { launch, load, openPanel, panelFiles, showing } from '../test/e2e/lib/panel-page.mjs';
import { themes } from '../test/e2e/lib/themes.mjs';

const folder = fileURLToPath(new URL('../test-results/panel', import.meta.url));
const { models, sixTopics, topicChoices } = await load('test/fixtures/panel/all.ts');
const all = Object.keys(themes);

const pictures = [
  { name: 'orders', themes: all, widths: [400, 700, 1120, 1400], step: 3 },
  { name: 'payments', themes: all, widths: [1120], step: 2 },
  { name: 'assumed', themes: ['dark', 'light'], widths: [1120] },
  { name: 'one', themes: ['dark'], widths: [700], step: 1 },
  { name: 'nine', themes: ['dark', 'light'], widths: [1120], step: 5 },
  { name: 'hostile', themes: ['dark'], widths: [400, 1120] },
  { name: 'endless', themes: ['dark'], widths: [700] },
  { name: 'picker', themes: all, widths: [700] },
  { name: 'empty', themes: all, widths: [700] },
  { name: 'busy', themes: ['dark'], widths: [700] },
];

async function draw(browser, files, { name, step = 0 }, theme, width) {
  const kept = {
    topic: models[name]?.key ?? null,
    scenario: models[name]?.play?.scenario ?? null,
    step,
    more: false,
    scrollTop: 0,
  };
  const panel = await openPanel(browser, files, { theme, width, height: 700, kept });
  if (name === 'empty')
    await panel.send({
      kind: 'empty',
      title: 'Nothing to simulate yet',
      explanation: 'Open a replica placement file, a script that creates topics, or a *.kafka-cluster.json.',
    });
  else if (name === 'busy') {
    await panel.send({ kind: 'busy' });
    await panel.page.getByText('Simulating…').waitFor();
  } else if (name === 'picker') {
    await panel.send(showing(models.payments, [...topicChoices(2000), ...sixTopics]));
    await panel.page.getByRole('combobox').click();
    await panel.page.keyboard.type('team-3');
    await panel.page.keyboard.press('ArrowDown');
  } else await panel.send(showing(models[name], name === 'hostile' || name === 'endless' ? undefined : sixTopics));
  const file = path.join(folder, `${name}-${theme}-${width}.png`);
  await panel.page.screenshot({ path: file, fullPage: true });
  if (panel.complaints.length > 0) console.log(`${file}:`, panel.complaints);
  await panel.close();
}

await mkdir(folder, { recursive: true });
const wanted = process.argv.slice(2);
const [browser, files] = await Promise.all([launch(), panelFiles()]);
try {
  for (const picture of pictures.filter(({ name }) => wanted.length === 0 || wanted.includes(name))) {
    for (const theme of picture.themes)
      for (const width of picture.widths) await draw(browser, files, picture, theme, width);
  }
} finally {
  await browser.close();
}
