import { describe, expect, it } from 'vitest';
import { check, compose, create, levelsOf, placement } from './check';

const brokers = compose({ west: 4, east: 4 });
const p = placement({ replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 }, policy: 'under-min-isr' });

function script(text: string, cluster = brokers): Record<string, string> {
  return { 'docker-compose.yml': cluster, 'p.json': p, 'create.sh': text };
}

describe('replication-factor-with-placement', () => {
  it('is what the broker refuses', async () => {
    const checked = await check(script(create('orders', 'p.json', 3, ' --replication-factor «4»')));
    const finding = checked.only('replication-factor-with-placement');
    expect(finding.level).toBe('error');
    expect(finding.message).toContain('Both replicationFactor and confluent.placement.constraints are set.');
    expect(finding.related.map(({ place }) => place.uri)).toEqual(['p.json']);
  });
});

describe('replication-factor-minus-one', () => {
  it('is for programs, not for kafka-topics', async () => {
    const checked = await check(script(create('orders', 'p.json', 3, ' --replication-factor «-1»')));
    expect(checked.only('replication-factor-minus-one').level).toBe('error');
    expect(checked.all('replication-factor-with-placement')).toEqual([]);
  });
});

const withDefault = compose({ west: 4, east: 4 }, { west: 1 }, 'confluentinc/cp-server:7.9.1', {
  KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: JSON.stringify(JSON.parse(p)),
});

describe('replication-factor-shadows-default', () => {
  it('warns that the default placement is silently ignored', async () => {
    const text =
      'kafka-topics --create --topic t --partitions 3 --replication-factor «3» --config min.insync.replicas=2\n';
    const finding = (await check(script(text, withDefault))).only('replication-factor-shadows-default');
    expect(finding).toMatchObject({ level: 'warning', replicationFactor: 3, placementReplicas: 6 });
  });
  it('is silent without a replication factor: the topic then gets the default', async () => {
    const checked = await check(
      script('kafka-topics --create --topic t --partitions 3 --config min.insync.replicas=3\n', withDefault),
    );
    expect(checked.all('replication-factor-shadows-default')).toEqual([]);
    expect(checked.analysis.topicsIn('docker-compose.yml').map(({ topic }) => topic.name.value)).toEqual(['t']);
  });
});

describe('placement-file-not-found', () => {
  it('says that nothing is said', async () => {
    const checked = await check(script(create('orders', '«/tmp/gone.json»', 3)));
    expect(checked.only('placement-file-not-found').level).toBe('information');
  });
});

describe('placement-file-ambiguous', () => {
  it('names the files it could be', async () => {
    const files = { 'a/p.json': p, 'b/p.json': p, 'create.sh': create('orders', '«/etc/p.json»', 3) };
    const finding = (await check(files)).only('placement-file-ambiguous');
    expect(finding).toMatchObject({ level: 'information', candidates: ['a/p.json', 'b/p.json'] });
  });

  it('names them as people know them, without the folders that they share', async () => {
    const folder = 'file:///home/me/shop';
    const files = {
      [`${folder}/old%20ones/p.json`]: p,
      [`${folder}/new/p.json`]: p,
      [`${folder}/create.sh`]: create('orders', '/etc/p.json', 3),
    };
    const { message } = (await check(files)).only('placement-file-ambiguous');
    expect(message).toBe('Nothing is said about topic orders: "/etc/p.json" could be old ones/p.json or new/p.json.');
  });
});

describe('config-key-misspelt', () => {
  it.each([
    ['min.insync.replica', 'min.insync.replicas'],
    ['min.in.sync.replicas', 'min.insync.replicas'],
    ['confluent.log.placement.constraints', 'confluent.placement.constraints'],
  ])('%s is probably %s', async (key, nearest) => {
    const checked = await check(script(create('orders', 'p.json', undefined, ` --config ${key}=3`)));
    expect(checked.only('config-key-misspelt')).toMatchObject({ key, nearest });
  });
  it.each(['retention.ms', 'confluent.tier.enable', 'my.own.thing'])('lets %s pass', async (key) => {
    const checked = await check(script(create('orders', 'p.json', 3, ` --config ${key}=3`)));
    expect(checked.all('config-key-misspelt')).toEqual([]);
  });
});

