import { describe, expect, it } from 'vitest';
import { assessTopic } from '../../../src/analysis/assess';
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
import { cluster, topic, twoAndAHalf } from './topics';

const orders = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 });

/** The table of failures as the panel shows it, one row as one line. */
function table(of: Topic): string[] {
  return assessTopic(twoAndAHalf, of).results.map(({ scenario, outcome }) =>
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
  const scenarios = assessTopic(twoAndAHalf, orders).results.map(({ scenario }) => scenario);
  expect(new Set(scenarios.map(scenarioId)).size).toBe(scenarios.length);
  expect(new Set(scenarios.map(scenarioTitle)).size).toBe(scenarios.length);
});

describe('the verdict in one line', () => {
  it.each([
    ['a survivor', orders, 'Survives any one datacenter · headroom 0'],
    ['writes that stop', topic({ west: 2, east: 2 }, {}, { minIsr: 3 }), 'Loss of west or east stops writes'],
    ['a topic in one datacenter', topic({ west: 3 }, { east: 2 }, { minIsr: 2 }), 'Loss of west takes it offline'],
    [
      'unclean elections',
      topic({ west: 3 }, { east: 2 }, { minIsr: 2, uncleanElection: true }),
      'Loss of west may lose acknowledged writes · headroom 0',
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
  const [anyBroker] = assessTopic(cluster({ west: 1 }, null), topic({ west: 1 }, {})).results;
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
