import { describe, expect, it } from 'vitest';
import { check, compose, type Files } from './check';

const placement = (replicas: Readonly<Record<string, number>>, observers: Readonly<Record<string, number>> = {}) => {
  const list = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts).map(([rack, count]) => ({ count, constraints: { rack } }));
  return JSON.stringify({
    version: 2,
    replicas: list(replicas),
    ...(Object.keys(observers).length > 0 ? { observers: list(observers) } : {}),
  });
};

/** Brokers 1 to 3 in west, 4 to 6 in east. */
const brokers = compose({ west: 3, east: 3 });
const header = (placed: string, minIsr = 3) =>
  `Topic: orders\tPartitionCount: 9\tReplicationFactor: 6\tConfigs: min.insync.replicas=${minIsr},confluent.placement.constraints=${placed}\n`;
const row = (partition: number, leader: string, replicas: string, isr: string, observers = '') =>
  `\tTopic: orders\tPartition: ${partition}\tLeader: ${leader}\tReplicas: ${replicas}\tIsr: ${isr}\tOffline: \tObservers: ${observers}\n`;

const twoAndTwo = placement({ west: 2, east: 2 }, { west: 1, east: 1 });
const described = (rows: string, placed = twoAndTwo): Files => ({
  'docker-compose.yml': brokers,
  'described.txt': header(placed) + rows,
});
const healthy = row(0, '1', '1,2,4,5,3,6', '1,2,4,5', '3,6') + row(1, '4', '4,5,1,2,6,3', '4,5,1,2', '6,3');

const driftCodes = /^(?:described-|assignment-differs|preferred-leaders-together)/;
const drift = async (files: Files): Promise<readonly string[]> =>
  (await check(files)).findings.flatMap(({ code, level }) => (driftCodes.test(code) ? [`${level} ${code}`] : []));

describe('a topic as it is', () => {
  it('that is as it should be is worth no word', async () => {
    expect(await drift(described(healthy))).toEqual([]);
  });

  it('described-offline: partitions without a leader, in one finding', async () => {
    const rows = row(0, 'none', '«1,2,4,5,3,6»', '2', '3,6') + row(1, 'none', '4,5,1,2,6,3', '5', '6,3');
    const finding = (await check(described(rows))).only('described-offline');
    expect(finding).toMatchObject({ level: 'warning', partitions: [0, 1], of: 2 });
    expect(finding.message).toMatch(/^All 2 partitions of topic orders are offline/);
  });

  it('described-under-min-isr: a leader, and no write that is acknowledged', async () => {
    const rows = healthy.replace('1,2,4,5\t', '1,2,4,5\t') + row(2, '1', '«1,2,4,5,3,6»', '1,2', '3,6');
    const checked = await check(described(rows));
    expect(checked.only('described-under-min-isr')).toMatchObject({ partitions: [2], of: 3, isr: 2, minIsr: 3 });
    expect(checked.all('described-out-of-sync')).toEqual([]);
  });

  it('described-under-min-isr counts no more than there are replicas', async () => {
    const one = header(placement({ west: 1 }), 3) + row(0, '1', '1', '1');
    expect(await drift({ 'docker-compose.yml': brokers, 'described.txt': one })).toEqual([]);
  });

  it('described-out-of-sync: fewer copies than are counted on, though writes go on', async () => {
    const finding = (await check(described(row(0, '1', '«1,2,4,5,3,6»', '1,2,4', '3,6')))).only(
      'described-out-of-sync',
    );
    expect(finding).toMatchObject({ level: 'information', replicas: [5] });
  });

  it('described-observers-offline: nobody is there to be promoted', async () => {
    const rows = row(0, '1', '«1,2,4,5,3,6»', '1,2,4,5', '3,6').replace('Offline: ', 'Offline: 3,6');
    const finding = (await check(described(rows))).only('described-observers-offline');
    expect(finding).toMatchObject({ level: 'information', observers: [3, 6] });
    expect(finding.message).toContain(
      "Observers 3 and 6 of partition 0 of topic orders are offline and can't be promoted",
    );
  });

  it('described-observer-promoted: it stands in, or should have gone', async () => {
    const during = await check(described(row(0, '1', '1,2,4,5,3,6', '1,2,3', '3,6')));
    expect(during.only('described-observer-promoted')).toMatchObject({ observers: [3], syncMissing: 2 });
    const after = await check(described(row(0, '1', '1,2,4,5,3,6', '1,2,4,5,3', '3,6')));
    expect(after.only('described-observer-promoted').message).toContain('though all sync replicas are back');
  });

  it('described-not-preferred is a hint, and none while the preferred leader is out of sync', async () => {
    expect(await drift(described(row(0, '2', '1,2,4,5,3,6', '1,2,4,5', '3,6')))).toEqual([
      'hint described-not-preferred',
    ]);
    expect(await drift(described(row(0, '2', '1,2,4,5,3,6', '2,4,5', '3,6')))).toEqual([
      'information described-out-of-sync',
    ]);
  });

  it('of two descriptions in one file the last one is how things are', async () => {
    expect(await drift(described(row(0, 'none', '1,2,4,5,3,6', '2', '3,6') + healthy))).toEqual([]);
  });

  it('is told without a placement too', async () => {
    const plain = 'Topic: orders\tPartitionCount: 1\tReplicationFactor: 3\tConfigs: min.insync.replicas=2\n';
    const files = { 'described.txt': plain + row(0, '1', '1,2,3', '1') };
    expect(await drift(files)).toEqual(['warning described-under-min-isr']);
  });
});

