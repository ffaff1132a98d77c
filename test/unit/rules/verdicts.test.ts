import { describe, expect, it } from 'vitest';
import { check, compose, create, levelsOf, type PlacementParts, placement } from './check';

/** Families `min-isr`, `survival` and `quorum`: what the simulator and the arithmetic say of a topic. */

const brokers = compose({ west: 4, east: 4, central: 1 }, { west: 2, east: 2, central: 1 });

function files(parts: PlacementParts, minIsr?: number, mark?: string, cluster = brokers): Record<string, string> {
  const text = placement(parts);
  return {
    'docker-compose.yml': cluster,
    'p.json': mark === undefined ? text : text.replace(mark, `«${mark}»`),
    'create.sh': create('orders', 'p.json', minIsr),
  };
}

const sync = { replicas: { west: 2, east: 2 } };
const observed = { ...sync, observers: { west: 1, east: 1 }, policy: 'under-min-isr' };

describe('a topic that survives any one datacenter', () => {
  it('gets no finding but hints', async () => {
    expect((await check(files(observed, 3))).summary).toEqual([]);
  });
});

describe('min-isr-within-datacenter', () => {
  it('stands at the first datacenter that may hold every copy, with the place that sets min ISR', async () => {
    const finding = (await check(files(observed, 2, '"west"'))).only('min-isr-within-datacenter');
    expect(finding).toMatchObject({ level: 'warning', datacenters: ['west', 'east'], syncReplicas: 2, minIsr: 2 });
    expect(finding.message).toBe(
      'Losing west or east may lose acknowledged writes of topic orders if others are out of sync by then: with min.insync.replicas 2, all in-sync copies of a write may be there. There can be 2 sync replicas in each of west and east; only a min ISR of 3 or more always spans two datacenters.',
    );
    expect(finding.related.map(({ place, message }) => [place.uri, message])).toEqual([
      ['create.sh', 'min.insync.replicas is set here'],
    ]);
  });
  it('is silent where min ISR is one more than any datacenter holds', async () => {
    expect((await check(files(observed, 3))).all('min-isr-within-datacenter')).toEqual([]);
  });
  it('leaves a topic in one datacenter to the rule about its loss', async () => {
    expect((await check(files({ replicas: { west: 3 } }, 2))).all('min-isr-within-datacenter')).toEqual([]);
  });
  it('is silent where availability comes first: min ISR is then low on purpose', async () => {
    const checked = await check(files(observed, 2), { survivalGoal: 'available-first' });
    expect(checked.all('min-isr-within-datacenter')).toEqual([]);
  });
  it('is at most information, and says so, where no file sets min ISR', async () => {
    const finding = (await check(files(observed))).only('min-isr-within-datacenter');
    expect(finding.level).toBe('information');
    expect(finding.message).toMatch(/\(min\.insync\.replicas is not known from any file; 1 is assumed\.\)$/);
  });
  it('is no error in a demo with min ISR 1', async () => {
    expect(levelsOf(await check(files(sync, 1)), 'min-isr-within-datacenter')).toEqual(['warning']);
  });
  it('takes the worst case of replicas that may go anywhere', async () => {
    const anywhere = '{ "version": 2, "replicas": [ { "count": 3, "constraints": {} } ] }';
    const checked = await check({ ...files(sync, 2), 'p.json': anywhere });
    expect(checked.only('min-isr-within-datacenter')).toMatchObject({ datacenters: ['west', 'east'], syncReplicas: 3 });
  });
  it('names all topics of a shared placement once', async () => {
    const script = create('a', 'p.json', 2) + create('b', 'p.json', 2) + create('c', 'p.json', 3);
    const finding = (await check({ ...files(observed), 'create.sh': script })).only('min-isr-within-datacenter');
    expect(finding).toMatchObject({ topics: ['a', 'b'] });
    expect(finding.message).toContain('topics a and b');
  });
});

