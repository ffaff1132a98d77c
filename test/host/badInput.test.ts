import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, codes, findingOf, open, openNew, sample, until } from './support';

/** After whatever it was given, the extension still does its job. */
async function isAlive(): Promise<void> {
  const { uri } = await open(sample('placements/payments.json'));
  await findingOf(uri, 'datacenter-loss-stops-writes');
}

const bigText = 5_000_001;
const placementStart = '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }], "observers": ';

const inputs: readonly { readonly name: string; readonly text: string; readonly finding: string }[] = [
  {
    name: 'broken JSON',
    text: '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" }',
    finding: 'json-syntax',
  },
  { name: 'deep nesting', text: placementStart + '['.repeat(10_000), finding: 'not-read' },
  {
    name: 'numbers as strings',
    text: '{ "version": "2", "replicas": [{ "count": "2", "constraints": { "rack": "west" } }] }',
    finding: 'version-string',
  },
  {
    name: 'duplicate keys',
    text: '{ "version": 2, "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }] }',
    finding: 'json-duplicate-key',
  },
  {
    name: 'null',
    text: '{ "version": null, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }] }',
    finding: 'version-unknown',
  },
  {
    name: 'a rack that no keyboard types',
    text: '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "öst\u202e🛰" } }] }',
    finding: 'rack-unknown',
  },
];

suite('bad input', () => {
  teardown(closeAll);

  for (const { name, text, finding } of inputs) {
    test(`${name}: a clear finding, and the extension lives`, async () => {
      const uri = sample('placements/bad.json');
      await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
      try {
        await open(uri);
        await until(
          `a finding ${finding}`,
          () => codes(uri),
          (shown) => shown.includes(finding),
        );
        await isAlive();
      } finally {
        await closeAll();
        await vscode.workspace.fs.delete(uri);
      }
    });
  }

  test('5 MB: a clear finding, and the extension lives', async () => {
    const { uri } = await openNew(`${placementStart}[] }${' '.repeat(bigText)}`);
    await until(
      'a finding not-read',
      () => codes(uri),
      (shown) => shown.includes('not-read'),
    );
    await isAlive();
  });

  test('binary: nothing to say, and the extension lives', async () => {
    const uri = sample('placements/binary.json');
    await vscode.workspace.fs.writeFile(
      uri,
      Uint8Array.from({ length: 100_000 }, (_, index) => (index * 7919) % 256),
    );
    try {
      await isAlive();
      assert.deepEqual(codes(uri), []);
    } finally {
      await vscode.workspace.fs.delete(uri);
    }
  });

  for (const content of ['', 'null', '[]', '"replicas"', '{"replicas": 3}', '{ "partitions": [] }']) {
    test(`${JSON.stringify(content)}: none of ours, and the extension lives`, async () => {
      const { uri } = await openNew(content);
      await isAlive();
      assert.deepEqual(codes(uri), []);
    });
  }
});
