import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { PlacementDeclaration } from '../../../src/documents/declaration';
import { wholeDocument } from '../../../src/documents/embedded';
import { type JsonNode, member } from '../../../src/documents/json';
import { readJson } from '../../../src/documents/jsonText';
import { readTolerantly } from '../../../src/documents/placementJson';
import { loadReaders, placementsOf } from '../../../src/documents/read';
import { readRegularPlacement } from '../../../src/documents/regularPlacement';
import { checkJson } from '../../../src/rules/json';
import { hosts, placementJson } from './hosts';

/** A value of JSON as programs have it. */
function plainValue(node: JsonNode | undefined): unknown {
  switch (node?.type) {
    case 'object':
      return Object.fromEntries(node.members.map(({ key, value }) => [key.value, plainValue(value)]));
    case 'array':
      return node.items.map(plainValue);
    case 'string':
    case 'number':
    case 'boolean':
      return node.value;
    default:
      return null;
  }
}

/** Where the parts of a placement stand, by its tree. */
function placesIn(root: JsonNode) {
  const at = (key: string) => (root.type === 'object' ? member(root, key) : undefined);
  const list = (key: string) => {
    const items = at(key)?.value;
    return items?.type === 'array' ? items.items.map(({ span }) => span) : [];
  };
  return {
    whole: root.span,
    version: at('version')?.value?.span ?? null,
    policy: at('observerPromotionPolicy')?.value?.span ?? null,
    listNames: { replicas: at('replicas')?.key.span ?? null, observers: at('observers')?.key.span ?? null },
    constraints: [...list('replicas'), ...list('observers')].sort((one, other) => one.start - other.start),
  };
}

/** The same, as they were noted when the file was read. */
function notedPlaces({ span, version, policy, listNames, constraints }: PlacementDeclaration) {
  return {
    whole: span,
    version: version?.span ?? null,
    policy: policy?.span ?? null,
    listNames,
    constraints: constraints.map((constraint) => constraint.span),
  };
}

describe('a placement that is as it should be', async () => {
  const readNow = await loadReaders();
  const regularIn = (uri: string, text: string): PlacementDeclaration => {
    const found = placementsOf(readNow(uri, text))[0]!;
    expect(found.regular).toBe(true);
    return found;
  };

  it.each(Object.entries(hosts))('in %s is read again as it was read', (_, host) => {
    const policy = fc.constantFrom({}, { observerPromotionPolicy: 'under-min-isr' });
    fc.assert(
      fc.property(placementJson, policy, fc.constantFrom(0, 2), (parts, more, indent) => {
        const json = { ...parts, ...more };
        const found = regularIn(host.uri, host.write(JSON.stringify(json, null, host.onOneLine ? 0 : indent)));
        expect(plainValue(found.json)).toEqual(json);
        expect(placesIn(found.json)).toEqual(notedPlaces(found));
        expect(readJson(found.embedded, { dialect: 'strict' }).root).toEqual(found.json);
      }),
      { numRuns: 40 },
    );
  });

  it('is told the same of as by its tree', () => {
    const racks = fc.constantFrom('west', 'east', '${rack}');
    const constraint = fc.record({ count: fc.integer({ min: 1, max: 3 }), constraints: fc.record({ rack: racks }) });
    const lists = fc.record({
      replicas: fc.array(constraint, { minLength: 1, maxLength: 12 }),
      observers: fc.array(constraint, { maxLength: 3 }),
    });
    fc.assert(
      fc.property(lists, (parts) => {
        const found = regularIn('file:///w/p.json', JSON.stringify({ version: 2, ...parts }));
        const asTree: PlacementDeclaration = { ...found, json: found.json, regular: false };
        const repeated = parts.replicas.length > 3 || parts.observers.length > 3;
        expect(checkJson('p.json', found)).toEqual(checkJson('p.json', asTree));
        expect(checkJson('p.json', found).length).toBeGreaterThanOrEqual(repeated ? 1 : 0);
      }),
    );
  });
});