describe('min-isr-above-sync-replicas', () => {
  it('is an error where nothing promotes: no write is ever accepted', async () => {
    const parts = { version: 1, replicas: { west: 1, east: 1 }, observers: { west: 1 } };
    const finding = (await check(files(parts, 3, '"replicas"'))).only('min-isr-above-sync-replicas');
    expect(finding.level).toBe('error');
    expect(finding.message).toMatch(/^No acks=all write to topic orders will ever be accepted/);
  });
  it('warns where observers then stay promoted for good', async () => {
    const parts = { replicas: { west: 1, east: 1 }, observers: { west: 1, east: 1 }, policy: 'under-min-isr' };
    const finding = (await check(files(parts, 3))).only('min-isr-above-sync-replicas');
    expect(finding.level).toBe('warning');
    expect(finding.message).toContain('stay promoted for good');
  });
  it('warns since 7.7, which takes a min ISR above all replicas as their number; before, it is an error', async () => {
    const parts = { replicas: { west: 1, east: 1 } };
    const old = compose({ west: 2, east: 2 }, {}, 'confluentinc/cp-server:7.6.1');
    expect(levelsOf(await check(files(parts, 3)), 'min-isr-above-sync-replicas')).toEqual(['warning']);
    expect(levelsOf(await check(files(parts, 3, undefined, old)), 'min-isr-above-sync-replicas')).toEqual(['error']);
  });
});

describe('min-isr-no-slack', () => {
  it('warns that the restart of any one broker stops writes', async () => {
    const checked = await check(files(sync, 4, '"replicas"'));
    expect(checked.only('min-isr-no-slack').level).toBe('warning');
    expect(checked.all('min-isr-above-sync-replicas')).toEqual([]);
  });
  it('is a hint where observers take over', async () => {
    expect(levelsOf(await check(files(observed, 4)), 'min-isr-no-slack')).toEqual(['hint']);
  });
});

describe('min-isr-one-never-promotes', () => {
  it('stands at the policy', async () => {
    const finding = (await check(files(observed, 1, '"under-min-isr"'))).only('min-isr-one-never-promotes');
    expect(finding.level).toBe('warning');
  });
  it('is silent under another policy', async () => {
    const checked = await check(files({ ...observed, policy: 'under-replicated' }, 1));
    expect(checked.all('min-isr-one-never-promotes')).toEqual([]);
  });
});

describe('min-isr-not-set', () => {
  it('stands at the topic in the command that leaves it out', async () => {
    const script = create('orders', 'p.json').replace('orders', '«orders»');
    const finding = (await check({ ...files(observed), 'create.sh': script })).only('min-isr-not-set');
    expect(finding.level).toBe('information');
  });
  it('is a hint where no command names the topic yet', async () => {
    expect(levelsOf(await check({ 'p.json': placement(observed) }), 'min-isr-not-set')).toEqual(['hint']);
  });
  it('is silent where the brokers set it', async () => {
    const cluster = compose({ west: 4, east: 4 }, {}, 'confluentinc/cp-server:7.9.1', {
      KAFKA_MIN_INSYNC_REPLICAS: '3',
    });
    const checked = await check(files(observed, undefined, undefined, cluster));
    expect(checked.all('min-isr-not-set')).toEqual([]);
    expect(checked.summary).toEqual([]);
  });
});

describe('a cluster of which files list one broker', () => {
  const verdicts = async (brokerFiles: Record<string, string>, parts: PlacementParts, minIsr: number) => {
    const checked = await check({
      ...brokerFiles,
      'p.json': placement(parts),
      'create.sh': create('orders', 'p.json', minIsr),
    });
    const [topic] = checked.analysis.assessments.flatMap(({ topics }) => topics);
    return {
      checked,
      lost: topic?.losses.flatMap(({ datacenter, outcome }) => (outcome.headroom === null ? [datacenter] : [])),
      found: checked.findings.flatMap(({ facts }) =>
        facts.code === 'datacenter-loss-stops-writes'
          ? facts.losses.map(({ datacenter }) => datacenter)
          : facts.code === 'datacenter-loss-offline'
            ? facts.datacenters
            : [],
      ),
    };
  };
  const lone = { 'server.properties': 'process.roles=broker\nnode.id=3\nbroker.rack=west\n' };
  const open = {
    'docker-compose.yml': compose({ west: 2, east: 2 }).replaceAll(/"(west|east)"/g, '"$${RACK}"'),
  };
  it.each([
    ['the racks that nobody lists', lone],
    ['racks that a template leaves open', open],
  ])('is judged by what its simulation rests on: %s', async (_, brokerFiles) => {
    for (const parts of [sync, { replicas: { west: 1, east: 2 } }, { replicas: { east: 3 } }]) {
      const { lost, found } = await verdicts(brokerFiles, parts, 3);
      expect(lost?.length).toBeGreaterThan(0);
      expect(found).toEqual(lost);
    }
  });
  it('has beside that one as many as the placement needs', async () => {
    const { checked } = await verdicts(lone, observed, 3);
    const [assessment] = checked.analysis.assessments;
    expect(assessment?.deployment.cluster.brokers.map(({ id, rack }) => `${id} ${rack}`)).toEqual([
      '3 west',
      '1 west',
      '2 west',
      '4 east',
      '5 east',
      '6 east',
    ]);
    expect(assessment?.deployment.cluster.origins.brokers).toEqual({ kind: 'assumed', assumption: 'more-brokers' });
    expect(checked.summary).toEqual([]);
  });
  it('offers observers in racks that nobody lists', async () => {
    const { checked } = await verdicts(lone, sync, 3);
    const [fix] = await checked.workspace.fixes(checked.only('datacenter-loss-stops-writes'));
    expect(fix?.title).toMatch(/Add 1 observer in each of west and east/);
  });
});

