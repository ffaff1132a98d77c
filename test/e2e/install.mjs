/**
 * The packaged extension, installed in a VS Code that has never seen it: a file missing from the package, which no
 * test from the source tree can notice, shows here.
 */
import { test } from 'node:test';
import { withWorkbench } from './lib/withWorkbench.mjs';

test('the packaged extension is installed and becomes active on a placement file', () =>
  withWorkbench({ workspace: 'samples' }, async (workbench) => {
    await workbench.openFile('orders.json');

    await workbench.command('Developer: Show Running Extensions');

    const running = workbench.page.locator('.runtime-extensions-editor .monaco-list-row');
    await running
      .filter({ hasText: 'Failover Lens for Apache Kafka' })
      .filter({ hasText: /Activation: \d+ms/ })
      .waitFor();
    await workbench.screenshot('installed');
  }));
