import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Declaration, DocumentReading } from '../../../src/documents/declaration';
import { editPlacement } from '../../../src/documents/placementEdits';
import { loadReaders, mayDeclare, placementsOf } from '../../../src/documents/read';

const folder = 'test/fixtures/documents';
const fixtures = readdirSync(folder).map((name) => ({
  name,
  uri: `file:///w/${name}`,
  text: readFileSync(`${folder}/${name}`, 'utf8'),
}));

/** Every span of a reading, wherever it stands. */
function spansOf(value: unknown): readonly { readonly start: number; readonly end: number }[] {
  if (value instanceof Map) return [...value.values()].flatMap(spansOf);
  if (Array.isArray(value)) return value.flatMap(spansOf);
  if (typeof value !== 'object' || value === null) return [];
  const span = 'start' in value && 'end' in value && typeof value.start === 'number' && typeof value.end === 'number';
  return span ? [{ start: Number(value.start), end: Number(value.end) }] : Object.values(value).flatMap(spansOf);
}

function expectSound(reading: DocumentReading, text: string): void {
  for (const { start, end } of spansOf([reading.declarations, reading.problems])) {
    if (!(0 <= start && start <= end && end <= text.length)) expect({ start, end }).toBe(`in 0 … ${text.length}`);
  }
  for (const { embedded } of placementsOf(reading)) {
    let before = embedded.hostSpan.start;
    for (let offset = 0; offset <= embedded.text.length; offset++) {
      const host = embedded.toHost(offset);
      if (host < before || host > embedded.hostSpan.end) expect(host).toBe(`in ${before} … ${embedded.hostSpan.end}`);
      before = host;
    }
  }
}

/** Characters that mean something to one of the formats. */
const telling = fc.constantFrom(
  ...'"\'`\\{}[]()<>|&;:,#$!*?=-~%@\n\r\t \0',
  '\r\n',
  '\ufeff',
  '\u202e',
  '😀',
  '\ud800',
  '${',
  '$(',
  '<<',
  '{{',
  '&a',
  '*a',
  '<<: *a',
  '- ',
  '__proto__',
);

const mutation = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  removed: fc.nat(40),
  inserted: fc.oneof(
    telling,
    fc.array(telling, { maxLength: 6 }).map((parts) => parts.join('')),
    fc.constant(''),
  ),
  /** Copies a piece from elsewhere, too. */
  copied: fc.option(fc.double({ min: 0, max: 1, noNaN: true })),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer T> ? T : never;

function mutate(text: string, mutations: readonly Mutation[]): string {
  return mutations.reduce((current, { at, removed, inserted, copied }) => {
    const start = Math.floor(at * current.length);
    const from = Math.floor((copied ?? 1) * current.length);
    return current.slice(0, start) + inserted + current.slice(from, from + 30) + current.slice(start + removed);
  }, text);
}

describe('whatever the text', async () => {
  const readNow = await loadReaders();

  it.each(fixtures)('$name is read, and all its offsets lie in it', ({ uri, text }) => {
    const reading = readNow(uri, text);
    expect(reading.format).not.toBeNull();
    expect(reading.declarations.length).toBeGreaterThan(0);
    expect(reading.problems).toEqual([]);
    expectSound(reading, text);
  });

  it.each(fixtures)('a damaged $name is read without a complaint of the machine', ({ uri, text }) => {
    fc.assert(
      fc.property(fc.array(mutation, { minLength: 1, maxLength: 5 }), (mutations) => {
        const damaged = mutate(text, mutations);
        const reading = readNow(uri, damaged);
        expectSound(reading, damaged);
        for (const placement of placementsOf(reading)) {
          editPlacement(placement, [{ kind: 'add-constraint', list: 'observers', count: 1, rack: 'x' }]);
        }
      }),
      { numRuns: 80 },
    );
  });

  it.each(fixtures)('any text under the name of $name is read', ({ uri }) => {
    const words = fc.constantFrom(
      ...new Set(fixtures.flatMap((fixture) => fixture.text.split(/(?<=\W)|(?=\W)/).filter((word) => word !== ''))),
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(words, telling), { maxLength: 120 }), (parts) => {
        const text = parts.join('');
        mayDeclare(uri, text);
        expectSound(readNow(uri, text), text);
      }),
      { numRuns: 50 },
    );
  });

  it('the half that a person has typed so far is read', () => {
    for (const { uri, text } of fixtures) {
      for (let length = 0; length < text.length; length += 7) expectSound(readNow(uri, text.slice(0, length)), text);
    }
  });

  it('the fixtures are of every format that the page lists', () => {
    const page = readFileSync('docs/formats.md', 'utf8');
    const listed = [...page.matchAll(/^\| `([\w-]+)` \|/gm)].map(([, name]) => name);
    const shown = new Set(fixtures.map(({ uri, text }) => readNow(uri, text).format));
    // Scenario files declare nothing of a workspace; they have tests of their own.
    expect([...shown, 'scenario-file'].sort()).toEqual(listed.sort());
  });

  it('the fixtures show every kind of declaration', () => {
    const kinds = new Set<Declaration['kind']>();
    for (const { uri, text } of fixtures) for (const { kind } of readNow(uri, text).declarations) kinds.add(kind);
    expect([...kinds].sort()).toEqual([
      'assignment',
      'broker',
      'cluster',
      'controller',
      'default',
      'mount',
      'placement',
      'topic',
    ]);
  });
});
