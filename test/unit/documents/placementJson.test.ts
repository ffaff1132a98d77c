import { describe, expect, it } from 'vitest';
import { member } from '../../../src/documents/json';
import { inShort, read } from './helpers';

const placement = async (text: string) => {
  const file = await read('file:///w/placement.json', text);
  return { ...file, placement: file.placements()[0] };
};
const decoded = async (text: string) => inShort((await placement(text)).placement?.placement);
const item = (count: unknown, constraints: unknown) => JSON.stringify({ count, constraints });
const withReplicas = (...items: string[]) => `{"version":2,"replicas":[${items.join(',')}]}`;

describe('a placement file', () => {
  it('is read with the places of its parts', async () => {
    const { at, placement: found } = await placement(`{
      "version": 2,
      "replicas": [{ "count": 2, "constraints": { "rack": "west" } }],
      "observers": [{ "count": 1, "constraints": { "rack": "east" } }],
      "observerPromotionPolicy": "under-min-isr"
    }`);
    expect(inShort(found?.placement)).toBe('v2 2 west | 1 east (under-min-isr)');
    expect(at(found?.version?.span)).toBe('2');
    expect(at(found?.policy?.span)).toBe('"under-min-isr"');
    expect(found?.constraints.map(({ list, index, rack }) => [list, index, at(rack?.span)])).toEqual([
      ['replicas', 0, '"west"'],
      ['observers', 0, '"east"'],
    ]);
  });

  it('of version 1 has no policy and may have no observers', async () => {
    expect(await decoded('{"version":1,"replicas":[{"count":3,"constraints":{"rack":"a"}}]}')).toBe('v1 3 a');
  });

  it('may start with a byte order mark and have Windows line ends', async () => {
    expect(await decoded(`\ufeff{"version": 2,\r\n "replicas": [${item(1, { rack: 'a' })}]\r\n}`)).toBe('v2 1 a');
  });

  it('takes numbers in quotes as Jackson does', async () => {
    expect(await decoded(`{"version":"2","replicas":[${item('3', { rack: 7 })}]}`)).toBe('v2 3 7');
  });

  it('places anywhere where constraints are empty, as a real cluster printed it', async () => {
    expect(await decoded(withReplicas(item(3, {})))).toBe('v2 3 anywhere');
  });

  it('takes the last of two equal keys and keeps both for the rules', async () => {
    const { placement: found } = await placement(`{"version":1,"version":2,"replicas":[${item(1, { rack: 'a' })}]}`);
    expect(inShort(found?.placement)).toBe('v2 1 a');
    expect(found?.json.type === 'object' && found.json.members.map(({ key }) => key.value)).toEqual([
      'version',
      'version',
      'replicas',
    ]);
  });

  it('passes names that nobody knows', async () => {
    expect(await decoded(`{"version":2,"owner":"me","replicas":[${item(1, { rack: 'a' })}]}`)).toBe('v2 1 a');
  });

  it('keeps racks of any script, and hostile ones, as they are', async () => {
    const racks = ['東京', 'New York', '\u202egpj.exe', '<script>alert(1)</script>', '__proto__', '../../etc'];
    const { placement: found } = await placement(withReplicas(...racks.map((rack) => item(1, { rack }))));
    expect(found?.constraints.map(({ rack }) => rack?.value)).toEqual(racks);
  });

  it.each([
    ['no version', `{"replicas":[${item(1, { rack: 'a' })}]}`],
    ['version 3', `{"version":3,"replicas":[${item(1, { rack: 'a' })}]}`],
    ['a null version', `{"version":null,"replicas":[${item(1, { rack: 'a' })}]}`],
    ['no replicas', '{"version":2,"replicas":[]}'],
    ['a count of 0', withReplicas(item(0, { rack: 'a' }))],
    ['a negative count', withReplicas(item(-1, { rack: 'a' }))],
    ['half a replica', withReplicas(item(1.5, { rack: 'a' }))],
    ['a null count', withReplicas(item(null, { rack: 'a' }))],
    ['more replicas than the protocol can count', withReplicas(item(1e9, { rack: 'a' }))],
    ['a blank rack', withReplicas(item(1, { rack: ' ' }))],
    ['a constraint that no broker can match', withReplicas(item(1, { zone: 'a' }))],
    ['misspelt constraints', '{"version":2,"replicas":[{"count":1,"constraint":{"rack":"a"}}]}'],
    ['an unknown policy', `{"version":2,"observerPromotionPolicy":"none","replicas":[${item(1, { rack: 'a' })}]}`],
  ])('is a placement that makes no sense with %s', async (_, text) => {
    const { reading, placement: found } = await placement(text);
    expect(reading.format).toBe('placement-json');
    expect(found?.placement).toBeNull();
  });
});

