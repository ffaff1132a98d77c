/**
 * Takes the README's pictures from the sample workspace, in a real VS Code:
 *
 *   npm run package && node scripts/readme-pictures.mjs
 *
 * Look at them before committing: a picture is read more often than the code behind it.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { withWorkbench } from '../test/e2e/lib/withWorkbench.mjs';
import { exitOnSignals } from './lib/processes.mjs';
import { extensionId, inProject, shown } from './lib/project.mjs';

const folder = inProject('media/readme');
mkdirSync(folder, { recursive: true });
exitOnSignals();

const settings = { 'editor.minimap.enabled': false, 'workbench.activityBar.location': 'hidden' };

await withWorkbench({ settings }, async (workbench) => {
  const { page } = workbench;
  await page.setViewportSize({ width: 1480, height: 800 });
  await workbench.useTheme('dark');
  await workbench.command('View: Toggle Primary Side Bar Visibility');
  await workbench.openFile('payments.json');
  await workbench.followCodeLens('Loss of west or east stops writes');
  const panel = workbench.webview(extensionId);
  await panel.getByRole('heading', { name: 'payments', level: 1 }).waitFor();
  await panel.getByRole('heading', { name: 'What would help' }).waitFor();
  await workbench.goTo(3, 5);
  await page
    .locator('.codicon-light-bulb, .codicon-lightbulb, [class*="lightbulb"], [class*="gutter-lightbulb"]')
    .first()
    .waitFor();
  await page.keyboard.press('Control+.');
  await page.locator('.action-widget .monaco-list-row.action').first().waitFor();
  await page.screenshot({ path: file('main.png') });

  await page.keyboard.press('Escape');
  await workbench.openFile('orders.json');
  await workbench.followCodeLens('Survives any one datacenter');
  await panel.getByRole('heading', { name: 'orders', level: 1 }).waitFor();
  await workbench.command('View: Close All Editors in Group');
  await page.setViewportSize({ width: 1100, height: 2400 });
  const lanes = panel.locator('svg.lanes');
  await lanes.waitFor();
  // The step at which the observer is promoted, which is what the picture is about.
  await panel
    .getByRole('button', { name: /admits observer|promoted/ })
    .first()
    .click();
  const [head, play] = [await box(panel.locator('header')), await box(panel.locator('section.play'))];
  const margin = 16;
  const x = head.x - margin;
  const width = head.width + 2 * margin;
  const top = head.y - margin;
  await page.screenshot({ path: file('failures.png'), clip: { x, y: top, width, height: play.y - top - margin } });
  await page.screenshot({
    path: file('played-out.png'),
    clip: { x, y: play.y - margin, width, height: play.height + 2 * margin },
  });
});

/** @param {string} name */
function file(name) {
  const picture = path.join(folder, name);
  console.log(shown(picture));
  return picture;
}

/** @param {import('playwright-core').Locator} locator */
async function box(locator) {
  const found = await locator.boundingBox();
  if (found === null) throw new Error(`${locator} is not on the screen`);
  return found;
}
