import { describe, expect, it } from 'vitest';
import { assessTopic } from '../../../src/analysis/assess';
import { causeSentence } from '../../../src/analysis/causeWords';
import { duration, durationRange } from '../../../src/analysis/durations';
import { scenarioId } from '../../../src/analysis/scenario';
import {
  acknowledgedDataWords,
  headroomWords,
  personWords,
  readsWords,
  scenarioTitle,
  shortVerdict,
  verdictLines,
  writesWords,
} from '../../../src/analysis/words';
import type { Topic } from '../../../src/kafka/topic';
import type { Cause, PartitionSnapshot } from '../../../src/simulator/timeline';
import { cluster, topic, twoAndAHalf } from './topics';

const orders = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 });

/** The table of failures as the panel shows it, one row as one line. */
function table(of: Topic): string[] {
  return assessTopic(twoAndAHalf, of)
    .everyFailure()
    .results.map(({ scenario, outcome }) =>
      [
        scenarioTitle(scenario),
        writesWords(outcome).text,
        readsWords(outcome).text,
        acknowledgedDataWords(outcome).text,
        personWords(outcome).text,
        headroomWords(outcome).text,
      ].join(' | '),
    );
}

const lines = (of: Topic): string[] =>
  verdictLines(assessTopic(twoAndAHalf, of)).map((line) => line.map(({ text }) => text).join(''));

it('the table of failures', () => {
  expect(table(orders)).toMatchInlineSnapshot(`
    [
      "any one broker | resume after 7–10.2 s | pause, then continue | kept | – | 2 brokers",
      "west, all at once | resume after 7–15.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "east, all at once | resume after 7–15.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "central, all at once | continue | continue | kept | – | 3 brokers",
      "west, then one more broker | stop: ISR 2 of 3 | stale | kept | repair, or lower min.insync.replicas | –",
      "east, then one more broker | stop: ISR 2 of 3 | stale | kept | repair, or lower min.insync.replicas | –",
      "link west – east cut, controllers reachable | stop: nothing is fenced, nothing promoted | stale | kept | shut one side down | –",
      "west and east, all at once | offline: no leader | offline | at risk | repair what was lost | –",
      "west and central, all at once | offline: no leader | offline | kept | restore the quorum | –",
      "east and central, all at once | offline: no leader | offline | kept | restore the quorum | –",
      "west cut off from all others | resume after 7–15.7 s: 1 observer promoted | stale | kept | – | 0",
      "east cut off from all others | resume after 7–15.7 s: 1 observer promoted | stale | kept | – | 0",
      "central cut off from all others | continue | continue | kept | – | 3 brokers",
      "west, broker by broker | resume after 7–10.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "east, broker by broker | resume after 7–10.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "brokers of west, controllers stay | resume after 7–10.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "brokers of east, controllers stay | resume after 7–10.7 s: 1 observer promoted | pause, then continue | kept | – | 0",
      "majority of the controllers | continue | continue | kept | – | 0",
      "rolling restart of all brokers | continue | continue | kept | – | 3 brokers",
    ]
  `);
});

it('every scenario has an id and a title of its own', () => {
  const scenarios = assessTopic(twoAndAHalf, orders)
    .everyFailure()
    .results.map(({ scenario }) => scenario);
  expect(new Set(scenarios.map(scenarioId)).size).toBe(scenarios.length);
  expect(new Set(scenarios.map(scenarioTitle)).size).toBe(scenarios.length);
});

describe('the verdict in one line', () => {
  it.each([
    ['a survivor', orders, 'Survives any one datacenter · writes pause up to 15.7 s · headroom 0'],
    ['writes that stop', topic({ west: 2, east: 2 }, {}, { minIsr: 3 }), 'Loss of west or east stops writes'],
    ['a topic in one datacenter', topic({ west: 3 }, { east: 2 }, { minIsr: 2 }), 'Loss of west takes it offline'],
    [
      'unclean elections',
      topic({ west: 3 }, { east: 2 }, { minIsr: 2, uncleanElection: true }),
      'Loss of west may lose acknowledged writes · writes pause up to 15.7 s · headroom 0',
    ],
    [
      'a min ISR out of reach',
      topic({ west: 1, east: 1 }, { west: 1 }, { minIsr: 3, version: 1 }),
      'acks=all writes are refused from the start',
    ],
    [
      'a topic that is described without a leader',
      topic(
        { west: 1, east: 1 },
        {},
        { minIsr: 1, assignments: [{ partition: 0, replicas: [1, 4], observers: [], isr: [1], leader: null }] },
      ),
      'Offline as it is: no leader',
    ],
    ['more than can be simulated', topic({ west: 31 }, {}), 'Too large to simulate'],
  ])('%s', (_, of, expected) => {
    expect(shortVerdict(assessTopic(twoAndAHalf, of))).toBe(expected);
  });
});

describe('the verdict in a few lines', () => {
  it('a survivor', () => {
    expect(lines(orders)).toEqual([
      'Loses any one datacenter: writes resume by themselves within 15.7 s, no acknowledged write is lost.',
      'While it is gone: no headroom. The next broker to fail may stop writes.',
    ]);
  });

  it('one that is not, datacenter by datacenter', () => {
    expect(lines(topic({ west: 3 }, { east: 2 }, { minIsr: 2 }))).toEqual([
      'Loses west: the topic is offline, no leader is left and none is elected by itself.',
      'Loses east or central: writes go on, no acknowledged write is lost.',
      'While east or central is gone: 1 further broker may fail, wherever they are.',
    ]);
  });
});