describe('datacenter-loss-stops-writes', () => {
  it('says how many stay in sync, against which min ISR, and why nobody helps', async () => {
    const finding = (await check(files(sync, 3, '"replicas"'))).only('datacenter-loss-stops-writes');
    expect(finding).toMatchObject({
      level: 'warning',
      losses: [
        { datacenter: 'west', isr: 2, minIsr: 3, promoted: 0, reason: 'no-observers' },
        { datacenter: 'east', isr: 2, minIsr: 3, promoted: 0, reason: 'no-observers' },
      ],
      survived: [],
    });
    expect(finding.message).toBe(
      'Losing west or east stops acks=all writes to topic orders: 2 replicas stay in sync and min.insync.replicas is 3. No observer outside it could take the place of what is lost.',
    );
    expect(finding.related.map(({ place }) => place.uri)).toEqual(['create.sh']);
  });
  it('stands at version 1, which never promotes', async () => {
    const checked = await check(files({ ...sync, observers: observed.observers, version: 1 }, 3, '1'));
    expect(checked.only('datacenter-loss-stops-writes')).toMatchObject({
      losses: [{ reason: 'version-1' }, { reason: 'version-1' }],
    });
  });
  it('stands at a policy that waits for a person', async () => {
    const parts = { ...observed, policy: 'leader-is-observer' };
    const checked = await check(files(parts, 3, '"leader-is-observer"'));
    expect(checked.only('datacenter-loss-stops-writes')).toMatchObject({
      losses: [{ reason: 'leader-is-observer' }, { reason: 'leader-is-observer' }],
    });
  });
  it('says where failover works one way only', async () => {
    const finding = (await check(files({ ...observed, observers: { east: 1 } }, 3))).only(
      'datacenter-loss-stops-writes',
    );
    expect(finding).toMatchObject({ losses: [{ datacenter: 'east' }], survived: ['west'] });
    expect(finding.message).toContain('Losing west is survived, so failover works one way only.');
  });
  it('counts the observers that could be promoted but do not suffice', async () => {
    const finding = (
      await check(
        files({ replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 }, policy: 'under-min-isr' }, 4),
      )
    ).only('datacenter-loss-stops-writes');
    expect(finding).toMatchObject({ losses: [{ promoted: 1, isr: 3, minIsr: 4, reason: 'too-few-observers' }, {}] });
  });
  it('blames the quorum where that is what is lost', async () => {
    const cluster = compose({ west: 4, east: 4 }, { west: 2, east: 1 });
    const finding = (await check(files(observed, 3, undefined, cluster))).findings.find(
      ({ code }) => code === 'datacenter-loss-stops-writes' || code === 'datacenter-loss-offline',
    );
    expect(finding?.message).toContain('the controllers lose their majority');
  });
});

describe('datacenter-loss-offline', () => {
  it('stands at the datacenter that holds all sync replicas', async () => {
    const parts = { replicas: { west: 3 }, observers: { east: 2 }, policy: 'under-min-isr' };
    const finding = (await check(files(parts, 2, '"west"'))).only('datacenter-loss-offline');
    expect(finding).toMatchObject({
      level: 'warning',
      datacenters: ['west'],
      reason: 'all-sync-replicas',
      observersLeft: 2,
    });
    expect(finding.message).toContain('No leader is left to promote one of the 2 observers elsewhere');
  });
  it('does not rest on min ISR, so it warns without one too', async () => {
    expect(levelsOf(await check(files({ replicas: { west: 3 } })), 'datacenter-loss-offline')).toEqual(['warning']);
  });
  it('is silent in a cluster of one datacenter, whose loss nothing survives', async () => {
    const checked = await check(files({ replicas: { west: 3 } }, 2, undefined, compose({ west: 4 })));
    expect(checked.summary).toEqual([]);
  });
});

