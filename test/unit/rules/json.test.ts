import { describe, expect, it } from 'vitest';
import { catalogue } from '../../../src/rules/catalogue';
import { check, checkPlacement, placement } from './check';

const good = placement({ replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 }, policy: 'under-min-isr' });

/** The good placement with one thing changed, as `«what is underlined»`. */
function changed(from: string, to: string): { readonly 'placement.json': string } {
  expect(good).toContain(from);
  return { 'placement.json': good.replace(from, to) };
}

describe('a placement without fault', () => {
  it('gets no finding of this family', async () => {
    const { findings } = await check({ 'placement.json': good });
    const ofFamily = findings.filter(({ code }) => catalogue[code].family === 'json');
    expect(ofFamily).toEqual([]);
  });
});

describe('json-syntax', () => {
  it('stands at a comment, which a broker refuses', async () => {
    const finding = (await check(changed('{\n', '{ «// ours»\n'))).only('json-syntax');
    expect(finding.level).toBe('error');
    expect(finding.message).toMatch(
      /^The broker refuses this placement, because it is not JSON\. JSON has no comments/,
    );
  });
  it('stands at a trailing comma', async () => {
    expect((await check(changed('"under-min-isr"', '"under-min-isr"«,»'))).only('json-syntax').level).toBe('error');
  });
  it('says nothing of what may be missing only because the text breaks off', async () => {
    expect(await checkPlacement('{ "replicas": [ { "count": 2, "constraints": { "rack": "west" } ')).toEqual([
      'error json-syntax',
      'error json-syntax',
      'error json-syntax',
    ]);
  });
  it('is silent in a template, which is filled in before a broker reads it', async () => {
    const text = '{ "version": 2, "replicas": [ { "count": ##COUNT##, "constraints": { "rack": "##RACK##" } } ] }';
    expect(await checkPlacement(text)).toEqual([]);
  });
});

describe('json-duplicate-key', () => {
  it('stands at the copy that does not count', async () => {
    const finding = (await check(changed('"version": 2', '«"version"»: 1,\n"version": 2'))).only('json-duplicate-key');
    expect(finding).toMatchObject({ level: 'warning', key: 'version' });
  });
  it('looks into constraints too', async () => {
    const text = good.replace('"rack": "west"', '«"rack"»: "wset", "rack": "west"');
    expect((await check({ 'placement.json': text })).only('json-duplicate-key').message).toContain('"rack"');
  });
});

describe('unknown-field', () => {
  it.each([
    ['"observerPromotionPolicy"', 'observerPromotionPolicies', 'observerPromotionPolicy'],
    ['"observers"', 'observer', 'observers'],
  ])('names what was meant instead of %s', async (from, to, meant) => {
    const finding = (await check(changed(from, `«"${to}"»`))).only('unknown-field');
    expect(finding).toMatchObject({ level: 'warning', nearest: meant });
    expect(finding.message).toContain(`probably "${meant}" is meant`);
  });
  it('does not take a name that is there already for what was meant', async () => {
    const finding = (await check(changed('"version": 2', '"version": 2,\n«"versions"»: 2'))).only('unknown-field');
    expect(finding).toMatchObject({ nearest: null });
  });
  it('looks into the items', async () => {
    expect((await check(changed('"constraints"', '«"constraint"»'))).only('unknown-field')).toMatchObject({
      nearest: 'constraints',
    });
  });
});

describe('version', () => {
  it('version-missing stands at the opening brace', async () => {
    const text = good.replace('{\n  "version": 2,', '«{»');
    expect((await check({ 'placement.json': text })).only('version-missing').level).toBe('error');
  });
  it.each(['3', '0', '1.5', '"two"', 'null', '[]'])('version-unknown for %s', async (version) => {
    const finding = (await check(changed('"version": 2', `"version": «${version}»`))).only('version-unknown');
    expect(finding.level).toBe('error');
  });
  it('version-string is only information: the broker converts it', async () => {
    const finding = (await check(changed('"version": 2', '"version": «"2"»'))).only('version-string');
    expect(finding).toMatchObject({ level: 'information', version: 2 });
  });
});

describe('a value of another type that the broker converts', () => {
  it.each([
    ['"count": 2', '"count": «"2"»', 'the number 2'],
    ['"rack": "west"', '"rack": «3»', 'the string "3"'],
  ])('is wrong-type of level information: %s as %s', async (from, to, expected) => {
    const finding = (await check(changed(from, to))).only('wrong-type');
    expect(finding).toMatchObject({ level: 'information', expected, converted: true });
    expect(finding.message).toContain('the broker converts it');
  });
});

describe('a list of the wrong shape', () => {
  it('is named item by item', async () => {
    const text =
      '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }, «null»], "observers": [] }';
    const finding = (await check({ 'placement.json': text })).only('wrong-type');
    expect(finding).toMatchObject({ level: 'error', field: 'replicas[1]', found: 'null' });
  });
  it('is told where one item stands without the list around it', async () => {
    const text = '{ "version": 2, "replicas": «{ "count": 2, "constraints": { "rack": "west" } }» }';
    const finding = (await check({ 'placement.json': text })).only('wrong-type');
    expect(finding.message).toContain('"replicas" is an object. It must be a list.');
  });
});

describe('replicas-empty', () => {
  it('for an empty list', async () => {
    const text = '{ "version": 2, "replicas": «[]», "observers": [{ "count": 1, "constraints": { "rack": "west" } }] }';
    expect((await check({ 'placement.json': text })).only('replicas-empty')).toMatchObject({
      level: 'error',
      absent: false,
    });
  });
  it('for a missing list', async () => {
    const text = '«{» "version": 2, "observers": [{ "count": 1, "constraints": { "rack": "west" } }] }';
    expect((await check({ 'placement.json': text })).only('replicas-empty')).toMatchObject({
      level: 'error',
      absent: true,
    });
  });
});

