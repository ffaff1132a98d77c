import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, findingOf, openNew, until } from './support';

const placement =
  '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}],"observers":[{"count":2,"constraints":{"rack":"east"}}],"observerPromotionPolicy":"under-min-isr"}';
const output = [
  `Topic: payments\tTopicId: pFLGwZB2RRaNdvHBpUwx2w\tPartitionCount: 1\tReplicationFactor: 4\tConfigs: min.insync.replicas=2,confluent.placement.constraints=${placement}`,
  '\tTopic: payments\tPartition: 0\tLeader: 101\tReplicas: 101,102,201,202\tIsr: 101,102\tOffline: \tObservers: 201,202',
].join('\n');

const analyse = () => vscode.commands.executeCommand('failoverLens.analyseTopicsOutput');

suite('the output of kafka-topics --describe', () => {
  teardown(async () => {
    await vscode.env.clipboard.writeText('');
    await closeAll();
  });

  test('is analysed where it was pasted, in an editor without a name or a language', async () => {
    const pasted = await openNew(output, 'plaintext');

    await analyse();

    await findingOf(pasted.uri, 'datacenter-loss-offline');
    await until('the panel', () => tabsNamed('Failover simulation').length === 1);
  });

  test('is taken from the clipboard into an editor of its own', async () => {
    await vscode.env.clipboard.writeText(output);

    await analyse();

    const editor = await until(
      'an editor with the output',
      () => vscode.window.visibleTextEditors,
      (editors) => editors.some(({ document }) => document.getText() === output),
    );
    const [shown] = editor.filter(({ document }) => document.getText() === output);
    assert.isTrue(shown!.document.isUntitled);
    await findingOf(shown!.document.uri, 'datacenter-loss-offline');
  });

  test('opens no simulation where no topic has a placement: it would be another file’s', async () => {
    const pasted = await openNew(output.replace(/,confluent\.placement\.constraints=.*/, ''), 'plaintext');

    await analyse();

    assert.deepEqual(tabsNamed('Failover simulation'), []);
    assert.isFalse(pasted.isClosed);
  });

  test('is asked for where there is none, and nothing is opened', async () => {
    await vscode.env.clipboard.writeText('Topic: what shall we talk about?');

    await analyse();

    assert.deepEqual(tabsNamed('Failover simulation'), []);
    assert.isFalse(vscode.workspace.textDocuments.some(({ isUntitled, isClosed }) => isUntitled && !isClosed));
  });
});

function tabsNamed(label: string): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all.flatMap(({ tabs }) => tabs).filter((tab) => tab.label === label);
}