it('marks say good, warning and bad; nothing to say is neutral', () => {
  const [anyBroker] = assessTopic(cluster({ west: 1 }, null), topic({ west: 1 }, {})).everyFailure().results;
  expect(writesWords(anyBroker!.outcome).mark).toBe('bad');
  expect(acknowledgedDataWords(anyBroker!.outcome).mark).toBe('warning');
  expect(headroomWords(anyBroker!.outcome)).toEqual({ text: '–', mark: 'neutral' });
});

it('times read as people say them', () => {
  expect([0, 25, 999, 1_000, 9_540, 59_999, 60_000, 300_000].map(duration)).toEqual([
    '0 ms',
    '25 ms',
    '999 ms',
    '1 s',
    '9.5 s',
    '60 s',
    '1 min',
    '5 min',
  ]);
  expect(durationRange({ best: 7_000, worst: 10_125 })).toBe('7–10.1 s');
  expect(durationRange({ best: 500, worst: 10_125 })).toBe('500 ms – 10.1 s');
  expect(durationRange({ best: 0, worst: 525 })).toBe('up to 525 ms');
  expect(durationRange({ best: 30_000, worst: 30_000 })).toBe('30 s');
});

describe('what happens at a step', () => {
  const state: PartitionSnapshot = {
    leader: 1,
    replicas: [1, 2, 3],
    observers: [],
    isr: [1, 2, 3],
    offline: [],
    caughtUp: [1, 2, 3],
    elr: [],
    produce: 'accepted',
    quorum: true,
  };
  const sentence = (cause: Cause, change: Partial<PartitionSnapshot> = {}): string =>
    causeSentence({ at: null, cause, state: { ...state, ...change } }, topic({ west: 3 }, {}, { minIsr: 2 }));

  it.each<readonly [Cause, Partial<PartitionSnapshot>, string]>([
    [
      { kind: 'link-cut', between: ['west', 'east'], controllers: true },
      { produce: 'waiting' },
      'Datacenters west and east no longer hear each other, neither brokers nor controllers. Producers wait: not every member of the ISR hears the leader.',
    ],
    [
      { kind: 'quorum-lost', standing: 1, needed: 2 },
      {},
      'Only 1 controller stands and 2 are needed: no leader is elected, no ISR changes, no observer is promoted.',
    ],
    [
      { kind: 'quorum-lost', standing: 5, needed: 3 },
      {},
      '5 controllers stand, but no 3 of them hear each other: no leader is elected, no ISR changes, no observer is promoted.',
    ],
    [
      { kind: 'leader-lost', leader: 3 },
      { leader: null, isr: [3] },
      'No live member of the ISR is left: the partition has no leader. Only 3 may lead without an unclean election.',
    ],
    [
      { kind: 'leader-lost', leader: 3 },
      { leader: null, isr: [], elr: [2, 3], lastKnownElr: [3] },
      'No live member of the ISR is left: the partition has no leader. Only 2 and 3 may lead cleanly, as eligible leader replicas.',
    ],
    [
      { kind: 'leader-lost', leader: 3 },
      { leader: null, isr: [], lastKnownElr: [3] },
      'No live member of the ISR is left: the partition has no leader. Only the last known leader 3 is elected by itself, whatever its log holds.',
    ],
    [
      { kind: 'isr-shrunk', removed: [3], by: 'leader' },
      { isr: [1, 2] },
      'Leader 1 drops 3 from the ISR, not caught up for replica.lag.time.max.ms. The ISR is 1,2.',
    ],
    [
      { kind: 'isr-shrunk', removed: [3], by: 'controller' },
      { isr: [1, 2] },
      'The controller takes 3 out of the ISR. The ISR is 1,2.',
    ],
    [
      { kind: 'leader-elected', leader: 1, election: 'preferred', commanded: true },
      {},
      'Preferred leader election gives leadership back to 1, as commanded.',
    ],
    [
      { kind: 'datacenter-lost', datacenter: 'west', brokers: [1, 2], controllers: [], lostRecords: 5 },
      {},
      'Datacenter west is lost: brokers 1 and 2 stop, and the last 5 records of their logs not flushed yet are gone. acks=all writes go on.',
    ],
    [
      { kind: 'brokers-stopped', brokers: [1] },
      { quorum: false },
      'Broker 1 is asked to stop in order, but no controller takes leadership over: it waits for one.',
    ],
    [
      { kind: 'without-effect', why: 'down', brokers: [1, 2] },
      {},
      'Brokers 1 and 2 are down already: nothing changes.',
    ],
    [
      { kind: 'without-effect', why: 'running', datacenters: ['west'] },
      {},
      'All of west is running already: nothing changes.',
    ],
    [
      { kind: 'without-effect', why: 'connected', datacenters: ['west'] },
      {},
      'Datacenter west is not cut off: nothing changes.',
    ],
    [{ kind: 'without-effect', why: 'set', minIsr: 2 }, {}, 'min.insync.replicas is 2 already: nothing changes.'],
    [
      { kind: 'min-isr-set', minIsr: 1 },
      { lastKnownElr: [] },
      'min.insync.replicas is set to 1, which clears the eligible leader replicas.',
    ],
    [
      { kind: 'unclean-election-set', enabled: true },
      {},
      'unclean.leader.election.enable is set to true. That elects nobody: the next fencing or unfencing may, and the periodic task.',
    ],
    [
      { kind: 'unclean-election-set', enabled: false },
      {},
      'unclean.leader.election.enable is set to false: a replica outside the ISR no longer becomes leader by itself.',
    ],
    [
      { kind: 'without-effect', why: 'set-unclean', enabled: true },
      {},
      'unclean.leader.election.enable is true already: nothing changes.',
    ],
    [
      { kind: 'command-unanswered', command: 'unclean-election' },
      {},
      'No active controller takes the command to set unclean.leader.election.enable: it times out, and nothing changes.',
    ],
  ])('%j', (cause, change, expected) => expect(sentence(cause, change)).toBe(expected));
});
