import { assert } from 'chai';
import * as vscode from 'vscode';

const extensionId = 'failover-lens.kafka-failover-lens';

suite('activation', () => {
  test('opening a placement file activates the extension', async () => {
    const [placement] = await vscode.workspace.findFiles('placements/*.json', null, 1);
    assert.isDefined(placement, 'the sample workspace has placement files');

    await vscode.window.showTextDocument(placement!);

    const extension = vscode.extensions.getExtension(extensionId);
    assert.isDefined(extension, `${extensionId} is known to VS Code`);
    await extension?.activate();
    assert.isTrue(extension?.isActive);
  });
});