describe('the quick reader of regular placements', () => {
  /** JSON as nobody would write it: members in any order, and blanks wherever they may stand. */
  const blanks = fc.stringMatching(/^[ \n\t]{0,3}$/);
  const rack = fc.oneof(
    fc.constantFrom('west', 'New York', '}', '{"a":1}'.replaceAll('"', "'"), ':', 'ост', '💥', '1'),
    fc.string({ maxLength: 6 }),
  );
  const object = (members: readonly fc.Arbitrary<string>[]): fc.Arbitrary<string> =>
    fc
      .tuple(fc.tuple(...members), fc.infiniteStream(blanks), fc.infiniteStream(fc.nat()))
      .map(([written, gaps, order]) => {
        const gap = (): string => gaps.next().value;
        const shuffled = written
          .map((text) => ({ text, place: order.next().value }))
          .sort((one, other) => one.place - other.place);
        return `{${gap()}${shuffled.map(({ text }) => text).join(`${gap()},${gap()}`)}${gap()}}`;
      });
  const named = (name: string, value: fc.Arbitrary<string>): fc.Arbitrary<string> =>
    fc.tuple(blanks, blanks, value).map(([one, other, text]) => `"${name}"${one}:${other}${text}`);
  const count = fc.oneof(
    { weight: 9, arbitrary: fc.integer({ min: 1, max: 9 }).map(String) },
    fc.integer({ min: 0, max: 40_000 }).map(String),
    fc.constantFrom('2.0', '1e0', '-1', '"2"'),
  );
  const constraint = object([
    named('count', count),
    named(
      'constraints',
      object([
        named(
          'rack',
          rack.map((name) => JSON.stringify(name)),
        ),
      ]),
    ),
  ]);
  const list = fc.array(constraint, { minLength: 0, maxLength: 4 }).map((items) => `[${items.join(' , ')}]`);
  const placement = fc
    .tuple(fc.constantFrom('1', '2', '2', '2.0', '3'), fc.boolean(), fc.boolean())
    .chain(([version, observers, policy]) =>
      object([
        named('version', fc.constant(version)),
        named('replicas', list),
        ...(observers ? [named('observers', list)] : []),
        ...(policy
          ? [named('observerPromotionPolicy', fc.constantFrom('"under-min-isr"', '"under-replicated"', '"none"'))]
          : []),
      ]),
    );
  const damaged = fc
    .tuple(placement, fc.nat(), fc.nat({ max: 12 }), fc.constantFrom('', ',', '"', '}', '{', '\\', 'x', ' ', '\u00a0'))
    .map(([text, at, length, insert]) => {
      const start = at % (text.length + 1);
      return text.slice(0, start) + insert + text.slice(start + length);
    });

  /** All that is told of a placement but its tree. */
  const told = (found: PlacementDeclaration | null) =>
    found && [
      found.span,
      found.placement,
      found.version,
      found.policy,
      found.constraints,
      found.listNames,
      found.syntaxErrors,
    ];

  it('says what the tolerant reader says, wherever it says anything', () => {
    let regular = 0;
    fc.assert(
      fc.property(fc.oneof({ weight: 3, arbitrary: placement }, damaged), blanks, (text, around) => {
        const embedded = wholeDocument(around + text + around);
        const quick = readRegularPlacement(embedded);
        if (quick === null) return;
        regular += 1;
        expect(told(quick)).toEqual(told(readTolerantly(embedded)));
        expect(readTolerantly(embedded)?.syntaxErrors).toEqual([]);
      }),
      { numRuns: 2_000 },
    );
    expect(regular).toBeGreaterThan(200);
  });

  it('leaves names that stand twice to the tolerant reader, wherever they do', () => {
    const item = '{"count":1,"constraints":{"rack":"a"}}';
    for (const text of [
      `{"version":2,"version":2,"replicas":[${item}]}`,
      `{"version":2,"replicas":[${item}],"replicas":[${item}]}`,
      `{"version":2,"replicas":[{"count":1,"count":1,"constraints":{"rack":"a"}}]}`,
      `{"version":2,"replicas":[{"count":1,"constraints":{"rack":"a"},"constraints":{"rack":"a"}}]}`,
      `{"version":2,"replicas":[{"count":1,"constraints":{"rack":"b","rack":"a"}}]}`,
    ]) {
      expect(readRegularPlacement(wholeDocument(text))).toBeNull();
      expect(readTolerantly(wholeDocument(text))?.placement).not.toBeNull();
    }
  });
});

