import { assert } from 'chai';
import * as vscode from 'vscode';
import { closeAll, open, positionOf, sample, type, until } from './support';

function lensTitles(uri: vscode.Uri): Promise<readonly string[]> {
  return until(
    `a lens in ${uri.path}`,
    async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>('vscode.executeCodeLensProvider', uri, 10);
      return lenses.map(({ command }) => command?.title ?? '');
    },
    (titles) => titles.length > 0,
  );
}

function hoverText(document: vscode.TextDocument, at: string): Promise<string> {
  return until('a hover', async () => {
    const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
      'vscode.executeHoverProvider',
      document.uri,
      positionOf(document, at),
    );
    return hovers
      .flatMap(({ contents }) => contents)
      .map((content) => (typeof content === 'string' ? content : content.value))
      .filter((text) => text.includes('Datacenter') || text.includes('rack'))
      .join('\n');
  });
}

suite('reading a placement', () => {
  teardown(closeAll);

  test('a lens gives the verdict of what survives', async () => {
    const { uri } = await open(sample('placements/orders.json'));
    const [title] = await lensTitles(uri);
    assert.match(title!, /survives any one datacenter.*headroom 0/i);
  });

  test('a lens gives the verdict of what does not', async () => {
    const { uri } = await open(sample('placements/clickstream.json'));
    const [title] = await lensTitles(uri);
    assert.match(title!, /west/);
    assert.notMatch(title!, /survives any/i);
  });

  test('the lens follows an edit', async () => {
    const document = await open(sample('placements/orders.json'));
    await lensTitles(document.uri);
    await type(document, '"version": 2', '"version": 1');
    await until(
      'another verdict',
      () => lensTitles(document.uri),
      ([title]) => !/survives any/i.test(title ?? ''),
    );
  });

  test('a hover says what a constraint places where', async () => {
    const document = await open(sample('placements/orders.json'));
    const text = await hoverText(document, '"west"');
    assert.include(text, '2 sync replicas');
    assert.include(text, 'brokers 101, 102, 103, 104');
    assert.include(text, 'orders');
  });

  test('a hover says when a rack does not exist', async () => {
    const document = await open(sample('placements/shipments.json'));
    assert.include(await hoverText(document, '"East"'), 'No broker has this rack');
  });
});
