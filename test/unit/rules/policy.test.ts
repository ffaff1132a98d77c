import { describe, expect, it } from 'vitest';
import { check, compose, create, levelsOf, type PlacementParts, placement } from './check';

const spread = { replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 } };

/** A placement of a topic with min ISR 3, in a cluster with brokers enough. */
function files(parts: PlacementParts, mark?: string, image?: string): Record<string, string> {
  const text = placement(parts);
  return {
    'docker-compose.yml': compose({ west: 4, east: 4, central: 1 }, { west: 2, east: 2, central: 1 }, image),
    'p.json': mark === undefined ? text : text.replace(mark, `«${mark}»`),
    'create.sh': create('orders', 'p.json', 3),
  };
}

describe('policy-unknown', () => {
  it('names the three there are, and the nearest', async () => {
    const finding = (await check(files({ ...spread, policy: 'under_min_isr' }, '"under_min_isr"'))).only(
      'policy-unknown',
    );
    expect(finding).toMatchObject({ level: 'error', nearest: 'under-min-isr' });
    expect(finding.message).toContain('"under-min-isr", "under-replicated" or "leader-is-observer"');
  });
  it('guesses nothing from a value of another product', async () => {
    expect((await check(files({ ...spread, policy: 'none' }))).only('policy-unknown')).toMatchObject({ nearest: null });
  });
});

describe('policy-on-version-1', () => {
  it('is an error: the policy cannot work', async () => {
    const checked = await check(files({ ...spread, version: 1, policy: 'under-min-isr' }, '"under-min-isr"'));
    expect(checked.only('policy-on-version-1').level).toBe('error');
    // One finding says it all.
    expect(checked.all('version-1-with-observers')).toEqual([]);
  });
  it('is only information where the policy is what version 1 does anyway', async () => {
    const checked = await check(files({ ...spread, version: 1, policy: 'leader-is-observer' }));
    expect(checked.only('policy-on-version-1').level).toBe('information');
  });
});

describe('version-1-with-observers', () => {
  it('warns that nothing is promoted', async () => {
    const finding = (await check(files({ ...spread, version: 1 }, '1'))).only('version-1-with-observers');
    expect(finding.level).toBe('warning');
    expect(finding.message).toContain('2 observers can help only after a person forced an unclean election');
  });
  it('is silent without observers, and where the platform has no version 2', async () => {
    expect((await check(files({ version: 1, replicas: spread.replicas }))).all('version-1-with-observers')).toEqual([]);
    const old = await check(files({ ...spread, version: 1 }, undefined, 'confluentinc/cp-server:5.5.1'));
    expect(old.all('version-1-with-observers')).toEqual([]);
  });
});

describe('policy-implicit', () => {
  it('is a hint at most: version 2 without a policy is under-min-isr', async () => {
    expect(levelsOf(await check(files(spread)), 'policy-implicit')).toEqual(['hint']);
  });
  it('is silent without observers', async () => {
    expect(levelsOf(await check(files({ replicas: spread.replicas })), 'policy-implicit')).toEqual([]);
  });
});

describe('policy-without-observers', () => {
  it('informs', async () => {
    const checked = await check(files({ replicas: spread.replicas, policy: 'under-min-isr' }, '"under-min-isr"'));
    expect(checked.only('policy-without-observers').level).toBe('information');
  });
});

describe('policy-leader-is-observer', () => {
  it('is a trade-off that somebody wrote down', async () => {
    const checked = await check(files({ ...spread, policy: 'leader-is-observer' }, '"leader-is-observer"'));
    expect(checked.only('policy-leader-is-observer').level).toBe('information');
  });
});

describe('policy-under-replicated-remote', () => {
  it('names the racks of observers far from sync replicas', async () => {
    const parts = { replicas: { west: 3 }, observers: { east: 2 }, policy: 'under-replicated' };
    const finding = (await check(files(parts, '"under-replicated"'))).only('policy-under-replicated-remote');
    expect(finding).toMatchObject({ level: 'information', racks: ['east'], syncReplicas: 3 });
  });
  it('is silent where observers stand beside all sync replicas', async () => {
    const parts = { replicas: { west: 2 }, observers: { west: 1 }, policy: 'under-replicated' };
    expect((await check(files(parts))).all('policy-under-replicated-remote')).toEqual([]);
  });
});

describe('needs-newer-platform', () => {
  it('compares with the version that the images state', async () => {
    const checked = await check(files(spread, undefined, 'confluentinc/cp-server:6.0.1'));
    expect(
      checked.all('needs-newer-platform').map((finding) => [finding.level, finding.message.split('.')[0]]),
    ).toEqual([
      ['error', 'Confluent Platform 6'],
      ['error', 'Confluent Platform 6'],
    ]);
  });
  it('allows observers beside replicas of the same rack since 7.3, and where no version is stated', async () => {
    const allows = async (image?: string): Promise<boolean> =>
      (await check(files(spread, undefined, image))).all('needs-newer-platform').length === 0;
    expect(await allows('confluentinc/cp-server:7.3.0')).toBe(true);
    expect(await allows('confluentinc/cp-server:7.10.0')).toBe(true);
    expect(await allows('confluentinc/cp-server:latest')).toBe(true);
    expect(await allows('confluentinc/cp-server:7.2.9')).toBe(false);
  });
  it('takes the version of a cluster file, and shows where it stands', async () => {
    const cluster =
      '{ "confluentPlatform": "7.2", "datacenters": { "west": { "brokers": 4 }, "east": { "brokers": 4 } } }';
    const checked = await check({ 'shop.kafka-cluster.json': cluster, 'p.json': placement(spread) });
    const [finding] = checked.all('needs-newer-platform');
    expect(finding).toMatchObject({ feature: 'rack-in-both-lists', stated: '7.2' });
    expect(finding?.related.map(({ place }) => place.uri)).toEqual(['shop.kafka-cluster.json']);
  });
});