describe('observers-with-replicas', () => {
  it('warns that observers are lost with what they stand in for', async () => {
    const parts = { replicas: { west: 2 }, observers: { west: 1 }, policy: 'under-min-isr' };
    const finding = (await check(files(parts, 2, '"observers"'))).only('observers-with-replicas');
    expect(finding).toMatchObject({ level: 'warning', datacenter: 'west', observers: 1 });
  });
});

describe('observers-all-used', () => {
  it('hints that promotion has used them up', async () => {
    const finding = (await check(files(observed, 3, '"observers"'))).only('observers-all-used');
    expect(finding).toMatchObject({ level: 'hint', datacenters: ['west', 'east'], promoted: 1 });
    expect(finding.message).toMatch(/come back within 7–15\.7 s, and one more broker stops them\./);
  });
  it('is silent with one to spare', async () => {
    const checked = await check(files({ ...observed, observers: { west: 2, east: 2 } }, 3));
    expect(checked.all('observers-all-used')).toEqual([]);
  });
});

describe('simulation-limited', () => {
  it('says that a verdict may not be the worst, and by which bound', async () => {
    const racks = Object.fromEntries(['a', 'b', 'c', 'd'].map((rack) => [rack, 8]));
    const finding = (await check({ 'p.json': placement({ replicas: racks }) })).only('simulation-limited');
    expect(finding.level).toBe('information');
    expect(finding.message).toContain('it has more replicas and controllers than the 30 that are simulated');
  });
  it('is silent where everything was looked at', async () => {
    expect((await check(files(observed, 3))).all('simulation-limited')).toEqual([]);
  });
});

describe('survival-goal-broken', () => {
  const clusterFile = (goal: string): string =>
    `{ "survivalGoal": «"${goal}"», "datacenters": { "west": { "brokers": 4 }, "east": { "brokers": 4 } } }`;
  it('stands at the goal and names the topics that miss it', async () => {
    const checked = await check({
      'shop.kafka-cluster.json': clusterFile('available-first'),
      'p.json': placement(sync),
      'create.sh': create('orders', 'p.json', 3),
    });
    const finding = checked.only('survival-goal-broken');
    expect(finding).toMatchObject({ level: 'warning', topics: ['orders'], datacenters: ['west', 'east'] });
    expect(finding.related.map(({ place, message }) => [place.uri, message])).toEqual([
      ['p.json', 'Topic orders breaks with the loss of west or east'],
    ]);
  });
  it('measures durability by data, not by writes', async () => {
    const checked = await check({
      'shop.kafka-cluster.json': clusterFile('durable-first'),
      'p.json': placement(sync),
      'create.sh': create('orders', 'p.json', 3),
    });
    expect(checked.all('survival-goal-broken')).toEqual([]);
  });
});

describe('quorum', () => {
  const inCluster = async (controllers: Record<string, number>) =>
    check(files(observed, 3, undefined, compose({ west: 4, east: 4 }, controllers)));
  it('quorum-lost-with-datacenter names each datacenter whose voters are a majority', async () => {
    const checked = await inCluster({ west: 3, east: 2 });
    expect(checked.only('quorum-lost-with-datacenter')).toMatchObject({
      level: 'warning',
      datacenters: ['west'],
      majority: 3,
    });
    expect((await inCluster({ west: 2, east: 2 })).only('quorum-lost-with-datacenter')).toMatchObject({
      datacenters: ['west', 'east'],
    });
  });
  it('is silent for 2-2-1', async () => {
    expect((await inCluster({ west: 2, east: 2, central: 1 })).summary).toEqual([]);
  });
  it('quorum-even informs that one voter is idle', async () => {
    expect((await inCluster({ west: 2, east: 2, central: 2 })).only('quorum-even').level).toBe('information');
  });
  it('is silent about a single controller and where none is listed', async () => {
    expect((await inCluster({ west: 1 })).all('quorum-lost-with-datacenter')).toEqual([]);
    expect((await inCluster({})).all('quorum-lost-with-datacenter')).toEqual([]);
  });
});