describe('assignment-differs', () => {
  it('names racks where files state them, and links to the placement', async () => {
    const checked = await check(described(row(0, '1', '«1,2,3,4,5,6»', '1,2,3,4', '5,6')));
    const finding = checked.only('assignment-differs');
    expect(finding).toMatchObject({ level: 'warning', partitions: [0] });
    expect(finding.message).toContain(
      '3 sync replicas in "west" instead of 2, 1 sync replica in "east" instead of 2, no observers in "west" instead of 1 and 2 observers in "east" instead of 1',
    );
    expect(finding.related.map(({ message }) => message)).toEqual(['The placement is here']);
  });

  it('counts alone where no file states racks', async () => {
    const { 'docker-compose.yml': _, ...alone } = described(row(0, '1', '«1,2,4,5,3»', '1,2,4,5', '3'));
    const finding = (await check(alone)).only('assignment-differs');
    expect(finding.message).toContain('does not follow the placement: 1 observer instead of 2.');
  });

  it('lumps partitions together that differ alike', async () => {
    const rows = [0, 1, 2, 3, 4, 5, 6].map((partition) => row(partition, '1', '1,2,4,5', '1,2,4,5')).join('');
    const finding = (await check(described(rows + row(7, '1', '1,2,4,5,3,6', '1,2,4,5', '3,6')))).only(
      'assignment-differs',
    );
    expect(finding.message).toMatch(/^Partitions 0, 1, 2, 3, 4 and 2 more of 8 of topic orders do not follow/);
  });

  it.each([
    [
      'while replicas move',
      row(0, '1', '1,2,4,5,3,6,7', '1,2,4,5', '3,6').replace('\n', '\tAdding Replicas: 7\tRemoving Replicas: 2\n'),
      twoAndTwo,
    ],
    [
      'where any broker will do',
      row(0, '1', '1,2,3,4', '1,2,3,4'),
      '{"version":2,"replicas":[{"count":4,"constraints":{}}]}',
    ],
    [
      'where old brokers list only observers that live',
      row(0, '1', '1,2,4,5,3,6', '1,2,4,5').replace('Observers:', 'LiveObservers: 6'),
      twoAndTwo,
    ],
  ])('is silent %s', async (_, rows, placed) => {
    expect((await check(described(rows, placed))).all('assignment-differs')).toEqual([]);
  });
});

describe('preferred-leaders-together', () => {
  it('is a hint: several partitions, led from one of several datacenters', async () => {
    const rows = row(0, '1', '«1,2,4,5,3,6»', '1,2,4,5', '3,6') + row(1, '2', '2,1,4,5,3,6', '2,1,4,5', '3,6');
    expect((await check(described(rows))).only('preferred-leaders-together')).toMatchObject({
      level: 'hint',
      datacenter: 'west',
    });
  });
  it('is none of one partition, nor where all sync replicas are in one datacenter', async () => {
    expect(await drift(described(row(0, '1', '1,2,4,5,3,6', '1,2,4,5', '3,6')))).toEqual([]);
    const west = placement({ west: 2 }, { east: 2 });
    const rows = row(0, '1', '1,2,4,5', '1,2', '4,5') + row(1, '2', '2,1,4,5', '2,1', '4,5');
    expect((await check({ ...described(rows, west) })).all('preferred-leaders-together')).toEqual([]);
  });
});

describe('brokers of described replicas', () => {
  const brokersOf = async (text: string) =>
    (await check({ 'described.txt': text })).analysis.assessments.map(({ deployment: { cluster } }) => ({
      origin: cluster.origins.brokers,
      brokers: cluster.brokers.map(({ id, rack }) => `${id} ${rack}`),
    }))[0];
  const known = { kind: 'assumed', assumption: 'brokers-of-described-replicas' };

  it('are in the racks that the placement leaves them', async () => {
    const text = header(placement({ west: 2 }, { east: 2 }), 2) + row(0, '11', '11,12,21,22', '11,12', '21,22');
    expect(await brokersOf(text)).toEqual({ origin: known, brokers: ['11 west', '12 west', '21 east', '22 east'] });
  });

  it('are concluded one from the other', async () => {
    const other = header(twoAndTwo).replaceAll('orders', 'payments');
    const text =
      header(placement({ west: 2 }, { east: 1 }), 2) +
      row(0, '1', '1,2,4', '1,2', '4') +
      other +
      row(0, '1', '1,2,4,5,3,6', '1,2,4,5', '3,6').replace('orders', 'payments');
    // Of two observers, one in each rack, nothing tells which is where.
    expect((await brokersOf(text))?.origin).toMatchObject({ assumption: 'enough-brokers' });
    const third = header(placement({ east: 1 }, { west: 1 }), 1).replaceAll('orders', 'audit');
    expect(await brokersOf(text + third + row(0, '6', '6,3', '6', '3').replace('orders', 'audit'))).toEqual({
      origin: known,
      brokers: ['1 west', '2 west', '3 west', '4 east', '5 east', '6 east'],
    });
  });

  it('are left open where conclusions contradict each other', async () => {
    const text =
      header(placement({ west: 2 }, { east: 2 }), 2) +
      row(0, '11', '11,12,21,22', '11,12', '21,22') +
      row(1, '21', '21,12,11,22', '21,12', '11,22');
    expect((await brokersOf(text))?.origin).toMatchObject({ assumption: 'enough-brokers' });
  });

  it('make the described state the start of the simulation', async () => {
    const text = header(placement({ west: 2 }, { east: 2 }), 2) + row(0, 'none', '11,12,21,22', '12', '21,22');
    const { analysis } = await check({ 'described.txt': text });
    const [topic] = analysis.assessments.flatMap(({ topics }) => topics);
    expect(topic?.everyFailure().results.map(({ outcome }) => outcome.writes)).toContain('offline');
    expect(topic?.topic.assignments).toHaveLength(1);
  });
});
