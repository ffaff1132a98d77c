import { Controller } from '../../src/simulator/cluster/controller';
import type { RecoveryState } from '../../src/simulator/cluster/partition';
import { currentRules, type KafkaRules } from '../../src/simulator/cluster/rules';
import { differences } from './compare';
import { Fields, type Json, MalformedRecording } from './json';
import { type Driver, type ReplayReport, replaySteps } from './replay';

/** The recorder's brokers always report all metadata. */
const allMetadata = Number.MAX_SAFE_INTEGER;

interface ControllerSetting {
  readonly brokers: readonly number[];
  readonly replicas: readonly number[];
  readonly minIsr: number;
  readonly elr: boolean;
  readonly unclean: boolean;
}

/** Sessions never lapse by themselves in a recording: only fencing lets time pass. */
export function recordedController(setting: ControllerSetting, rules: KafkaRules): Controller {
  return new Controller({
    brokers: setting.brokers,
    replicas: setting.replicas,
    settings: { minInsyncReplicas: setting.minIsr, uncleanLeaderElection: setting.unclean },
    elrEnabled: setting.elr,
    rules,
    sessionTimeoutMs: Number.POSITIVE_INFINITY,
  });
}

/**
 * The recorder fences a broker by letting its session lapse: the others' heartbeats keep coming, so afterwards exactly
 * the unfenced brokers have a session.
 */
export function fenceBySessionExpiry(controller: Controller, broker: number): void {
  controller.fence(broker);
  for (const id of controller.brokerIds) {
    if (controller.broker(id)?.fenced === false) controller.touchSession(id, 0);
    else controller.expireSession(id);
  }
}

export function controllerState(controller: Controller): Json {
  const { partition } = controller;
  const ids = controller.brokerIds;
  const shuttingDown = ids.filter((id) => controller.broker(id)?.inControlledShutdown);
  return {
    leader: partition.leader,
    isr: partition.isr,
    elr: partition.elr,
    lastKnownElr: partition.lastKnownElr,
    leaderEpoch: partition.leaderEpoch,
    partitionEpoch: partition.partitionEpoch,
    recovery: partition.recovery,
    replicas: partition.replicas,
    fenced: ids.filter((id) => controller.broker(id)?.fenced),
    ...(shuttingDown.length > 0 ? { inControlledShutdown: shuttingDown } : {}),
    ...(partition.addingReplicas.length > 0 ? { adding: partition.addingReplicas } : {}),
    ...(partition.removingReplicas.length > 0 ? { removing: partition.removingReplicas } : {}),
  };
}

/** Heartbeat reply as the recorder prints it. */
export function heartbeatResult(controller: Controller, broker: number, wantShutDown: boolean): string {
  const reply = controller.heartbeat(broker, { wantShutDown, wantFence: false, metadataOffset: allMetadata }, 0);
  if (reply === undefined) return 'BrokerIdNotRegisteredException';
  const { isFenced, shouldShutDown, inControlledShutdown } = reply;
  return `fenced=${isFenced},shouldShutDown=${shouldShutDown},controlledShutdown=${inControlledShutdown}`;
}

/** `LeaderRecoveryState` as the request carries it: 1 or true is RECOVERING, all else (absent, 0, false) RECOVERED. */
function readRecovery(event: Fields): RecoveryState {
  if (!event.has('recovery')) return 'RECOVERED';
  const value = event.value('recovery');
  return value === 1 || value === true || value === 'RECOVERING' ? 'RECOVERING' : 'RECOVERED';
}

class ControllerDriver implements Driver {
  readonly #controller: Controller;

  constructor(setting: ControllerSetting, rules: KafkaRules) {
    this.#controller = recordedController(setting, rules);
  }