describe('a placement with one thing that is not as it should be', async () => {
  const readNow = await loadReaders();
  const item = '{"count":1,"constraints":{"rack":"west"}}';
  const irregular: Readonly<Record<string, string>> = {
    'no version': `{"replicas":[${item}]}`,
    'a version in quotes': `{"version":"2","replicas":[${item}]}`,
    'a version that nobody knows': `{"version":3,"replicas":[${item}]}`,
    'no replicas': '{"version":2,"observers":[{"count":1,"constraints":{"rack":"west"}}]}',
    'an empty list of replicas': `{"version":2,"replicas":[],"observers":[${item}]}`,
    'a list that is an object': `{"version":2,"replicas":${item},"observers":[${item}]}`,
    'observers of null': `{"version":2,"replicas":[${item}],"observers":null}`,
    'a policy that nobody knows': `{"version":2,"replicas":[${item}],"observerPromotionPolicy":"always"}`,
    'a policy of null': `{"version":2,"replicas":[${item}],"observerPromotionPolicy":null}`,
    'a name that nobody knows': `{"version":2,"replicas":[${item}],"owner":"me"}`,
    'a name that stands twice': `{"version":1,"version":2,"replicas":[${item}]}`,
    'an item that is no object': `{"version":2,"replicas":[${item},"west"]}`,
    'no count': '{"version":2,"replicas":[{"constraints":{"rack":"west"}}]}',
    'a count in quotes': '{"version":2,"replicas":[{"count":"1","constraints":{"rack":"west"}}]}',
    'a count of nothing': '{"version":2,"replicas":[{"count":0,"constraints":{"rack":"west"}}]}',
    'a count beyond 16 bits': '{"version":2,"replicas":[{"count":32768,"constraints":{"rack":"west"}}]}',
    'half a replica': '{"version":2,"replicas":[{"count":1.5,"constraints":{"rack":"west"}}]}',
    'no constraints': `{"version":2,"replicas":[${item},{"count":1}]}`,
    'constraints that hold nothing': '{"version":2,"replicas":[{"count":1,"constraints":{}}]}',
    'a constraint that nobody knows': '{"version":2,"replicas":[{"count":1,"constraints":{"zone":"west"}}]}',
    'a rack and another constraint':
      '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"west","zone":"west"}}]}',
    'a rack of blanks': '{"version":2,"replicas":[{"count":1,"constraints":{"rack":" "}}]}',
    'a rack that is a number': '{"version":2,"replicas":[{"count":1,"constraints":{"rack":1}}]}',
    'a name in an item that nobody knows':
      '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"west"},"leader":true}]}',
    'an item whose count stands twice': `{"version":2,"replicas":[${item},{"count":1,"count":2}]}`,
    'a comma too many': `{"version":2,"replicas":[${item},]}`,
    'a comment': `{"version":2,/* two sites */"replicas":[${item}]}`,
    'an end that is missing': `{"version":2,"replicas":[${item}]`,
  };

  it.each(Object.entries(irregular))('such as %s keeps its tree', (_, text) => {
    const found = placementsOf(readNow('file:///w/p.json', text))[0]!;
    expect(found.regular).toBe(false);
    expect(found.json).toBe(found.json);
  });

  it('is otherwise regular', () => {
    const text = `{"version":2,"replicas":[${item}],"observers":[],"observerPromotionPolicy":"under-min-isr"}`;
    expect(placementsOf(readNow('file:///w/p.json', text))[0]?.regular).toBe(true);
  });
});