describe('a broken placement file', () => {
  const errors = async (text: string) => {
    const { at, placement: found } = await placement(text);
    return found?.syntaxErrors.map(({ span, message }) => `${at(span)} → ${message}`);
  };

  it('is read as far as it goes', async () => {
    const { placement: found } = await placement(
      '{"version": 2, "replicas": [{"count": 2, "constraints": {"rack": "west"',
    );
    expect(inShort(found?.placement)).toBe('v2 2 west');
    expect(found?.syntaxErrors.map(({ message }) => message)).toEqual([
      'This { is never closed: add }.',
      'This { is never closed: add }.',
      'This [ is never closed: add ].',
      'This { is never closed: add }.',
    ]);
  });

  it('is told what is wrong and what would be right', async () => {
    const one = item(1, { rack: 'a' });
    expect(await errors(`{"version": 2 "replicas": [${one}]}`)).toEqual([
      '"replicas" → A comma is missing before "replicas".',
    ]);
    expect(await errors(`{"version" 2, "replicas": [${one}]}`)).toEqual(['2 → A colon is missing before 2.']);
    expect(await errors(`{"version": 2, "replicas": [${one},]}`)).toEqual([
      ', → Nothing follows this comma: delete it.',
    ]);
    expect(await errors(`{"version": 2, "replicas": [${one}}`)).toEqual(['} → Before this }, a ] is missing.']);
    expect(await errors(`{version: 2, "replicas": [${one}]}`)).toEqual([
      'version → A name must be in double quotes: write "version".',
    ]);
    expect(await errors(`{"version": 2, "replicas": [${one}]} x`)).toEqual([
      'x → Nothing may follow the end of the JSON value: delete this.',
      'x → x is no JSON value; a string must be in double quotes: "x".',
    ]);
    expect(await errors(`{"version": , "replicas": [${one}]}`)).toEqual([', → A value is missing before this comma.']);
  });

  it('may not have comments, since a broker refuses them', async () => {
    const text = `{ // two\n"version": 2, /* three */ "replicas": [${item(1, { rack: 'a' })}]}`;
    expect(await errors(text)).toEqual([
      '// two → JSON has no comments, and a broker refuses them: delete this one.',
      '/* three */ → JSON has no comments, and a broker refuses them: delete this one.',
    ]);
  });

  it('keeps the key whose value is still being typed', async () => {
    const { placement: found } = await placement('{"version": 2, "replicas": [{"count": 1, "constraints": ');
    const list = found?.json.type === 'object' ? member(found.json, 'replicas')?.value : undefined;
    const first = list?.type === 'array' ? list.items[0] : undefined;
    expect(first?.type === 'object' && first.members.map(({ key, value }) => [key.value, value?.type])).toEqual([
      ['count', 'number'],
      ['constraints', undefined],
    ]);
  });
});

describe('JSON that is no placement', () => {
  it.each([
    ['a reassignment', { version: 1, partitions: [{ topic: 'a', partition: 0, replicas: [1, 2, 3] }] }],
    ['an election', { partitions: [{ topic: 'a', partition: 0 }] }],
    ['a Kubernetes resource', { apiVersion: 'v1', kind: 'X', replicas: [{ count: 1, constraints: {} }] }],
    ['a package', { name: 'rack', version: '2.0.0', replicas: 3, constraints: {} }],
    ['a list of numbers', { version: 1, replicas: [1, 2, 3], rack: 'a' }],
    ['an array', [{ version: 2, replicas: [{ count: 1, constraints: { rack: 'a' } }] }]],
  ])('like %s is left alone', async (_, json) => {
    expect((await placement(JSON.stringify(json))).reading).toMatchObject({
      format: null,
      declarations: [],
      problems: [],
    });
  });
});
