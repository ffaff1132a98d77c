import { describe, expect, it } from 'vitest';
import { check, compose, create, levelsOf, type PlacementParts, placement } from './check';

const cluster = compose({ west: 3, east: 3, 'New York': 1 });

function files(parts: PlacementParts, mark?: string, brokers = cluster): Record<string, string> {
  const text = placement(parts);
  return {
    'docker-compose.yml': brokers,
    'p.json': mark === undefined ? text : text.replace(mark, `«${mark}»`),
    'create.sh': create('orders', 'p.json', 2),
  };
}

describe('rack-unknown', () => {
  it.each([
    ['East', 'east'],
    ['esat', 'east'],
    ['new york', 'New York'],
    ['New-York', 'New York'],
    ['tokyo', null],
  ])('%s: probably %s', async (rack, nearest) => {
    const finding = (await check(files({ replicas: { west: 2, [rack]: 1 } }, `"${rack}"`))).only('rack-unknown');
    expect(finding).toMatchObject({ level: 'error', rack, nearest, known: ['west', 'east', 'New York'] });
  });
  it('of two racks as near, means the one that the list lacks, and offers that', async () => {
    const { workspace, only } = await check(files({ replicas: { west: 2, est: 1 }, observers: { east: 1 } }, '"est"'));
    const finding = only('rack-unknown');
    expect(finding).toMatchObject({ nearest: 'east' });
    expect((await workspace.fixes(finding)).map(({ title }) => title)).toEqual(['Use the known rack "east"']);
  });
  it('knows racks with blanks and in other scripts', async () => {
    const brokers = compose({ 'New York': 2, 東京: 2 });
    expect(
      (await check(files({ replicas: { 'New York': 1, 東京: 1 } }, undefined, brokers))).all('rack-unknown'),
    ).toEqual([]);
  });
  it('is silent where no file lists brokers', async () => {
    expect((await check({ 'p.json': placement({ replicas: { anywhere: 2 } }) })).all('rack-unknown')).toEqual([]);
  });
  it('is silent about a template, and in a cluster whose racks are templates', async () => {
    expect((await check(files({ replicas: { '{{ rack }}': 2 } }))).all('rack-unknown')).toEqual([]);
    const brokers = compose({ west: 3, '{{ rack }}': 3 });
    expect((await check(files({ replicas: { east: 2 } }, undefined, brokers))).all('rack-unknown')).toEqual([]);
  });
  it('does not count the racks of controllers: no broker is there', async () => {
    const brokers = compose({ west: 3 }, { central: 1 });
    const finding = (await check(files({ replicas: { west: 2, central: 1 } }, '"central"', brokers))).only(
      'rack-unknown',
    );
    expect(finding).toMatchObject({ known: ['west'] });
  });
  it('makes verdicts of the simulator moot', async () => {
    const checked = await check(files({ replicas: { tokyo: 2 } }));
    expect(checked.summary).toEqual(['error rack-unknown']);
    expect([...checked.analysis.refused].map(({ name }) => name.value)).toEqual(['orders']);
  });
  it('takes racks from a cluster file without brokers', async () => {
    const checked = await check({
      'shop.kafka-cluster.json': '{ "datacenters": { "west": { "racks": ["w1", "w2"] } } }',
      'p.json': placement({ replicas: { w1: 1, w3: 1 } }).replace('"w3"', '«"w3"»'),
    });
    checked.only('rack-unknown');
  });
});

describe('rack-wildcard', () => {
  it('is an error: racks are compared exactly', async () => {
    const checked = await check(files({ replicas: { 'west*': 2 } }, '"west*"'));
    expect(checked.only('rack-wildcard').level).toBe('error');
    expect(checked.all('rack-unknown')).toEqual([]);
  });
});

