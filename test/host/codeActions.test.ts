import { assert } from 'chai';
import * as vscode from 'vscode';
import { actionNamed, actionsAt, closeAll, findingOf, open, openNew, sample, until, untilGone } from './support';

suite('code actions', () => {
  teardown(closeAll);

  test('add observers, and the finding is gone', async () => {
    const document = await open(sample('placements/payments.json'));
    const { range } = await findingOf(document.uri, 'datacenter-loss-stops-writes');

    const action = await actionNamed(document.uri, range, /observer/i);
    assert.isTrue(action.isPreferred);
    assert.isTrue(await vscode.workspace.applyEdit(action.edit!));

    assert.match(document.getText(), /"observers": \[\n {4}\{\n {6}"count": 1,/);
    await untilGone(document.uri, 'datacenter-loss-stops-writes');
  });

  test('give an old placement version 2', async () => {
    const document = await open(sample('placements/inventory.json'));
    const { range } = await findingOf(document.uri, 'version-1-with-observers');

    const action = await actionNamed(document.uri, range, /version 2/i);
    await vscode.workspace.applyEdit(action.edit!);

    assert.match(document.getText(), /"version": 2/);
    await untilGone(document.uri, 'version-1-with-observers');
  });

  test('know the rack that was meant', async () => {
    const document = await open(sample('placements/shipments.json'));
    const { range } = await findingOf(document.uri, 'rack-unknown');

    const action = await actionNamed(document.uri, range, /"east"|`east`|\beast\b/);
    await vscode.workspace.applyEdit(action.edit!);

    assert.notInclude(document.getText(), '"East"');
    await untilGone(document.uri, 'rack-unknown');
  });

  test('prefer at most one', async () => {
    const document = await open(sample('placements/payments.json'));
    const { range } = await findingOf(document.uri, 'datacenter-loss-stops-writes');
    await actionNamed(document.uri, range, /observer/i);

    const everywhere = new vscode.Range(0, 0, document.lineCount, 0);
    const actions = await actionsAt(document.uri, everywhere);

    assert.isAtMost(actions.filter(({ isPreferred }) => isPreferred === true).length, 1);
  });

  test('fix mechanical things all at once', async () => {
    const document = await openNew(
      '{ "version": 2, "replicas": [{ "cuont": 2, "constraints": { "rack": "west" } }], "observer": [] }',
    );
    await findingOf(document.uri, 'unknown-field');
    const whole = new vscode.Range(0, 0, document.lineCount, 0);

    const [action] = await until(
      'an action that fixes all',
      () => actionsAt(document.uri, whole, vscode.CodeActionKind.SourceFixAll.append('failoverLens')),
      (actions) => actions.length > 0,
    );
    await vscode.workspace.applyEdit(action!.edit!);

    assert.include(document.getText(), '"count": 2');
    assert.include(document.getText(), '"observers": []');
  });

  test('disable a rule in the settings', async () => {
    const document = await open(sample('placements/payments.json'));
    const { range } = await findingOf(document.uri, 'datacenter-loss-stops-writes');
    const action = await actionNamed(document.uri, range, /Disable the rule datacenter-loss-stops-writes/);
    try {
      await vscode.commands.executeCommand(action.command!.command, ...(action.command!.arguments ?? []));

      await untilGone(document.uri, 'datacenter-loss-stops-writes');
      const rules = vscode.workspace.getConfiguration('failoverLens').get('rules');
      assert.deepEqual(rules, { 'datacenter-loss-stops-writes': 'off' });
    } finally {
      await vscode.workspace
        .getConfiguration('failoverLens')
        .update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });
});
