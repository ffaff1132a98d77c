/**
 * The main job, as a person does it: open a folder, see what the loss of a datacenter does, apply a fix that was
 * simulated, see it gone, open the simulation and read its verdict. Pictures of each step are in the results.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { extensionId } from '../../scripts/lib/project.mjs';
import { withWorkbench } from './lib/withWorkbench.mjs';

test('from a squiggle to a topic that survives', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('payments.json');
    await workbench.codeLens('Loss of west or east stops writes').waitFor();
    await workbench.squiggles('warning').first().waitFor();
    await workbench.screenshot('main-job-1-squiggle');

    await workbench.goToProblem('stops acks=all writes to topic payments');
    await workbench.screenshot('main-job-2-problem');
    await workbench.applyQuickFix('Add 1 observer in each of west and east');
    await workbench.waitForEditorText(/"observers": \[/);
    await workbench.codeLens('Survives any one datacenter · writes pause up to').waitFor();
    await workbench.squiggles('warning').first().waitFor({ state: 'detached' });
    await workbench.screenshot('main-job-3-fixed');

    await workbench.save();
    const saved = JSON.parse(workbench.readFile('placements/payments.json'));
    assert.deepEqual(saved.observers, [
      { count: 1, constraints: { rack: 'west' } },
      { count: 1, constraints: { rack: 'east' } },
    ]);

    await workbench.followCodeLens('Survives any one datacenter');
    const panel = workbench.webview(extensionId);
    await panel.getByRole('heading', { name: 'payments', level: 1 }).waitFor();
    await panel.getByText('no acknowledged write is lost').first().waitFor();
    await panel.getByText('no headroom').first().waitFor();
    await panel.getByText('Proved. After the loss of any one datacenter').first().waitFor();
    await workbench.screenshot('main-job-4-panel');
  });
});

test('the simulation of a topic that goes offline, in every theme', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('clickstream.json');
    await workbench.followCodeLens('Loss of west takes it offline');
    const panel = workbench.webview(extensionId);
    await panel.getByRole('heading', { name: 'clickstream', level: 1 }).waitFor();
    await panel
      .getByRole('row', { name: /west, all at once/ })
      .first()
      .waitFor();
    for (const theme of /** @type {const} */ (['light', 'dark', 'hc-light', 'hc-dark'])) {
      await workbench.useTheme(theme);
      await workbench.screenshot(`main-job-theme-${theme}`);
    }
  });
});

test('the panel follows what is chosen in it, and what is saved', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('orders.json');
    await workbench.followCodeLens('Survives any one datacenter');
    const panel = workbench.webview(extensionId);
    await panel.getByRole('heading', { name: 'orders', level: 1 }).waitFor();

    await panel
      .getByRole('row', { name: /any one broker/ })
      .first()
      .click();
    await panel.getByRole('heading', { name: 'any one broker' }).waitFor();
    await workbench.screenshot('main-job-5-other-failure');

    await panel.getByRole('link', { name: /create-topics\.sh:12/ }).click();
    await workbench.tab('create-topics.sh').waitFor();
    await workbench.screenshot('main-job-6-source');
  });
});

test('the panel is there again after a reload, as it was left', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('orders.json');
    await workbench.followCodeLens('Survives any one datacenter');
    const panel = workbench.webview(extensionId);
    await panel
      .getByRole('row', { name: /any one broker/ })
      .first()
      .click();
    await panel.getByRole('heading', { name: 'any one broker' }).waitFor();

    await workbench.reload();

    await panel.getByRole('heading', { name: 'orders', level: 1 }).waitFor();
    await panel.getByRole('heading', { name: 'any one broker' }).waitFor();
    await workbench.screenshot('main-job-7-reloaded');
  });
});
