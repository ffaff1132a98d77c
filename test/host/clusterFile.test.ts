import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, findingOf, open, sample, until } from './support';

const create = () => vscode.commands.executeCommand('failoverLens.createClusterFile');

suite('a new cluster file', () => {
  const written = () => sample('shop.kafka-cluster.json');

  teardown(async () => {
    await closeAll();
    await vscode.workspace.fs.delete(written()).then(undefined, () => undefined);
  });

  test('is offered unsaved, with what was found', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');

    await create();

    const text = vscode.window.activeTextEditor?.document.getText() ?? '';
    assert.match(text, /"west": \{\s+"racks": \{ "west": \[101, 102, 103, 104\] \}/);
    assert.isTrue(vscode.window.activeTextEditor?.document.isUntitled);
  });

  test('is not written where there is one, whatever it is called', async () => {
    const text =
      '{ "datacenters": { "west": { "racks": { "west": [1, 2] } }, "east": { "racks": { "east": [3, 4] } } } }';
    await vscode.workspace.fs.writeFile(written(), new TextEncoder().encode(text));
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'rack-no-spare');

    await create();

    await until(
      'the file that is there',
      () => vscode.window.activeTextEditor?.document.uri.toString() === written().toString(),
    );
  });
});
