import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { trespasses } from './floors';
import { findCircle, importGraph } from './importGraph';

const root = path.resolve(import.meta.dirname, '../../..');

/** The project's own files under a folder, by their path from the root. */
function textsUnder(folder: string, extension: RegExp): ReadonlyMap<string, string> {
  const files = readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => path.posix.join(folder, file.replaceAll('\\', '/')))
    .filter((file) => extension.test(file));
  return new Map(files.map((file) => [file, readFileSync(path.join(root, file), 'utf8')]));
}

/** A small project of our own making, to see that each check can fail. */
function graphOf(texts: Readonly<Record<string, string>>) {
  return importGraph(new Map(Object.entries(texts)));
}

describe('the floors of docs/architecture.md', () => {
  const source = importGraph(textsUnder('src', /\.ts$/));

  it('are kept by every import in src/', () => {
    expect(trespasses(source)).toEqual([]);
  });

  it('have no circles', () => {
    expect(findCircle(source)).toBeUndefined();
  });

  it('are read from the real imports', () => {
    expect(source.get('src/extension.ts')?.length).toBeGreaterThan(0);
  });
});

describe('the check of the floors', () => {
  it('lets an arrow go down', () => {
    const graph = graphOf({
      'src/kafka/topic.ts': '',
      'src/rules/drift.ts': "import { topic } from '../kafka/topic';",
    });
    expect(trespasses(graph)).toEqual([]);
  });

  it.each([
    ['up', 'src/kafka/topic.ts', "import { f } from '../rules/drift';", 'src/rules/drift'],
    [
      'up for a type',
      'src/kafka/topic.ts',
      "import type { F } from '../rules/drift';",
      'even a type of src/rules/drift',
    ],
    ['up when exporting', 'src/kafka/topic.ts', "export { f } from '../rules/drift';", 'src/rules/drift'],
    ['up, over several lines', 'src/kafka/topic.ts', "import {\n  f,\n} from '../rules/drift';", 'src/rules/drift'],
    ['up, lazily', 'src/kafka/topic.ts', "const m = await import('../rules/drift');", 'src/rules/drift'],
    ['up, for an effect', 'src/kafka/topic.ts', "import '../rules/drift';", 'src/rules/drift'],
    ['to vscode from the core', 'src/workspace/link.ts', "import * as vscode from 'vscode';", 'vscode'],
    ['to Node from the editor', 'src/editor/log.ts', "import fs from 'node:fs';", 'node:fs'],
    [
      'to code, not types, from the panel',
      'src/panel/main.ts',
      "import { f } from '../kafka/topic';",
      'src/kafka/topic',
    ],
    ['to an unlisted package', 'src/documents/read.ts', "import _ from 'lodash';", 'lodash'],
    ['out of src/', 'src/kafka/topic.ts', "import { x } from '../../test/x';", 'test/x'],
  ])('stops an arrow %s', (_, file, text, target) => {
    expect(trespasses(graphOf({ [file]: text }))).toEqual([`${file} must not import ${target}`]);
  });

  it('lets the panel know the types below it', () => {
    expect(trespasses(graphOf({ 'src/panel/main.ts': "import type { T } from '../kafka/topic';" }))).toEqual([]);
  });

  it('knows every folder', () => {
    expect(trespasses(graphOf({ 'src/misc/x.ts': '' }))).toEqual(['src/misc/x.ts is on no floor']);
  });

  it('finds a circle, and names the way round it', () => {
    const graph = graphOf({
      'src/kafka/a.ts': "import { b } from './b';",
      'src/kafka/b.ts': "import { c } from './c';",
      'src/kafka/c.ts': "import { b } from './b';",
    });
    expect(findCircle(graph)).toEqual(['src/kafka/b.ts', 'src/kafka/c.ts', 'src/kafka/b.ts']);
  });
});

describe('the core', () => {
  it('asks no clock and throws no dice: the same input gives the same answer', () => {
    const asksOutside = /\b(Date\.now|new Date|Math\.random|performance\.now|crypto\.)/;
    const core = ['kafka', 'simulator', 'documents', 'analysis', 'rules', 'workspace'];
    const files = core.flatMap((folder) => [...textsUnder(`src/${folder}`, /\.ts$/)]);
    expect(files.filter(([, text]) => asksOutside.test(text)).map(([file]) => file)).toEqual([]);
  });
});

describe('files', () => {
  const lineCountMax = 400;

  it(`have at most ${lineCountMax} lines`, () => {
    const folders = ['src', 'test', 'scripts'];
    const files = folders.flatMap((folder) => [...textsUnder(folder, /\.(ts|mjs|css)$/)]);
    const long = files.filter(([, text]) => text.split('\n').length - 1 > lineCountMax).map(([file]) => file);
    expect(long).toEqual([]);
  });

  it('of in-host tests are all run', () => {
    const tests = [...textsUnder('test/host', /\.test\.ts$/).keys()].map((file) => path.basename(file, '.ts'));
    const entry = readFileSync(path.join(root, 'test/host/index.ts'), 'utf8');
    expect(tests.filter((test) => !entry.includes(`import './${test}';`))).toEqual([]);
  });
});
