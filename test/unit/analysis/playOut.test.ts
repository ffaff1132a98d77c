import { describe, expect, it } from 'vitest';
import { createAssessor } from '../../../src/analysis/assess';
import { causeShort } from '../../../src/analysis/causeLabels';
import { causeSentence, stepTime } from '../../../src/analysis/causeWords';
import type { Scenario } from '../../../src/analysis/scenario';
import type { Topic } from '../../../src/kafka/topic';
import { cluster, topic, twoAndAHalf } from './topics';

/** The worst case of a scenario, one line for each step: time, leader, ISR, what producers meet, why. */
function play(of: Topic, scenario: Scenario, where = twoAndAHalf): string[] {
  const timeline = createAssessor().playOut(where, of, scenario);
  return (timeline?.steps ?? []).map((step) => {
    const { leader, isr, produce } = step.state;
    return `${stepTime(step)} | leader ${leader ?? 'none'} isr ${isr.join()} ${produce} | ${causeSentence(step, of)}`;
  });
}

const orders = topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 });
const inWest = topic({ west: 3 }, { east: 2 }, { minIsr: 2 });
const west: Scenario = { kind: 'datacenters', datacenters: ['west'] };

describe('the worst case of a failure, and the return of what was lost', () => {
  it('a datacenter is lost: fenced, replaced, an observer promoted; then back, demoted, led as before', () => {
    expect(play(orders, west)).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Datacenter west is lost: brokers 1, 2 and 3 and controllers 101 and 102 stop. Producers wait: the ISR still names 1 and 2.",
        "1.5–5 s | leader 1 isr 1,2,4,5 waiting | The controllers elect a new active controller, which starts every broker session anew.",
        "7–15.1 s | leader 4 isr 4,5 refused | The controller fences 1 and 2, takes them out of the ISR and elects 4, the first live member.",
        "7–15.7 s | leader 4 isr 4,5,6 accepted | The ISR (2) is under min.insync.replicas (3): leader 4 admits observer 6, which is caught up.",
        "+0 s | leader 4 isr 4,5,6 accepted | Datacenter west returns.",
        "+0–2.5 s | leader 4 isr 4,5,6 accepted | Replica 1 fetches what it missed and is caught up.",
        "+0–2.5 s | leader 4 isr 4,5,6 accepted | Replica 2 fetches what it missed and is caught up.",
        "+0–2.5 s | leader 4 isr 4,5,6 accepted | Replica 3 fetches what it missed and is caught up.",
        "+10 ms – 2.5 s | leader 4 isr 1,4,5,6 accepted | Replica 1 is caught up and rejoins the ISR.",
        "+10 ms – 3.1 s | leader 4 isr 1,2,4,5,6 accepted | Replica 2 is caught up and rejoins the ISR.",
        "+10 ms – 18.1 s | leader 4 isr 1,2,4,5 accepted | The ISR no longer needs observer 6: it is demoted, with no election.",
        "+10 ms – 5 min | leader 1 isr 1,2,4,5 accepted | Preferred leader election gives leadership back to 1, within leader.imbalance.check.interval.seconds.",
        "+10 ms – 5.1 min | leader 1 isr 1,2,4,5 accepted | Settled: 1 leads, the ISR is 1,2,4,5.",
      ]
    `);
  });

  it('all sync replicas are lost at once', () => {
    expect(play(inWest, west)).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,3 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,3.",
        "0 s | leader 1 isr 1,2,3 waiting | Datacenter west is lost: brokers 1, 2 and 3 and controllers 101 and 102 stop. Producers wait: the ISR still names 1, 2 and 3.",
        "1.5–5 s | leader 1 isr 1,2,3 waiting | The controllers elect a new active controller, which starts every broker session anew.",
        "7–15.1 s | leader none isr 1 offline | No live member of the ISR is left: the partition has no leader, so nobody promotes an observer. Only 1 may lead without an unclean election.",
        "+0 s | leader none isr 1 offline | Datacenter west returns.",
        "+10 ms – 2 s | leader 1 isr 1 offline | The controller elects 1, the first live member of the ISR.",
        "+10 ms – 2 s | leader 1 isr 1 refused | Replica 2 fetches what it missed and is caught up.",
        "+10 ms – 2 s | leader 1 isr 1 refused | Replica 3 fetches what it missed and is caught up.",
        "+10 ms – 2.6 s | leader 1 isr 1,2 accepted | Replica 2 is caught up and rejoins the ISR.",
        "+10 ms – 3.1 s | leader 1 isr 1,2,3 accepted | Replica 3 is caught up and rejoins the ISR.",
        "+10 ms – 3.6 s | leader 1 isr 1,2,3 accepted | Settled: 1 leads, the ISR is 1,2,3.",
      ]
    `);
  });

  it('all sync replicas are lost one after another', () => {
    expect(play(inWest, { kind: 'datacenter-rolling', datacenter: 'west' })).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,3 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,3.",
        "0 s | leader 1 isr 1,2,3 waiting | Broker 1 crashes. Producers wait: the ISR still names 1.",
        "7–10.1 s | leader 2 isr 2,3 accepted | The controller fences 1, takes it out of the ISR and elects 2, the first live member.",
        "+0 s | leader 2 isr 2,3 waiting | Broker 2 crashes. Producers wait: the ISR still names 2.",
        "+7–10.1 s | leader 3 isr 3 refused | The controller fences 2, takes it out of the ISR and elects 3, the first live member.",
        "+7–10.7 s | leader 3 isr 3,4 accepted | The ISR (1) is under min.insync.replicas (2): leader 3 admits observer 4, which is caught up.",
        "+0 s | leader 3 isr 3,4 waiting | Broker 3 crashes. Producers wait: the ISR still names 3.",
        "+7–10.1 s | leader 4 isr 4 refused | The controller fences 3, takes it out of the ISR and elects 4, the first live member.",
        "+7–10.7 s | leader 4 isr 4,5 accepted | The ISR (1) is under min.insync.replicas (2): leader 4 admits observer 5, which is caught up.",
        "+0 s | leader 4 isr 4,5 accepted | Controllers 101 and 102 stop.",
        "+1.5–5 s | leader 4 isr 4,5 accepted | The controllers elect a new active controller, which starts every broker session anew.",
        "+0 s | leader 4 isr 4,5 accepted | Datacenter west returns.",
        "+0–2.5 s | leader 4 isr 4,5 accepted | Replica 1 fetches what it missed and is caught up.",
        "+0–2.5 s | leader 4 isr 4,5 accepted | Replica 2 fetches what it missed and is caught up.",
        "+0–2.5 s | leader 4 isr 4,5 accepted | Replica 3 fetches what it missed and is caught up.",
        "+10 ms – 2.5 s | leader 4 isr 1,4,5 accepted | Replica 1 is caught up and rejoins the ISR.",
        "+10 ms – 3.1 s | leader 4 isr 1,2,4,5 accepted | Replica 2 is caught up and rejoins the ISR.",
        "+10 ms – 3.6 s | leader 4 isr 1,2,3,4,5 accepted | Replica 3 is caught up and rejoins the ISR.",
        "+10 ms – 18.6 s | leader 4 isr 1,2,3,4 accepted | The ISR no longer needs observer 5: it is demoted, with no election.",
        "+10 ms – 5 min | leader 1 isr 1,2,3,4 accepted | Preferred leader election gives leadership back to 1, within leader.imbalance.check.interval.seconds.",
        "+10 ms – 5.3 min | leader 1 isr 1,2,3 accepted | The ISR no longer needs observer 4: it is demoted, with no election.",
        "+10 ms – 5.3 min | leader 1 isr 1,2,3 accepted | Settled: 1 leads, the ISR is 1,2,3.",
      ]
    `);
  });

  it('the same with unclean elections configured', () => {
    const unclean = topic({ west: 1 }, { east: 1 }, { uncleanElection: true });
    expect(play(unclean, west)).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1.",
        "0 s | leader 1 isr 1 waiting | Datacenter west is lost: brokers 1, 2 and 3 and controllers 101 and 102 stop. Producers wait: the ISR still names 1.",
        "1.5–5 s | leader 1 isr 1 waiting | The controllers elect a new active controller, which starts every broker session anew.",
        "7–15.1 s | leader 4 isr 4 accepted | Unclean election: 4 leads though it was not in the ISR. Acknowledged records it does not hold are lost.",
        "+0 s | leader 4 isr 4 accepted | Datacenter west returns.",
        "+0–500 ms | leader 4 isr 4 accepted | Replica 1 truncates its log to the leader's: acknowledged records are lost.",
        "+0–2.5 s | leader 4 isr 4 accepted | Replica 1 fetches what it missed and is caught up.",
        "+10 ms – 2.5 s | leader 4 isr 1,4 accepted | Replica 1 is caught up and rejoins the ISR.",
        "+10 ms – 5 min | leader 1 isr 1,4 accepted | Preferred leader election gives leadership back to 1, within leader.imbalance.check.interval.seconds.",
        "+10 ms – 5.3 min | leader 1 isr 1 accepted | The ISR no longer needs observer 4: it is demoted, with no election.",
        "+10 ms – 5.3 min | leader 1 isr 1 accepted | Settled: 1 leads, the ISR is 1.",
      ]
    `);
  });

  it('a link between brokers is cut', () => {
    expect(play(orders, { kind: 'link', between: ['west', 'east'] })).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Brokers of west and east no longer hear each other; all of them still hear the controllers. So nobody is fenced, and producers wait: not every member of the ISR hears the leader.",
        "+0 s | leader 1 isr 1,2,4,5 accepted | Datacenters west and east hear each other again.",
        "+0–1 s | leader 1 isr 1,2,4,5 accepted | Replica 6 fetches what it missed and is caught up.",
        "+0–1.5 s | leader 1 isr 1,2,4,5 accepted | Settled: 1 leads, the ISR is 1,2,4,5.",
      ]
    `);
  });

  it('a datacenter is cut off from everybody', () => {
    expect(play(orders, { kind: 'isolated', datacenter: 'west' }).slice(0, 5)).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Datacenter west is cut off from all other datacenters. Producers wait: not every member of the ISR hears the leader.",
        "1.5–5 s | leader 1 isr 1,2,4,5 waiting | The controllers elect a new active controller, which starts every broker session anew.",
        "7–15.1 s | leader 4 isr 4,5 refused | The controller fences 1 and 2, takes them out of the ISR and elects 4, the first live member.",
        "7–15.7 s | leader 4 isr 4,5 refused | Replica 6 fetches what it missed and is caught up.",
      ]
    `);
  });

  it('a datacenter and the tiebreaker are lost', () => {
    expect(play(orders, { kind: 'datacenters', datacenters: ['west', 'central'] }).slice(0, 7)).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Datacenter west is lost: brokers 1, 2 and 3 and controllers 101 and 102 stop. Producers wait: the ISR still names 1 and 2.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Datacenter central is lost: controller 105 stops. Producers wait: the ISR still names 1 and 2.",
        "0 s | leader 1 isr 1,2,4,5 waiting | Only 2 controllers stand and 3 are needed: no leader is elected, no ISR changes, no observer is promoted.",
        "+0 s | leader 1 isr 1,2,4,5 waiting | Datacenter west returns.",
        "+0 s | leader 1 isr 1,2,4,5 waiting | A majority of the controllers stands again.",
        "+0 s | leader 1 isr 1,2,4,5 waiting | Controller 105 returns.",
      ]
    `);
  });

  it('the controllers are lost, and nothing else', () => {
    expect(play(orders, { kind: 'controllers' })).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 accepted | Controllers 101, 102 and 105 stop.",
        "0 s | leader 1 isr 1,2,4,5 accepted | Only 2 controllers stand and 3 are needed: no leader is elected, no ISR changes, no observer is promoted.",
        "+0 s | leader 1 isr 1,2,4,5 accepted | Controllers 101, 102 and 105 return.",
        "+0 s | leader 1 isr 1,2,4,5 accepted | A majority of the controllers stands again.",
        "+1.5–5 s | leader 1 isr 1,2,4,5 accepted | The controllers elect a new active controller, which starts every broker session anew.",
        "+1.5–5.5 s | leader 1 isr 1,2,4,5 accepted | Settled: 1 leads, the ISR is 1,2,4,5.",
      ]
    `);
  });

  it('a broker is restarted cleanly', () => {
    expect(
      play(topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 4 }), { kind: 'rolling-restart' }),
    ).toMatchInlineSnapshot(`
      [
        "0 s | leader 1 isr 1,2,4,5 accepted | All is well: 1 leads, acks=all writes wait for the ISR 1,2,4,5.",
        "0 s | leader 1 isr 1,2,4,5 accepted | Broker 1 is stopped cleanly: the controller moves leadership away and takes it out of the ISR first.",
        "up to 1 s | leader 1 isr 1,2,4,5 accepted | Broker 1 announces its shutdown: it gives up leadership and leaves the ISR first.",
        "up to 1 s | leader 2 isr 2,4,5 refused | The controller elects 2, the first live member of the ISR.",
        "up to 1.6 s | leader 2 isr 2,4,5,3 accepted | The ISR (3) is under min.insync.replicas (4): leader 2 admits observer 3, which is caught up.",
        "+0 s | leader 2 isr 2,4,5,3 accepted | Broker 1 returns.",
        "+0 s | leader 2 isr 2,4,5,3 accepted | The controller refuses broker 1: the session of its old incarnation has not expired.",
        "+8.1–8.6 s | leader 2 isr 2,4,5,3 accepted | Replica 1 fetches what it missed and is caught up.",
        "+8.1–10.6 s | leader 2 isr 1,2,4,5,3 accepted | Replica 1 is caught up and rejoins the ISR.",
        "+8.1–25.6 s | leader 2 isr 1,2,4,5 accepted | The ISR no longer needs observer 3: it is demoted, with no election.",
        "+8.1 s – 5.2 min | leader 1 isr 1,2,4,5 accepted | Preferred leader election gives leadership back to 1, within leader.imbalance.check.interval.seconds.",
        "+8.1 s – 5.2 min | leader 1 isr 1,2,4,5 accepted | Settled: 1 leads, the ISR is 1,2,4,5.",
      ]
    `);
  });
});

it('a link cut is told otherwise where the leader is taken to shrink the ISR, as the classes of Apache Kafka do', () => {
  const assessor = createAssessor({ switches: { brokerLinkCut: 'leader-shrinks' } });
  const timeline = assessor.playOut(twoAndAHalf, orders, { kind: 'link', between: ['west', 'east'] });
  const told = timeline!.steps.map((step) => `${stepTime(step)} ${causeShort(step.cause)}`);
  expect(told.slice(1, 4)).toEqual(['0 s cut', '30–45 s ISR shrunk', '30–45.6 s promoted']);
});

it('brokers that hold no replica are named with their datacenter, and counted where there are many', () => {
  const big = cluster({ west: 40, east: 3 }, null);
  const [, lost] = createAssessor().playOut(big, topic({ west: 1, east: 1 }, {}), west)!.steps;
  expect(causeSentence(lost!, orders)).toBe(
    'Datacenter west is lost: 40 brokers stop. Producers wait: the ISR still names 1.',
  );
});
