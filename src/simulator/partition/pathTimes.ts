import type { TimeRangeMs } from '../timeline';
import {
  addTimes,
  fencingAfterControllerFailoverMs,
  fencingMs,
  isrShrinkMs,
  type KafkaTimes,
  promotionMs,
} from '../times';
import { bit } from './mask';
import type { Taken } from './settle';
import type { PartitionState } from './state';

/** When a step of a settling happens, and when clients and the leader notice. */
export interface StepTimes {
  readonly at: TimeRangeMs;
  /** What the controller decides reaches brokers with the next metadata; what a leader decides it knows at once. */
  readonly noticed: TimeRangeMs;
}

/**
 * When each step of a settling happens, counted from the strike that set it off: the times at which a run of the exact model
 * takes the same steps, to the millisecond (a test holds the two together), at a cost that allows it for every topic.
 *
 * @param struck the partition right after the strike.
 * @param controllersDied whether the active controller may have died in the strike: it starts every session anew.
 */
export function pathTimes(
  struck: PartitionState,
  path: readonly Taken[],
  controllersDied: boolean,
  times: KafkaTimes,
): readonly StepTimes[] {
  const fencing = fencingTimes(controllersDied, times);
  let fenced = 0;
  let now: StepTimes = { at: atOnce, noticed: atOnce };
  return path.map(({ transition, slot }, index) => {
    const before = path[index - 1]?.state ?? struck;
    switch (transition) {
      case 'fenceBroker': {
        const fencedThen = fencing(fenced++);
        // Nothing waits for the fencing of a broker that could not be elected.
        if (((before.inSync | before.eligible) & bit(slot)) === 0) return fencedThen;
        now = fencedThen;
        break;
      }
      case 'shrinkIsr':
        now = byLeader(latest(now.noticed, addTimes(isrShrinkMs(times), times.alterPartitionMs)));
        break;
      case 'expandIsr':
      case 'promoteObserver':
        now = byLeader(addTimes(now.noticed, promotionMs(times)));
        break;
      case 'demoteObserver':
        now = byLeader({
          best: now.noticed.best,
          worst: now.noticed.worst + times.replicaLagTimeMaxMs / 2 + times.alterPartitionMs.worst,
        });
        break;
      case 'electPreferredLeader':
        now = byController({ best: now.at.best, worst: now.at.worst + times.leaderImbalanceCheckIntervalMs }, times);
        break;
      case 'electLeader':
      case 'electLastKnownLeader':
      case 'electUncleanLeader':
        // Part of the metadata record that fences the old leader. After a controlled shutdown, of one of its own.
        if (fenced === 0) now = byController(now.at, times);
        break;
      case 'unfenceBroker':
      case 'catchUp':
        // Within one heartbeat or one fetch: no timer of Kafka's stands in between.
        break;
      default:
        return transition satisfies never;
    }
    return now;
  });
}

const atOnce: TimeRangeMs = { best: 0, worst: 0 };

function byLeader(at: TimeRangeMs): StepTimes {
  return { at, noticed: at };
}

function byController(at: TimeRangeMs, { metadataPropagationMs }: KafkaTimes): StepTimes {
  return { at, noticed: addTimes(at, metadataPropagationMs) };
}

/**
 * When the brokers of one strike are fenced, by their order: one a run of the controller's check. The metadata of those that
 * are fenced while the first of them is on its way to the brokers travels with it.
 */
function fencingTimes(controllersDied: boolean, times: KafkaTimes): (index: number) => StepTimes {
  const { fenceNextBrokerMs, metadataPropagationMs } = times;
  const { best, worst } = fencingMs(times);
  const first = { best, worst: controllersDied ? fencingAfterControllerFailoverMs(times).worst : worst };
  const noticedMs = (index: number, wayMs: number): number => {
    const together = Math.max(1, Math.ceil(wayMs / fenceNextBrokerMs));
    return Math.floor(index / together) * together * fenceNextBrokerMs + wayMs;
  };
  return (index) => ({
    at: { best: first.best + index * fenceNextBrokerMs, worst: first.worst + index * fenceNextBrokerMs },
    noticed: {
      best: first.best + noticedMs(index, metadataPropagationMs.best),
      worst: first.worst + noticedMs(index, metadataPropagationMs.worst),
    },
  });
}

function latest(one: TimeRangeMs, other: TimeRangeMs): TimeRangeMs {
  return { best: Math.max(one.best, other.best), worst: Math.max(one.worst, other.worst) };
}
