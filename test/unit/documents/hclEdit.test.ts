import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../src/documents/embedded';
import { editPlacement, type PlacementChange } from '../../../src/documents/placementEdits';
import { loadReaders, placementsOf } from '../../../src/documents/read';
import { changeAt, placementJson } from './hosts';

const uri = 'file:///w/topics.tf';
const inTerraform = (placed: string): string =>
  `resource "kafka_topic" "x" {\n  name = "x"\n  config = {\n    "confluent.placement.constraints" = jsonencode(${placed})\n  }\n}\n`;

const readNow = await loadReaders();
const placementIn = (text: string) => placementsOf(readNow(uri, text))[0];

function edited(placed: string, ...changes: readonly PlacementChange[]): string | null {
  const text = inTerraform(placed);
  const before = placementIn(text);
  const edit = before === undefined ? null : editPlacement(before, changes);
  if (edit === null) return null;
  const after = applySplices(text, edit.splices);
  // What can't be a placement any more may be a template, of which nothing is said.
  expect(placementIn(after)?.placement ?? null).toEqual(edit.after.placement);
  return after.slice(inTerraform('').indexOf('jsonencode(') + 'jsonencode('.length, -')\n  }\n}\n'.length);
}

const observers = (name: string, count = 1): PlacementChange => ({
  kind: 'add-constraint',
  list: 'observers',
  count,
  rack: name,
});

describe('an edit of an object of Terraform', () => {
  const written = `{
      version = 2 # since 6.1
      replicas = [
        { count = 2, constraints = { rack = "west" } }, // the first datacenter
        { count   = 2, constraints = { rack = "east" } } # and the second
      ]
      /* promoted when one is lost */
      observerPromotionPolicy = "under-min-isr"
    }`;

  it('leaves comments and layout as they are', () => {
    expect(edited(written, { kind: 'set-count', list: 'replicas', index: 1, count: 3 })).toBe(
      written.replace('count   = 2', 'count   = 3'),
    );
    expect(edited(written, { kind: 'set-policy', policy: 'under-replicated' })).toBe(
      written.replace('"under-min-isr"', '"under-replicated"'),
    );
  });

  it('writes a new list beside the one that is there, on as many lines', () => {
    expect(edited(written, observers('west'), observers('east'))).toBe(
      written.replace(
        `      ]
      /*`,
        `      ]
      observers = [
        { count = 1, constraints = { rack = "west" } },
        { count = 1, constraints = { rack = "east" } },
      ]
      /*`,
      ),
    );
  });

  it('puts a new item behind the last one and its comment', () => {
    const change = { ...observers('north', 1), list: 'replicas' } as const;
    expect(edited(written, change)).toBe(
      written.replace(
        `"east" } } # and the second`,
        `"east" } }, # and the second
        { count = 1, constraints = { rack = "north" } }`,
      ),
    );
  });

  it('fills an empty list behind the comments in it', () => {
    const empty = (list: string): string =>
      `{\n  version = 2\n  replicas = [{ count = 2, constraints = { rack = "west" } }]\n  observers = ${list}\n}`;
    const [west, east] = ['west', 'east'].map((name) => `{ count = 1, constraints = { rack = "${name}" } }`);
    const filled = (list: string): string | null => edited(empty(list), observers('west'), observers('east'));
    expect(filled('[]')).toBe(empty(`[${west}, ${east}]`));
    expect(filled('[ /* none yet */ ]')).toBe(empty(`[ /* none yet */ ${west}, ${east} ]`));
    expect(filled('[\n    # none yet\n  ]')).toBe(empty(`[\n    # none yet\n    ${west},\n    ${east},\n  ]`));
  });

  it('takes an item out where commas stand in front of the next one', () => {
    const west = '{ count = 2, constraints = { rack = "west" } }';
    const east = west.replace('west', 'east');
    const inFront = (...items: readonly string[]): string =>
      `{\n  version = 2\n  replicas = [\n      ${items.join('\n    , ')}\n  ]\n}`;
    const without = (index: number): string | null =>
      edited(inFront(west, east), { kind: 'remove-constraint', list: 'replicas', index });
    expect(without(0)).toBe(inFront(east));
    expect(without(1)).toBe(inFront(west));
  });

  it('keeps a name in quotes that stands in brackets, where a bare one would be a variable', () => {
    const misspelt = '{ ("version") = 2, ("replica") = [{ count = 2, constraints = { rack = "west" } }] }';
    const start = inTerraform(misspelt).indexOf('"replica"');
    const key = { start, end: start + '"replica"'.length };
    expect(edited(misspelt, { kind: 'rename-key', key, to: 'replicas' })).toBe(
      misspelt.replace('"replica"', '"replicas"'),
    );
  });

  it('breaks new lines as the file does', () => {
    const windows = written.replaceAll('\n', '\r\n');
    expect(edited(windows, observers('west'))?.replaceAll('\r\n', '')).not.toContain('\n');
  });

  it('takes an item out with its line', () => {
    expect(edited(written, { kind: 'remove-constraint', list: 'replicas', index: 0 })).toBe(
      written.replace(`        { count = 2, constraints = { rack = "west" } }, // the first datacenter\n`, ''),
    );
  });

  it('stays in one line where it was in one', () => {
    const line = '{ version = 2, replicas = [{ count = 2, constraints = { rack = "west" } }] /* all */ }';
    expect(edited(line, observers('east'))).toBe(
      line.replace(' /* all */', ', observers = [{ count = 1, constraints = { rack = "east" } }] /* all */'),
    );
  });
});