  state(): Json {
    return controllerState(this.#controller);
  }

  apply(event: Fields): string | null {
    const controller = this.#controller;
    const op = event.string('op');
    switch (op) {
      case 'fence':
        fenceBySessionExpiry(controller, event.number('broker'));
        return null;
      case 'heartbeat':
        return heartbeatResult(controller, event.number('broker'), false);
      case 'controlledShutdown':
        return heartbeatResult(controller, event.number('broker'), true);
      case 'register': {
        const result = controller.register(event.number('broker'), event.boolean('clean'), 0);
        return result === 'NONE' ? result : 'DuplicateBrokerRegistrationException';
      }
      case 'unregister':
        controller.unregister(event.number('broker'));
        return null;
      case 'alterIsr':
        return this.#alterIsr(event);
      case 'electPreferredTask':
        controller.electPreferredTask();
        return null;
      case 'electUncleanTask':
        controller.electUncleanTask();
        return null;
      case 'electLeaders':
        return controller.electLeaders(event.string('type') === 'PREFERRED' ? 'preferred' : 'unclean');
      case 'setConfig':
        return this.#setConfig(event);
      case 'reassign':
        controller.reassign(event.numbers('replicas'));
        return 'NONE';
      default:
        throw new MalformedRecording(event.where, `unknown controller event "${op}"`);
    }
  }

  #alterIsr(event: Fields): string {
    const { partition } = this.#controller;
    const isr = event.numbers('isr');
    const stale = event.numbersOr('staleEpochs', []);
    const epochs = event.numbersOr('epochs', []);
    const bypasses = (id: number, index: number): boolean => epochs[index] === -1 || epochs.includes(id);
    return this.#controller.alterPartition({
      sender: event.number('broker'),
      leaderEpoch: event.numberOr('leaderEpoch', partition.leaderEpoch),
      partitionEpoch: event.numberOr('partitionEpoch', partition.partitionEpoch),
      isr,
      isrBrokerEpochs: isr.map((id, index) => {
        const registered = this.#controller.broker(id)?.epoch ?? 0;
        if (bypasses(id, index)) return -1;
        return stale.includes(id) ? registered - 1 : registered;
      }),
      recovery: readRecovery(event),
    });
  }

  #setConfig(event: Fields): string {
    const key = event.string('key');
    const value = event.string('value');
    if (key === 'min.insync.replicas') this.#controller.setMinInsyncReplicas(Number(value));
    else if (key === 'unclean.leader.election.enable') this.#controller.setUncleanLeaderElection(value === 'true');
    return 'NONE';
  }
}

/** A sequence of `kafka-controller-traces`: `{id, elr, unclean, minIsr, brokers, replicas, init, steps}`. */
export function replayController(sequence: Fields, rules: KafkaRules = currentRules): ReplayReport {
  const setting = {
    brokers: sequence.numbers('brokers'),
    replicas: sequence.numbers('replicas'),
    minIsr: sequence.number('minIsr'),
    elr: sequence.boolean('elr'),
    unclean: sequence.boolean('unclean'),
  };
  const driver = new ControllerDriver(setting, rules);
  return replaySteps(sequence.string('id'), driver, sequence.value('init'), sequence.objects('steps'));
}

/** A controller vector: the same steps under `cluster` and `partition`. */
export function replayControllerVector(vector: Fields, rules: KafkaRules = currentRules): ReplayReport {
  const cluster = vector.child('cluster');
  const partition = vector.child('partition');
  const setting = {
    brokers: cluster.numbers('brokers'),
    replicas: partition.numbers('replicas'),
    minIsr: partition.number('minInsyncReplicas'),
    elr: cluster.boolean('eligibleLeaderReplicas'),
    unclean: partition.boolean('uncleanLeaderElectionEnable'),
  };
  const driver = new ControllerDriver(setting, rules);
  const byHand = vector.has('handExpectation') ? vector.objects('handExpectation') : [];
  const steps = vector.objects('steps');
  return replaySteps(vector.string('id'), driver, vector.value('init'), steps, (step, result, state) =>
    byHand.flatMap((expected) => {
      const number = expected.number('step');
      // One that names a step which does not exist is told at the last one, so that it is not lost.
      const isLost = step === steps.length && (number < 1 || number > steps.length);
      if (isLost) return [`expected by hand after step ${number}, of which there are ${steps.length}`];
      return number === step ? handDifferences(expected, result, state) : [];
    }),
  );
}

/** What somebody expected before the real classes were run: the fields that it names, `_result` being the answer. */
function handDifferences(expected: Fields, result: string, state: Json): string[] {
  const actual = Fields.of(state, 'state');
  return expected.keys.flatMap((key) => {
    if (key === 'step') return [];
    if (key === '_result') return differences({ result: expected.value(key) }, { result });
    // Nobody in controlled shutdown, nothing being added or removed: the state leaves such lists out.
    return differences({ [key]: expected.value(key) }, { [key]: actual.has(key) ? actual.value(key) : [] });
  });
}
