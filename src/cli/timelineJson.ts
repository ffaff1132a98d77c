import { causeSentence } from '../analysis/causeWords';
import { describeLine } from '../analysis/describeLine';
import { stateChanges } from '../analysis/stateChange';
import type { ClientReport, ClientStep, Loss, ScenarioRunReport } from '../simulator/cluster/scenario/timeline';
import type { PartitionSnapshot, Timeline, TimelineStep, TimeRangeMs } from '../simulator/timeline';
import { type PlayedScenario, topicDuring } from './playedScenario';

/** Raised when a field changes its meaning or goes away; new fields may come at any time. */
const formatVersion = 1;

/** A played scenario for programs: stable order, two blanks, one line break at the end. Documented in docs/cli.md. */
export function timelineJson(played: PlayedScenario): string {
  const { scenario, setup, topic, report } = played;
  const json = {
    version: formatVersion,
    scenario: scenario.name,
    topic: {
      name: topic.name.value,
      replicas: setup.replicas,
      observers: setup.observers,
      observerPromotionPolicy: setup.policy,
      minIsr: setup.minIsr,
      uncleanLeaderElection: setup.uncleanLeaderElection,
    },
    ...runJson(played, report),
    ifNeverReturned: report.ifNeverReturned === undefined ? null : runJson(played, report.ifNeverReturned),
  };
  return `${JSON.stringify(json, null, 2)}\n`;
}

function runJson(played: PlayedScenario, { timeline, clients, limitReached, atBest }: ScenarioRunReport): object {
  return {
    ...playedJson(played, timeline, clients),
    limitReached,
    atBest: atBest === undefined ? null : playedJson(played, atBest.timeline, atBest.clients),
  };
}

function playedJson(played: PlayedScenario, { steps }: Timeline, clients: ClientReport): object {
  return {
    steps: steps.map((step, index) => stepJson(played, steps, step, index)),
    clients: {
      steps: clients.steps.map(clientJson),
      lost: clients.lost.map(lossJson),
      blockedMs: clients.blockedMs && rangeJson(clients.blockedMs),
      writesAtEnd: clients.writesAtEnd,
      acknowledgedReadable: clients.acknowledgedReadable,
    },
  };
}

function stepJson(played: PlayedScenario, steps: readonly TimelineStep[], step: TimelineStep, index: number): object {
  const { topic, form } = played;
  const before = steps[index - 1]?.state;
  return {
    atMs: step.at && rangeJson(step.at),
    cause: step.cause,
    sentence: causeSentence(step, topicDuring(topic, steps, index)),
    changed: before === undefined ? [] : stateChanges(before, step.state),
    state: stateJson(step.state),
    describe: describeLine(topic.name.value, 0, step.state, form),
  };
}

/** Field by field, so that the order is the documented one. */
function stateJson(state: PartitionSnapshot): object {
  const { leader, replicas, observers, isr, offline, caughtUp, elr, lastKnownElr, reassignment, produce, quorum } =
    state;
  return {
    leader,
    replicas,
    observers,
    isr,
    offline,
    caughtUp,
    elr,
    lastKnownElr: lastKnownElr ?? [],
    reassignment: reassignment ?? null,
    produce,
    quorum,
  };
}

function clientJson({ at, produce, blocked, produceToLeader, read, readsOwnWrites }: ClientStep): object {
  return { atMs: rangeJson(at), produce, blocked, produceToLeader, read, readsOwnWrites };
}

function lossJson({ acks, reason, firstAcknowledgedAt, lastAcknowledgedAt, lostAt }: Loss): object {
  return {
    acks: acks === -1 ? 'all' : String(acks),
    reason,
    firstAcknowledgedAtMs: rangeJson(firstAcknowledgedAt),
    lastAcknowledgedAtMs: rangeJson(lastAcknowledgedAt),
    lostAtMs: rangeJson(lostAt),
  };
}

function rangeJson({ best, worst }: TimeRangeMs): TimeRangeMs {
  return { best, worst };
}
