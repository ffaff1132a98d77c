import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, open, sample, until } from './support';

/** The panel's tab. VS Code prefixes the view type of an extension's webview. */
function panelTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith('failoverLens.simulation'),
    );
}

suite('the panel', () => {
  teardown(closeAll);

  test('opens beside the editor, which keeps the focus', async () => {
    const { uri } = await open(sample('placements/orders.json'));

    await vscode.commands.executeCommand('failoverLens.openSimulation');

    const [tab] = await until('the panel', panelTabs, (tabs) => tabs.length > 0);
    assert.equal(tab!.label, 'Failover simulation');
    assert.notEqual(tab!.group.viewColumn, vscode.window.activeTextEditor?.viewColumn);
    assert.equal(vscode.window.activeTextEditor?.document.uri.toString(), uri.toString());
  });

  test('opens once, however often it is asked for', async () => {
    await open(sample('placements/orders.json'));
    await vscode.commands.executeCommand('failoverLens.openSimulation');
    await until('the panel', panelTabs, (tabs) => tabs.length === 1);

    await vscode.commands.executeCommand('failoverLens.openSimulation');
    await vscode.commands.executeCommand('failoverLens.openSimulation', 'no such topic');

    assert.lengthOf(panelTabs(), 1);
  });

  test('can be closed and opened again', async () => {
    await vscode.commands.executeCommand('failoverLens.openSimulation');
    const [tab] = await until('the panel', panelTabs, (tabs) => tabs.length === 1);
    await vscode.window.tabGroups.close(tab!);
    await until('no panel', panelTabs, (tabs) => tabs.length === 0);

    await vscode.commands.executeCommand('failoverLens.openSimulation');

    await until('the panel again', panelTabs, (tabs) => tabs.length === 1);
  });
});

suite('a cluster file', () => {
  teardown(closeAll);

  test('is written for the person to correct, and not saved', async () => {
    await open(sample('placements/orders.json'));

    await vscode.commands.executeCommand('failoverLens.createClusterFile');

    const editor = await until(
      'the new file',
      () => vscode.window.activeTextEditor,
      (active) => active?.document.isUntitled === true,
    );
    assert.match(editor!.document.uri.path, /kafka-cluster\.json$/);
    assert.equal(editor!.document.languageId, 'jsonc');
    assert.include(editor!.document.getText(), '"west": {');
  });
});