describe('rack-capacity', () => {
  it('counts replicas and observers of a rack together', async () => {
    const checked = await check(files({ replicas: { west: 2, east: 1 }, observers: { west: 2 } }));
    const finding = checked.only('rack-capacity');
    expect(finding).toMatchObject({ level: 'error', rack: 'west', needed: 4, brokers: 3 });
    expect(finding.message).toMatch(/^The topic can't be created: rack "west" must hold 4 replicas/);
  });
  it('is silent at the limit, where a hint says that no broker is to spare', async () => {
    const checked = await check(files({ replicas: { west: 3, east: 1 } }));
    expect(checked.all('rack-capacity')).toEqual([]);
    expect(checked.only('rack-no-spare')).toMatchObject({ level: 'hint', racks: ['west'] });
  });
});

describe('one-broker-per-rack', () => {
  it('informs that every partition gets the same leader', async () => {
    const brokers = compose({ a: 1, b: 1, c: 1 });
    expect(
      levelsOf(await check(files({ replicas: { a: 1, b: 1, c: 1 } }, undefined, brokers)), 'one-broker-per-rack'),
    ).toEqual(['information']);
  });
});

describe('preferred-leaders-first-rack', () => {
  const parts = { replicas: { west: 2, east: 2 } };
  it('is off unless asked for, as nearly every placement is so', async () => {
    expect((await check(files(parts))).all('preferred-leaders-first-rack')).toEqual([]);
    const asked = await check(files(parts, '"west"'), { levels: { 'preferred-leaders-first-rack': 'information' } });
    expect(asked.only('preferred-leaders-first-rack')).toMatchObject({ rack: 'west', datacenter: 'west' });
  });
});

describe('broker-rack-missing', () => {
  it('stands at the broker', async () => {
    const brokers = `${compose({ west: 2 })}  broker-9:\n    image: confluentinc/cp-server:7.9.1\n    environment:\n      KAFKA_NODE_ID: «9»\n      KAFKA_PROCESS_ROLES: broker\n`;
    const finding = (
      await check({ 'docker-compose.yml': brokers, 'p.json': placement({ replicas: { west: 2 } }) })
    ).only('broker-rack-missing');
    expect(finding.level).toBe('warning');
  });
  it('is silent where no broker has a rack: the cluster does not use them', async () => {
    const brokers = 'services:\n  b:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_PROCESS_ROLES: broker\n';
    const checked = await check({ 'docker-compose.yml': brokers, 'p.json': placement({ replicas: { west: 2 } }) });
    expect(checked.all('broker-rack-missing')).toEqual([]);
  });
});

describe('racks-look-like-sites', () => {
  it('says that parts of a site count on their own until a cluster file says otherwise', async () => {
    const brokers = compose({ 'west-f': 2, 'west-o': 2, 'east-f': 2, 'east-o': 2 });
    const parts = { replicas: { 'west-f': 2, 'east-f': 2 }, observers: { 'west-o': 1, 'east-o': 1 } };
    const finding = (await check(files(parts, '"west-f"', brokers))).only('racks-look-like-sites');
    expect(finding).toMatchObject({
      level: 'information',
      sites: [
        { site: 'west', racks: ['west-f', 'west-o'] },
        { site: 'east', racks: ['east-f', 'east-o'] },
      ],
    });
  });
  it.each([
    [{ 'rack-1': 1, 'rack-2': 1, 'rack-3': 1 }],
    [{ 'us-east-1': 2, 'us-west-2': 2 }],
    [{ west: 2, east: 2 }],
    [{ 'zone-a': 1, 'zone-b': 1, 'zone-c': 1 }],
  ])('%o look like nothing of the kind', async (racks) => {
    expect((await check({ 'p.json': placement({ replicas: racks }) })).all('racks-look-like-sites')).toEqual([]);
  });
  it('is silent once a cluster file groups them', async () => {
    const checked = await check({
      'shop.kafka-cluster.json':
        '{ "datacenters": { "west": { "racks": { "west-f": 2, "west-o": 2 } }, "east": { "racks": { "east-f": 2, "east-o": 2 } } } }',
      'p.json': placement({ replicas: { 'west-f': 2, 'east-f': 2 }, observers: { 'west-o': 1, 'east-o': 1 } }),
    });
    expect(checked.all('racks-look-like-sites')).toEqual([]);
  });
});
