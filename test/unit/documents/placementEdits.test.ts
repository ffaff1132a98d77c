import { describe, expect, it } from 'vitest';
import { applySplices, wholeDocument } from '../../../src/documents/embedded';
import { editPlacement, type PlacementChange } from '../../../src/documents/placementEdits';
import { readPlacement } from '../../../src/documents/placementJson';
import { inShort } from './helpers';

/** The text after changes, or `null` if they do not apply. */
function edited(text: string, ...changes: PlacementChange[]): string | null {
  const declaration = readPlacement(wholeDocument(text));
  const edit = declaration && editPlacement(declaration, changes);
  return edit && applySplices(text, edit.splices);
}

const east: PlacementChange = { kind: 'add-constraint', list: 'observers', count: 1, rack: 'east' };

const multiLine = `{
    "version": 1,
    "replicas": [
        {
            "count": 2,
            "constraints": {
                "rack": "west"
            }
        }
    ]
}
`;

describe('adding observers', () => {
  it('writes the list and its items as the replicas are written', () => {
    expect(edited(multiLine, east, { ...east, rack: 'west' })).toBe(`{
    "version": 1,
    "replicas": [
        {
            "count": 2,
            "constraints": {
                "rack": "west"
            }
        }
    ],
    "observers": [
        {
            "count": 1,
            "constraints": {
                "rack": "east"
            }
        },
        {
            "count": 1,
            "constraints": {
                "rack": "west"
            }
        }
    ]
}
`);
  });

  it('keeps one line one line', () => {
    expect(edited('{"version": 2, "replicas": [{"count": 2, "constraints": {"rack": "west"}}]}', east)).toBe(
      '{"version": 2, "replicas": [{"count": 2, "constraints": {"rack": "west"}}], "observers": [{"count": 1, "constraints": {"rack": "east"}}]}',
    );
    expect(edited('{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}', east)).toBe(
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}],"observers":[{"count":1,"constraints":{"rack":"east"}}]}',
    );
  });

  it('follows items on lines of their own, blanks inside brackets, and names in another order', () => {
    expect(
      edited('{ "replicas" : [\n\t{ "constraints": { "rack": "west" }, "count": 2 }\n], "version" : 2 }', east),
    ).toBe(
      '{ "replicas" : [\n\t{ "constraints": { "rack": "west" }, "count": 2 }\n], "observers" : [\n\t{ "constraints": { "rack": "east" }, "count": 1 }\n], "version" : 2 }',
    );
  });

  it('keeps Windows line ends', () => {
    const text = multiLine.replaceAll('\n', '\r\n');
    const after = edited(text, east);
    expect(after?.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/);
    expect(after).toBe(edited(multiLine, east)?.replaceAll('\n', '\r\n'));
  });

  it('fills an empty list, and takes the place of null', () => {
    const after =
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"w"}}],"observers":[{"count":1,"constraints":{"rack":"east"}}]}';
    expect(edited(after.replace(/"observers":\[.*\]/, '"observers":[]'), east)).toBe(after);
    expect(edited(after.replace(/"observers":\[.*\]/, '"observers":null'), east)).toBe(after);
  });

  it('quotes racks for JSON', () => {
    expect(edited('{"version":2,"replicas":[]}', { ...east, list: 'replicas', rack: 'a"b\\' })).toBe(
      '{"version":2,"replicas":[{"count":1,"constraints":{"rack":"a\\"b\\\\"}}]}',
    );
  });
});

describe('other changes', () => {
  const text =
    '{"version": 1, "replicas": [{"count": 2, "constraints": {"rack": "a"}}, {"count": 1, "constraints": {"rack": "b"}}]}';
  const result = (...changes: PlacementChange[]) => {
    const declaration = readPlacement(wholeDocument(edited(text, ...changes) ?? ''));
    return inShort(declaration?.placement);
  };

  it('set counts, racks, version and policy', () => {
    expect(result({ kind: 'set-count', list: 'replicas', index: 1, count: 5 })).toBe('v1 2 a + 5 b');
    expect(result({ kind: 'set-rack', list: 'replicas', index: 0, rack: 'c' })).toBe('v1 2 c + 1 b');
    expect(result({ kind: 'set-version', version: 2 }, { kind: 'set-policy', policy: 'under-replicated' })).toBe(
      'v2 2 a + 1 b (under-replicated)',
    );
  });

  it('add a version at the top and a policy at the end', () => {
    expect(
      edited(
        multiLine.replace('    "version": 1,\n', ''),
        { kind: 'set-version', version: 2 },
        { kind: 'set-policy', policy: 'under-min-isr' },
      ),
    ).toBe(
      multiLine.replace('1,', '2,').replace('    ]\n}', '    ],\n    "observerPromotionPolicy": "under-min-isr"\n}'),
    );
  });

  it('remove an item with its comma', () => {
    expect(result({ kind: 'remove-constraint', list: 'replicas', index: 0 })).toBe('v1 1 b');
    expect(result({ kind: 'remove-constraint', list: 'replicas', index: 1 })).toBe('v1 2 a');
    expect(
      edited('{"version":1,"replicas":[ {"count":1} ]}', { kind: 'remove-constraint', list: 'replicas', index: 0 }),
    ).toBe('{"version":1,"replicas":[]}');
  });

  it('merge the items of a rack into the first', () => {
    const twice = text.replace(']}', ', {"count": 3, "constraints": {"rack": "a"}}]}');
    expect(edited(twice, { kind: 'merge-duplicates', list: 'replicas', rack: 'a' })).toBe(text.replace('2', '5'));
  });

  it('rename, replace and delete what stands at a place', () => {
    const odd = '{"version": "2", "replica": [], "x": 1}';
    const at = (part: string) => ({ start: odd.indexOf(part), end: odd.indexOf(part) + part.length });
    expect(edited(odd, { kind: 'rename-key', key: at('"replica"'), to: 'replicas' })).toBe(
      '{"version": "2", "replicas": [], "x": 1}',
    );
    expect(edited(odd, { kind: 'replace-value', value: at('"2"'), by: 2 })).toBe(
      '{"version": 2, "replica": [], "x": 1}',
    );
    expect(edited(odd, { kind: 'delete-member', key: at('"x"') })).toBe('{"version": "2", "replica": []}');
    expect(edited(odd, { kind: 'delete-member', key: at('"version"') })).toBe('{"replica": [], "x": 1}');
  });

  it('that do not apply change nothing', () => {
    expect(edited(text, { kind: 'set-count', list: 'observers', index: 0, count: 1 })).toBeNull();
    expect(edited(text, { kind: 'remove-constraint', list: 'replicas', index: 7 })).toBeNull();
    expect(edited(text, { kind: 'delete-member', key: { start: 0, end: 1 } })).toBeNull();
  });

  it('say what will be read afterwards', () => {
    const declaration = readPlacement(wholeDocument(text));
    const edit = declaration && editPlacement(declaration, [{ kind: 'set-version', version: 2 }, east]);
    expect(inShort(edit?.after.placement)).toBe('v2 2 a + 1 b | 1 east');
  });
});