/** Placements of HCL as people lay them out, with comments here and there. */
const layouts = fc.record({
  comment: fc.constantFrom('', ' # c', ' // c', ' /* c */'),
  ownLine: fc.constantFrom('', '# c\n', '// c\n', '/* c\n c */\n'),
  colon: fc.constantFrom(' = ', '=', ': ', ' : '),
  key: fc.constantFrom(
    (key: string) => key,
    (key: string) => `"${key}"`,
    (key: string) => `("${key}")`,
  ),
  entries: fc.constantFrom('\n', ',\n', ', '),
  items: fc.constantFrom(', ', ',\n', ' ,\n  '),
  last: fc.constantFrom('', ',', '\n', ',\n'),
  newline: fc.constantFrom('\n', '\r\n'),
});

type Layout = typeof layouts extends fc.Arbitrary<infer T> ? T : never;

function laidOut(value: unknown, layout: Layout, depth = 0): string {
  const { comment, ownLine, colon, key, entries, items, last } = layout;
  const commented = (part: string, separator: string): string =>
    separator.includes('\n') && depth < 2
      ? `${part}${separator.replace('\n', `${comment}\n${ownLine}`)}`
      : part + separator;
  if (Array.isArray(value)) {
    const parts = value.map((item) => laidOut(item, layout, depth + 1));
    return `[${parts.map((part, at) => (at < parts.length - 1 ? commented(part, items) : part)).join('')}${parts.length > 0 ? last : ''}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value).replace(/[$%](?=\{)/g, '$&$&');
  const parts = Object.entries(value).map(
    ([name, entry]) => `${key(name)}${colon}${laidOut(entry, layout, depth + 1)}`,
  );
  const separator = depth === 0 ? entries : ', ';
  const end = depth === 0 ? last : '';
  return `{${depth === 0 && separator !== ', ' ? '\n' : ' '}${parts.map((part, at) => (at < parts.length - 1 ? commented(part, separator) : part)).join('')}${end} }`;
}

const changes = changeAt(fc.nat(2));

const removal: fc.Arbitrary<PlacementChange> = fc.record({
  kind: fc.constant('remove-constraint' as const),
  list: fc.constant('replicas' as const),
  index: fc.nat(2),
});

it('reads back as what was meant, however the object is laid out, and loses no comment that stands outside of what is removed', () => {
  fc.assert(
    fc.property(
      placementJson,
      layouts,
      fc.array(changes, { minLength: 1, maxLength: 3 }),
      fc.option(removal),
      (json, layout, list, removed) => {
        const placed = laidOut(json, layout).replaceAll('\n', layout.newline);
        const before = placementIn(inTerraform(placed));
        expect(before?.placement).toMatchObject({ version: json.version });
        const after = edited(placed, ...list, ...(removed === null ? [] : [removed]));
        if (after === null || removed !== null) return;
        const comments = (text: string): number => text.split(/# c|\/\/ c|\/\* c/).length;
        expect(comments(after)).toBe(comments(placed));
      },
    ),
    { numRuns: 300 },
  );
});
