import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, codes, findingOf, open, ours, sample, type, until, untilGone } from './support';

suite('diagnostics', () => {
  teardown(closeAll);

  test('say on opening what the simulation found', async () => {
    const { uri } = await open(sample('placements/payments.json'));

    const finding = await findingOf(uri, 'datacenter-loss-stops-writes');

    assert.equal(finding.severity, vscode.DiagnosticSeverity.Warning);
    assert.match(finding.message, /min\.insync\.replicas|min ISR/);
  });

  test('link to the rule and to the script that sets min ISR', async () => {
    const { uri } = await open(sample('placements/payments.json'));

    const { code, relatedInformation } = await findingOf(uri, 'datacenter-loss-stops-writes');

    assert.isObject(code);
    const { target } = code as { target: vscode.Uri };
    assert.match(target.path, /docs\/rules\.md$/);
    const page = new TextDecoder().decode(await vscode.workspace.fs.readFile(target.with({ fragment: '' })));
    const line = Number(/^L(\d+)$/.exec(target.fragment)?.[1]);
    assert.include(page.split('\n')[line - 1], 'datacenter-loss-stops-writes');
    const related = relatedInformation?.map(({ location }) => location.uri.path) ?? [];
    assert.isTrue(
      related.some((path) => path.endsWith('create-topics.sh')),
      `related places: ${related.join()}`,
    );
  });

  test('leave a placement in peace that survives', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');
    const { uri: good } = await open(sample('placements/orders.json'));
    await until(
      'an analysis of orders.json',
      () => vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', good),
      (lenses) => lenses.length > 0,
    );

    const loud = ours(good).filter(({ severity }) => severity <= vscode.DiagnosticSeverity.Warning);

    assert.deepEqual(loud, []);
  });

  test('follow what is typed, and the fix of it', async () => {
    const document = await open(sample('placements/orders.json'));
    await type(document, '"version": 2', '"version": 3');
    await findingOf(document.uri, 'version-unknown');

    await type(document, '"version": 3', '"version": 2');

    await untilGone(document.uri, 'version-unknown');
  });

  test('are simulated anew without a save once hands rest', async () => {
    const document = await open(sample('placements/payments.json'));
    await findingOf(document.uri, 'datacenter-loss-stops-writes');
    await type(
      document,
      '"observerPromotionPolicy"',
      '"observers": [{ "count": 1, "constraints": { "rack": "west" } }, { "count": 1, "constraints": { "rack": "east" } }],\n  "observerPromotionPolicy"',
    );

    await untilGone(document.uri, 'datacenter-loss-stops-writes');
    assert.isTrue(document.isDirty);
  });

  test('of one file follow a change of another', async () => {
    const placement = await open(sample('placements/orders.json'));
    const script = await open(sample('create-topics.sh'));
    await type(script, 'min.insync.replicas=3', 'min.insync.replicas=2');

    await findingOf(placement.uri, 'min-isr-within-datacenter');
  });

  test('vanish when the file is closed', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');

    await closeAll();

    await until(
      'no findings of a closed file',
      () => codes(uri),
      (shown) => shown.length === 0,
    );
  });

  test('obey the settings', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');
    const settings = vscode.workspace.getConfiguration('failoverLens');
    try {
      await settings.update('rules', { 'datacenter-loss-stops-writes': 'off' }, vscode.ConfigurationTarget.Workspace);
      await untilGone(uri, 'datacenter-loss-stops-writes');
      await settings.update('rules', { 'datacenter-loss-stops-writes': 'error' }, vscode.ConfigurationTarget.Workspace);
      const finding = await findingOf(uri, 'datacenter-loss-stops-writes');
      assert.equal(finding.severity, vscode.DiagnosticSeverity.Error);
    } finally {
      await settings.update('rules', undefined, vscode.ConfigurationTarget.Workspace);
    }
  });

  test('forget a file that is hidden, and know it again', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');
    const settings = vscode.workspace.getConfiguration('files');
    try {
      // Without the script that sets min.insync.replicas, Kafka's default holds.
      await settings.update('exclude', { '**/create-topics.sh': true }, vscode.ConfigurationTarget.Workspace);
      await findingOf(uri, 'min-isr-not-set');
    } finally {
      await settings.update('exclude', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await findingOf(uri, 'datacenter-loss-stops-writes');
  });

  test('go with the switch for everything, and come back', async () => {
    const { uri } = await open(sample('placements/payments.json'));
    await findingOf(uri, 'datacenter-loss-stops-writes');
    const settings = vscode.workspace.getConfiguration('failoverLens');
    try {
      await settings.update('enable', false, vscode.ConfigurationTarget.Workspace);
      await until(
        'no findings',
        () => codes(uri),
        (shown) => shown.length === 0,
      );
      // As the provider is still there, VS Code draws no old lens in the meantime.
      assert.deepEqual(await vscode.commands.executeCommand('vscode.executeCodeLensProvider', uri), []);
    } finally {
      await settings.update('enable', undefined, vscode.ConfigurationTarget.Workspace);
    }
    await findingOf(uri, 'datacenter-loss-stops-writes');
  });
});