describe('count-invalid', () => {
  it.each(['0', '-1', '1.5', '"two"', 'null', '40000'])('for a count of %s', async (count) => {
    const finding = (await check(changed('"count": 1', `"count": «${count}»`))).only('count-invalid');
    expect(finding).toMatchObject({ level: 'error', list: 'observers' });
  });
  it('for no count at all, at the item', async () => {
    const text = '{ "version": 2, "replicas": [ «{ "constraints": { "rack": "west" } }» ] }';
    expect((await check({ 'placement.json': text })).only('count-invalid')).toMatchObject({ found: null });
  });
  it('not for a number in quotes, which the broker converts', async () => {
    expect((await check(changed('"count": 1', '"count": "1"'))).all('count-invalid')).toEqual([]);
  });
});

describe('rack-missing', () => {
  it('takes an empty map for legal, as a real cluster printed one', async () => {
    const text = '{ "version": 2, "replicas": [ { "count": 3, "constraints": «{}» } ] }';
    expect((await check({ 'placement.json': text })).only('rack-missing')).toMatchObject({
      level: 'information',
      form: 'empty',
    });
  });
  it('warns of a blank rack, which no broker has', async () => {
    expect((await check(changed('"rack": "west"', '"rack": «"  "»'))).only('rack-missing')).toMatchObject({
      level: 'warning',
      form: 'blank',
    });
  });
  it('warns where there are no constraints at all', async () => {
    const text = '{ "version": 2, "replicas": [ «{ "count": 3 }» ] }';
    expect((await check({ 'placement.json': text })).only('rack-missing')).toMatchObject({ form: 'absent' });
  });
});

describe('constraint-key', () => {
  it('warns of anything but rack', async () => {
    expect((await check(changed('"rack": "west"', '«"zone"»: "west"'))).only('constraint-key')).toMatchObject({
      level: 'warning',
      nearest: null,
    });
  });
  it('sees a misspelt rack', async () => {
    expect((await check(changed('"rack": "west"', '«"racks"»: "west"'))).only('constraint-key')).toMatchObject({
      nearest: 'rack',
    });
  });
});

describe('rack-duplicate', () => {
  it('stands at the second one, says the sum and shows the first', async () => {
    const text = `{ "version": 2, "replicas": [
      { "count": 2, "constraints": { "rack": "west" } },
      { "count": 1, "constraints": { "rack": «"west"» } } ] }`;
    const finding = (await check({ 'placement.json': text })).only('rack-duplicate');
    expect(finding).toMatchObject({ level: 'error', rack: 'west', list: 'replicas', count: 3 });
    expect(finding.related.map(({ message }) => message)).toEqual(['The rack stands here first']);
  });
  it('lets the same rack stand once in each list', async () => {
    expect((await check({ 'placement.json': good })).all('rack-duplicate')).toEqual([]);
  });
});

describe('wrong-type', () => {
  it.each([
    [
      '"replicas"',
      '{ "version": 2, "replicas": «{ "constraints": {} }», "observerPromotionPolicy": "under-min-isr" }',
      'a list',
    ],
    ['"rack"', '{ "version": 2, "replicas": [ { "count": 1, "constraints": { "rack": «["a"]» } } ] }', 'a string'],
    ['"constraints"', '{ "version": 2, "replicas": [ { "count": 1, "constraints": «"west"» } ] }', 'an object'],
    ['"observerPromotionPolicy"', '{ "version": 2, "replicas": [], "observerPromotionPolicy": «7» }', 'a string'],
  ])('%s must have its type', async (field, text, expected) => {
    const finding = (await check({ 'placement.json': text })).only('wrong-type');
    expect(finding).toMatchObject({ level: 'error', expected });
    expect(finding.message).toContain(field);
  });
  it('takes null observers for none', async () => {
    const text = '{ "version": 2, "replicas": [ { "count": 1, "constraints": { "rack": "a" } } ], "observers": null }';
    expect((await check({ 'placement.json': text })).all('wrong-type')).toEqual([]);
  });
});

describe('invalid-value', () => {
  it('says what a file of ours cannot mean, such as a rack in two datacenters', async () => {
    const file = '{ "datacenters": { "west": { "racks": { "0": 3 } }, "east": { "racks": { «"0"»: 3 } } } }';
    const finding = (await check({ 'shop.kafka-cluster.json': file })).only('invalid-value');
    expect(finding.level).toBe('error');
    expect(finding.message).toContain('a rack is in one datacenter');
  });
});

describe('not-read', () => {
  it('says once what was left alone, and how much there was', async () => {
    const deep = `{ "version": 2, "replicas": [${'['.repeat(10_000)}${']'.repeat(10_000)}], "observers": [], "rack": 1, "constraints": 1 }`;
    const finding = (await check({ 'placement.json': deep })).only('not-read');
    expect(finding.level).toBe('information');
    expect(finding.message).toMatch(/10,00\d where at most 200/);
  });
});

describe('hostile text', () => {
  it('is quoted so that it cannot lie about itself', async () => {
    const field = 'x\\u202e\\n<script>';
    const { findings } = await check(changed('"version": 2', `"version": 2, "${field}": 1`));
    const unknown = findings.find(({ code }) => code === 'unknown-field');
    expect(unknown?.message).toMatch(/^"x\ufffd\ufffd<script>" has no effect/);
  });
});
