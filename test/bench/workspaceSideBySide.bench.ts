/**
 * Beside `vscode-json-languageservice`, which is what checks JSON in VS Code: it validates the texts of placements against a
 * schema; we do the whole job with the same texts: read, link, simulate the loss of each datacenter, check. Both are warm and
 * take turns in one process. Twice over: in a workspace that knows the shapes already, as after a keystroke in every file
 * at once, and in one that knows nothing but the cluster.
 */
import { getLanguageService, type JSONSchema, TextDocument } from 'vscode-json-languageservice';
import type { Workspace } from '../../src/workspace/api';
import { createWorkspace } from '../../src/workspace/workspace';
import { clusterText, placementText } from './placements';

/** All that a schema can say of a placement: names, types, bounds, and that version 1 has no policy. */
const schema: JSONSchema = {
  type: 'object',
  required: ['version', 'replicas'],
  additionalProperties: false,
  properties: {
    version: { enum: [1, 2] },
    replicas: { type: 'array', minItems: 1, items: { $ref: '#/definitions/constraint' } },
    observers: { type: 'array', items: { $ref: '#/definitions/constraint' } },
    observerPromotionPolicy: { enum: ['under-min-isr', 'under-replicated', 'leader-is-observer'] },
  },
  if: { properties: { version: { const: 1 } } },
  // biome-ignore lint/suspicious/noThenProperty: the word is JSON Schema's.
  then: { not: { required: ['observerPromotionPolicy'] } },
  definitions: {
    constraint: {
      type: 'object',
      required: ['count', 'constraints'],
      additionalProperties: false,
      properties: {
        count: { type: 'integer', minimum: 1 },
        constraints: {
          type: 'object',
          required: ['rack'],
          additionalProperties: false,
          properties: { rack: { type: 'string', minLength: 1, pattern: '\\S' } },
        },
      },
    },
  },
};

type Texts = ReadonlyMap<string, string>;

/** The first one has observers and a policy, as most have. */
function textsOf(count: number): Texts {
  return new Map(Array.from({ length: count }, (_, n) => [`placements/p${n}.json`, placementText(n + 1)]));
}

/** The same texts as after a keystroke in each: a blank more at the end. Nobody may know them from the run before. */
function retyped(texts: Texts, run: number): Texts {
  return new Map([...texts].map(([uri, text]) => [uri, text + ' '.repeat(run + 1)]));
}

const service = getLanguageService({});
service.configure({ validate: true, schemas: [{ uri: 'schema://placement', fileMatch: ['*.json'], schema }] });

async function validate(texts: Texts): Promise<number> {
  let problems = 0;
  for (const [uri, text] of texts) {
    const document = TextDocument.create(`file:///${uri}`, 'json', 1, text);
    problems += (await service.doValidation(document, service.parseJSONDocument(document))).length;
  }
  return problems;
}

async function wholeJob(workspace: Workspace, texts: Texts): Promise<number> {
  for (const [uri, text] of texts) await workspace.setFile(uri, text);
  return workspace.analyse().assessments.reduce((sum, { topics }) => sum + topics.length, 0);
}

async function clockMs(run: () => Promise<number>, expected: number): Promise<number> {
  const start = performance.now();
  const found = await run();
  const ms = performance.now() - start;
  if (found !== expected) throw new Error(`${found}, not ${expected}`);
  return ms;
}

/** Of the second half: in the first the compiler is still at work. */
function median(numbers: readonly number[]): number {
  const warm = numbers.slice(numbers.length >> 1).sort((a, b) => a - b);
  return warm[warm.length >> 1] ?? Number.NaN;
}

/** Schema and whole job take turns, so that whatever else the machine does meets both. */
async function compare(
  count: number,
  runs: number,
  what: string,
  workspaceFor: () => Promise<Workspace>,
): Promise<void> {
  const texts = textsOf(count);
  const [schemaMs, ownMs]: [number[], number[]] = [[], []];
  for (let run = 0; run < runs; run++) {
    const typed = retyped(texts, run % 100);
    schemaMs.push(await clockMs(() => validate(typed), 0));
    const workspace = await workspaceFor();
    ownMs.push(await clockMs(() => wholeJob(workspace, typed), count));
  }
  const [theirs, ours] = [median(schemaMs), median(ownMs)];
  const shown = (ms: number): string => `${((ms * 1_000) / count).toFixed(1).padStart(6)} µs a topic`;
  console.log(
    `${String(count).padStart(5)} topics, ${what}: schema ${shown(theirs)}, the whole job ${shown(ours)}, ratio ${(ours / theirs).toFixed(2)}`,
  );
}

/** It knows the cluster, as validation knows its schema, and no placement. */
async function workspaceOfCluster(): Promise<Workspace> {
  const workspace = createWorkspace();
  await workspace.setFile('docker-compose.yml', clusterText);
  workspace.analyse();
  return workspace;
}

for (const [count, runs] of [
  [1, 4_000],
  [100, 200],
  [1_000, 40],
] as const) {
  const known = await workspaceOfCluster();
  await compare(count, runs, 'shapes known ', () => Promise.resolve(known));
  await compare(count, runs, 'nothing known', workspaceOfCluster);
}
