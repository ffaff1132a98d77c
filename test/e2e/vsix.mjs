/** The package as a person installs it: nothing is missing, and it works in a fresh VS Code. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { extensionId } from '../../scripts/lib/project.mjs';
import { withWorkbench } from './lib/withWorkbench.mjs';

/** The folder into which VS Code unpacked the extension. @param {string} workspace */
function installedIn(workspace) {
  const extensions = path.resolve(workspace, '../extensions');
  const folder = readdirSync(extensions).find((name) => name.startsWith(extensionId));
  assert.ok(folder, `${extensionId} is installed`);
  return path.join(extensions, folder);
}

/** Paths that the manifest names. @param {unknown} value @returns {string[]} */
function pathsIn(value) {
  if (typeof value === 'string') return value.startsWith('./') || value.startsWith('media/') ? [value] : [];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(pathsIn) : [];
}

test('the package has what it names, and little else', async () => {
  await withWorkbench({}, async ({ workspace }) => {
    const folder = installedIn(workspace);
    const { bin: _, ...manifest } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
    const named = [...pathsIn(manifest), 'dist/panel.js', 'dist/panel.css', 'docs/rules.md', 'LICENSE.txt'];
    assert.deepEqual(
      named.filter(
        (file) => !existsSync(path.join(folder, file)) && !existsSync(path.join(folder, file.replace('.txt', ''))),
      ),
      [],
    );

    const readme = readFileSync(
      path.join(folder, existsSync(path.join(folder, 'readme.md')) ? 'readme.md' : 'README.md'),
      'utf8',
    );
    const pictures = [...readme.matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, file]) => file ?? '');
    assert.deepEqual(
      pictures.filter((file) => !existsSync(path.join(folder, file))),
      [],
    );

    const all = readdirSync(folder, { recursive: true }).map(String);
    assert.deepEqual(
      all.filter((file) => /node_modules|\.map$|\.ts$|^src|^test/.test(file)),
      [],
    );
  });
});

test('a cluster file that was written by the extension is understood by it, and by its schema', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('orders.json');
    await workbench.codeLens('Survives any one datacenter').waitFor();
    await workbench.command('Failover: Create Cluster File');
    await workbench.tab('kafka-cluster.json').waitFor();
    await workbench.waitForEditorText(/"west": \{/);
    await workbench.screenshot('vsix-1-cluster-file');

    await workbench.saveNew('kafka-cluster.json');

    await workbench.openFile('orders.json');
    await workbench.followCodeLens('Survives any one datacenter');
    const panel = workbench.webview(extensionId);
    await panel
      .getByRole('link', { name: /^kafka-cluster\.json:\d+$/ })
      .first()
      .waitFor();
    await workbench.screenshot('vsix-2-stated');
  });
});

test('the log has nothing to complain of', async () => {
  await withWorkbench({}, async (workbench) => {
    await workbench.openFile('shipments.json');
    await workbench.codeLens("Can't be created").waitFor();
    const logs = path.resolve(workbench.workspace, '../data/logs');
    const ours = readdirSync(logs, { recursive: true })
      .map(String)
      .filter((file) => /Failover Lens\.log$/.test(file));
    assert.equal(ours.length, 1, `one log among ${logs}`);
    assert.doesNotMatch(readFileSync(path.join(logs, ours[0] ?? ''), 'utf8'), /\[(error|warning)\]/);
  });
});
