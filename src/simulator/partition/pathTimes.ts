import type { TimeRangeMs } from '../timeline';
import {
  addTimes,
  fencingAfterControllerFailoverMs,
  fencingMs,
  isrShrinkMs,
  type KafkaTimes,
  promotionMs,
} from '../times';
import type { Taken } from './settle';

/**
 * When each step of a settling happens, counted from the strike that set it off. What Kafka's timers leave open is a
 * range; a step is never before the one that it follows. The exact model's runs agree to within 50 ms (a test holds them
 * together), but take too long to run some for every topic.
 * @param controllersDied whether the active controller may have died in the strike: it starts every session anew.
 */
export function pathTimes(path: readonly Taken[], controllersDied: boolean, times: KafkaTimes): readonly TimeRangeMs[] {
  const fenced = fencedAt(path, controllersDied, times);
  let now: TimeRangeMs = { best: 0, worst: 0 };
  return path.map(({ transition }) => {
    switch (transition) {
      case 'fenceBroker':
        now = fenced;
        break;
      case 'shrinkIsr':
        now = latest(now, isrShrinkMs(times));
        break;
      case 'expandIsr':
      case 'promoteObserver':
        now = addTimes(now, promotionMs(times));
        break;
      case 'demoteObserver':
        now = { best: now.best, worst: now.worst + times.replicaLagTimeMaxMs / 2 + times.alterPartitionMs.worst };
        break;
      case 'electPreferredLeader':
        now = { best: now.best, worst: now.worst + times.leaderImbalanceCheckIntervalMs };
        break;
      case 'unfenceBroker':
      case 'electLeader':
      case 'electLastKnownLeader':
      case 'electUncleanLeader':
      case 'catchUp':
        // Part of the same metadata record, or within one fetch: no timer of Kafka's stands in between.
        break;
      default:
        return transition satisfies never;
    }
    return now;
  });
}

/** All brokers of one strike are fenced within these times: which of them comes first is arbitrary. */
function fencedAt(path: readonly Taken[], controllersDied: boolean, times: KafkaTimes): TimeRangeMs {
  const others = Math.max(0, path.filter(({ transition }) => transition === 'fenceBroker').length - 1);
  const own = fencingMs(times);
  const worst = controllersDied ? fencingAfterControllerFailoverMs(times).worst : own.worst;
  return { best: own.best, worst: worst + others * times.fenceNextBrokerMs };
}

function latest(one: TimeRangeMs, other: TimeRangeMs): TimeRangeMs {
  return { best: Math.max(one.best, other.best), worst: Math.max(one.worst, other.worst) };
}
