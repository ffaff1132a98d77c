import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices, composed, type Splice } from '../../../src/documents/embedded';
import { member } from '../../../src/documents/json';
import { editPlacement } from '../../../src/documents/placementEdits';
import { loadReaders, placementsOf } from '../../../src/documents/read';
import { changeAt, compose, hosts, inCompose, placementJson } from './hosts';

const change = changeAt(fc.constant(0));

describe('edits inside other files', async () => {
  const readNow = await loadReaders();
  const placementIn = (uri: string, text: string) => placementsOf(readNow(uri, text))[0];

  it.each(Object.entries(hosts))('in %s read back as what was meant, and touch nothing else', (_, host) => {
    fc.assert(
      fc.property(
        placementJson,
        fc.array(change, { minLength: 1, maxLength: 3 }),
        fc.constantFrom(0, 2, 4),
        (json, changes, indent) => {
          const text = host.write(JSON.stringify(json, null, host.onOneLine ? 0 : indent));
          const before = placementIn(host.uri, text);
          expect(before?.placement).toMatchObject({ version: json.version });
          if (before === undefined) return;
          const edit = editPlacement(before, changes);
          expect(edit?.after.placement).not.toBeNull();
          if (edit === null) return;

          const after = applySplices(text, edit.splices);
          const { start, end } = before.embedded.hostSpan;
          expect(after.startsWith(text.slice(0, start))).toBe(true);
          expect(after.endsWith(text.slice(end))).toBe(true);
          expect(placementIn(host.uri, after)?.placement).toEqual(edit.after.placement);
        },
      ),
      { numRuns: 80 },
    );
  });

  it('quote a plain scalar as a whole, which may not hold what JSON holds', () => {
    const text =
      'services:\n  b:\n    environment:\n      - KAFKA_NODE_ID=1 # one\n      - KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS={"version":1,"replicas":[{"count":1,"constraints":{"rack":"a"}}]} # two\n';
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 2 }), (changes) => {
        const before = placementIn(compose, text);
        const edit = before && editPlacement(before, changes);
        expect(edit).toBeTruthy();
        if (!edit) return;
        const after = applySplices(text, edit.splices);
        expect(placementIn(compose, after)?.placement).toEqual(edit.after.placement);
        if (edit.splices.length === 0) {
          expect(edit.after.placement).toEqual(before.placement);
          return;
        }
        expect(after).toMatch(
          /^services:\n {2}b:\n {4}environment:\n {6}- KAFKA_NODE_ID=1 # one\n {6}- ['"]KAFKA_CONF/,
        );
        expect(after.endsWith(' # two\n')).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('keep what the person wrote around them, character by character', () => {
    const text = inCompose(`'{"version": 1,"replicas": [{"count": 2, "constraints": {"rack": "west"}}]}'`);
    const before = placementIn(compose, text);
    const edit = before && editPlacement(before, [{ kind: 'set-count', list: 'replicas', index: 0, count: 3 }]);
    expect(edit?.splices).toEqual([
      { span: { start: text.indexOf('2, "con'), end: text.indexOf(', "con') }, newText: '3' },
    ]);
  });

  it('leave the lines that a properties file continues as they are', () => {
    const text = [
      'confluent.placement.constraints={"version":1,\\',
      '  "replicas":[{"count":2,"constraints":{"rack":"west"}}],\\',
      '  "observers":[{"count":1,"constraints":{"rack":"west"}}]}',
      '',
    ].join('\n');
    const before = placementIn('topic.properties', text);
    const edit =
      before &&
      editPlacement(before, [
        { kind: 'set-version', version: 2 },
        { kind: 'add-constraint', list: 'observers', count: 1, rack: 'east' },
        { kind: 'set-policy', policy: 'under-min-isr' },
      ]);
    expect(edit && applySplices(text, edit.splices).split('\n')).toEqual([
      'confluent.placement.constraints={"version":2,\\',
      '  "replicas":[{"count":2,"constraints":{"rack":"west"}}],\\',
      '  "observers":[{"count":1,"constraints":{"rack":"west"}},{"count":1,"constraints":{"rack":"east"}}],"observerPromotionPolicy":"under-min-isr"}',
      '',
    ]);
  });

  it('are not made in what jsonencode takes where the whole would be written anew and a comment lost', () => {
    const written = (comment: string): string => `resource "kafka_topic" "orders" {
  name = "orders"
  config = {
    "confluent.placement.constraints" = jsonencode({
      version  = 1 ${comment}
      version  = 2
      replicas = [{ count = 2, constraints = { rack = "#west" } }]
    })
  }
}
`;
    const edit = (comment: string) => {
      const before = placementIn('topics.tf', written(comment));
      return before && editPlacement(before, [{ kind: 'set-count', list: 'replicas', index: 0, count: 3 }]);
    };
    expect(edit('')).toBeTruthy();
    for (const comment of ['# as agreed', '// as agreed', '/* as agreed */']) expect(edit(comment)).toBeNull();
  });

  it('never lie about where a part stands', () => {
    for (const host of Object.values(hosts)) {
      const text = host.write('{"version":2,"replicas":[{"count":1,"constraints":{"rack":"w-1"}}]}');
      const found = placementIn(host.uri, text);
      const at = found?.constraints[0]?.rack?.span;
      expect(at && text.slice(at.start, at.end).replaceAll('\\', '')).toBe('"w-1"');
      expect(found?.json.type === 'object' && member(found.json, 'version')?.value?.span).toEqual(found?.version?.span);
    }
  });
});

describe('replacements one after another', () => {
  const splice = (length: number): fc.Arbitrary<Splice> =>
    fc
      .record({ at: fc.nat(length), length: fc.nat(4), newText: fc.string({ maxLength: 4 }) })
      .map(({ at, length: wanted, newText }) => ({ span: { start: at, end: Math.min(length, at + wanted) }, newText }));

  it('are as many in the first text, which do not overlap and lead to the same', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 6 }), fc.gen(), (steps, gen) => {
        const first = 'abcdefghijklmnopqrstuvwxyz';
        let text = first;
        let all: readonly Splice[] = [];
        for (let step = 0; step < steps; step++) {
          const next = gen(splice, text.length);
          all = composed(all, next);
          text = applySplices(text, [next]);
        }
        expect(applySplices(first, all)).toBe(text);
        for (const [index, { span }] of all.entries()) {
          expect(span.start).toBeLessThanOrEqual(span.end);
          expect(span.start).toBeGreaterThanOrEqual(all[index - 1]?.span.end ?? 0);
        }
      }),
    );
  });
});