describe('config-value-invalid', () => {
  it.each(['0', 'two', '1.5'])('min.insync.replicas may not be %s', async (value) => {
    const checked = await check(script(create('orders', 'p.json', `«${value}»`)));
    expect(checked.only('config-value-invalid').level).toBe('error');
    // What the broker refuses is not what holds.
    expect(checked.all('min-isr-not-set')).toHaveLength(1);
  });
  it('is silent about a variable', async () => {
    expect((await check(script(create('orders', 'p.json', '$MIN_ISR')))).all('config-value-invalid')).toEqual([]);
  });
});

describe('unclean-election-enabled', () => {
  it('stands where it is switched on, once for all topics', async () => {
    const text = create('a', 'p.json', 3, ' --config unclean.leader.election.enable=«true»') + create('b', 'p.json', 3);
    expect((await check(script(text))).only('unclean-election-enabled')).toMatchObject({
      level: 'warning',
      topics: ['a'],
    });
  });
  it('is silent where it is stated to be off', async () => {
    const text = create('a', 'p.json', 3, ' --config unclean.leader.election.enable=false');
    expect((await check(script(text))).all('unclean-election-enabled')).toEqual([]);
  });
  it('is silent where availability comes first', async () => {
    const text = create('a', 'p.json', 3, ' --config unclean.leader.election.enable=true');
    const checked = await check(script(text), { survivalGoal: 'available-first' });
    expect(checked.all('unclean-election-enabled')).toEqual([]);
  });
});

describe('default placements', () => {
  it('internal-topics-not-placed: they have settings of their own', async () => {
    const checked = await check(script('', withDefault));
    expect(checked.only('internal-topics-not-placed')).toMatchObject({ missing: ['offsets', 'transactions'] });
  });
  it('default-placement-not-on-controllers: they create the topics', async () => {
    const controller =
      '  ctl:\n    environment:\n      KAFKA_NODE_ID: «99»\n      KAFKA_PROCESS_ROLES: controller\n      KAFKA_BROKER_RACK: west\n';
    const checked = await check(script('', withDefault + controller));
    expect(checked.only('default-placement-not-on-controllers').level).toBe('warning');
  });
  it('default-placement-differs: which one holds is left to chance', async () => {
    const other = placement({ replicas: { west: 1 } });
    const broker = `  odd:\n    environment:\n      KAFKA_NODE_ID: 99\n      KAFKA_PROCESS_ROLES: broker\n      KAFKA_BROKER_RACK: west\n      KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: '«${JSON.stringify(JSON.parse(other))}»'\n`;
    const finding = (await check(script('', withDefault + broker))).only('default-placement-differs');
    expect(finding.related.map(({ message }) => message)).toEqual(['Another broker says otherwise']);
  });
  it('are reported once, however many brokers repeat them', async () => {
    const checked = await check({ 'docker-compose.yml': withDefault });
    expect(checked.analysis.topicsIn('docker-compose.yml').map(({ topic }) => topic.name.value)).toEqual([
      '(default placement)',
    ]);
  });
});

describe('alter-needs-reassignment', () => {
  it('says that nothing moves yet', async () => {
    const text = 'kafka-configs --alter --entity-type topics --entity-name «orders» --replica-placement p.json\n';
    expect((await check(script(text))).only('alter-needs-reassignment').level).toBe('information');
  });
});

describe('not-confluent-server', () => {
  it.each(['apache/kafka:4.1.0', 'confluentinc/cp-kafka:7.9.1', 'bitnami/kafka:3.6'])(
    '%s knows no placement',
    async (image) => {
      const checked = await check({ 'docker-compose.yml': compose({ west: 4, east: 4 }, {}, image), 'p.json': p });
      expect(levelsOf(checked, 'not-confluent-server')[0]).toBe('error');
    },
  );
  it.each(['confluentinc/cp-server:7.9.1', 'registry.example.com/kafka/mirror:1', '$IMAGE'])(
    '%s may',
    async (image) => {
      const checked = await check({ 'docker-compose.yml': compose({ west: 4, east: 4 }, {}, image), 'p.json': p });
      expect(checked.all('not-confluent-server')).toEqual([]);
    },
  );
  it('is silent where no placement is used', async () => {
    const checked = await check({ 'docker-compose.yml': compose({ west: 4 }, {}, 'apache/kafka:4.1.0') });
    expect(checked.findings).toEqual([]);
  });
});
