import type { NodeId } from '../../../kafka/cluster';
import type { Cause, PartitionSnapshot } from '../../timeline';
import { Clock, type ClockCase, type ClockSettings } from '../clock';
import { NO_LEADER } from '../partition';
import { AdminCommands } from './adminCommands';
import type { Happening } from './alignment';
import { type ChangeContext, electionKind, partitionCauses } from './causes';
import { type ClientView, SteadyClient, sameView } from './clients';
import type { RunContext } from './context';
import { ControllerDuties } from './controllerDuties';
import { applyFault } from './faults';
import { LeaderDuties } from './leaderDuties';
import { Ledger, type LostRecord } from './ledger';
import type { Fault, Scenario, ScenarioSetup } from './scenario';
import { takeSnapshot } from './snapshot';
import { Timers } from './timers';
import { startMs, World } from './world';

/** One step of one run. Its state is the one that lasts until the next step. */
export interface RunStep extends Happening {
  readonly cause: Cause;
  readonly state: PartitionSnapshot;
}

/** What clients meet from a moment on. */
export interface RunClientStep extends Happening {
  readonly view: ClientView;
}

/** One run of a scenario, all delays at their best or all at their worst. */
export interface Run {
  readonly steps: readonly RunStep[];
  /** One entry per change, the first at the start. */
  readonly clientSteps: readonly RunClientStep[];
  readonly lost: readonly LostRecord[];
  /** When each fault struck, in the order of the scenario. */
  readonly faultsAtMs: readonly number[];
  /** Things still changed when a bound was hit, and the run was cut short there. */
  readonly limitReached: boolean;
}

/** No scenario needs nearly as many; a loop would. */
export const eventsMax = 2_000;

/**
 * How long a run waits for nothing to happen any more. Everything of Kafka's is through within that, one timer after the
 * other; what goes on for longer goes on for ever, such as a slow replica that leaves and rejoins the ISR under a frozen
 * high watermark (KAFKA-19996).
 */
function settleMaxMs(clock: ClockSettings): number {
  const { leaderImbalanceCheckIntervalMs, uncleanElectionIntervalMs, catchUpMs } = clock;
  const longestMs = Math.max(leaderImbalanceCheckIntervalMs, uncleanElectionIntervalMs);
  const reactionMs = 2 * (clock.brokerSessionTimeoutMs + clock.replicaLagTimeMaxMs) + clock.controllerFailoverMs.worst;
  return Math.max(900_000, clock.shutdownGiveUpMs + reactionMs + longestMs + catchUpMs.worst);
}

/** A fault "when settled" comes at the next whole second, which keeps times readable. */
const settledGridMs = 1_000;

/** Drives the exact model through a scenario. Nothing here decides anything that Kafka decides: it only says when. */
export function runScenario(setup: ScenarioSetup, scenario: Scenario, clockCase: ClockCase): Run {
  return new ScenarioRun(setup, clockCase).run(scenario);
}

class ScenarioRun {
  readonly #world: World;
  readonly #timers = new Timers();
  readonly #ledger: Ledger;
  readonly #client: SteadyClient;
  readonly #controllers: ControllerDuties;
  readonly #commands: AdminCommands;
  readonly #leaders: LeaderDuties;
  readonly #steps: RunStep[] = [];
  readonly #clientSteps: RunClientStep[] = [];
  readonly #faultsAtMs: number[] = [];
  /** Replicas that were cut off, down or slow, and have not caught up since. */
  readonly #lagging = new Set<NodeId>();
  #lookedAt = '';
  #events = 0;
  #limitReached = false;

  constructor(setup: ScenarioSetup, clockCase: ClockCase) {
    this.#world = new World(setup);
    this.#ledger = new Ledger(this.#world);
    this.#client = new SteadyClient(this.#world);
    const context: RunContext = {
      world: this.#world,
      clock: new Clock(setup.clock, clockCase),
      timers: this.#timers,
      nowMs: () => this.#world.cluster.nowMs,
      record: (cause) => this.#record(cause),
      change: (how, action) => this.#change(how, action),
      metadataApplied: () => this.#leaders.noteMetadata(),
      truncated: (replica, removed) => this.#noteTruncation(replica, removed),
    };
    this.#controllers = new ControllerDuties(context);
    this.#commands = new AdminCommands(context);
    this.#leaders = new LeaderDuties(context);
  }

  run(scenario: Scenario): Run {
    // There is something committed from the start, which a replica outside the ISR may lack.
    this.#client.look();
    this.#world.fetchAll(this.#world.order);
    this.#record({ kind: 'healthy' });
    this.#afterEvent();
    for (const { when, fault } of scenario.steps) {
      if (when === 'settled') {
        this.#settle();
        this.#advanceTo(startMs + (Math.floor(this.#atMs / settledGridMs) + 1) * settledGridMs);
      } else if (when !== 'at-once') {
        this.#runUntil(startMs + when);
        this.#advanceTo(startMs + when);
      }
      this.#befall(fault);
    }
    this.#settle();
    this.#record({ kind: 'settled' });
    return {
      steps: this.#steps,
      clientSteps: this.#clientSteps,
      lost: this.#ledger.lost,
      faultsAtMs: this.#faultsAtMs,
      limitReached: this.#limitReached,
    };
  }

  /** Runs until nothing more happens by itself, or for as long as a run may go on. */
  #settle(): void {
    this.#runUntil(this.#world.cluster.nowMs + settleMaxMs(this.#world.setup.clock));
    if (this.#timers.peek() !== undefined) this.#limitReached = true;
  }

  /** Runs what is due before `untilMs`. */
  #runUntil(untilMs: number): void {
    for (let timer = this.#timers.peek(); timer !== undefined && timer.atMs < untilMs; timer = this.#timers.peek()) {
      if (this.#events >= eventsMax) {
        this.#limitReached = true;
        return;
      }
      this.#events++;
      this.#advanceTo(timer.atMs);
      this.#timers.clear(timer.key);
      timer.run();
      this.#afterEvent();
    }
  }

  #advanceTo(atMs: number): void {
    this.#world.cluster.nowMs = Math.max(this.#world.cluster.nowMs, atMs);
  }

  /** Lets a fault happen, in the midst of traffic. */
  #befall(fault: Fault): void {
    // Of several faults of one instant none sees what the others leave time for.
    if (this.#faultsAtMs.at(-1) !== this.#atMs) this.#replicateUpToNow();
    this.#ledger.noteAcknowledged(this.#atMs);
    this.#controllers.noteHeard();
    this.#faultsAtMs.push(this.#atMs);
    const cause = applyFault(this.#world, fault, {
      killed: (brokers) => this.#controllers.killed(brokers),
      start: (brokers) => this.#controllers.start(brokers),
      shutDown: (brokers) => this.#controllers.shutDown(brokers),
      elect: (election) => this.#commands.elect(election),
      setMinIsr: (minIsr) => this.#commands.setMinIsr(minIsr),
      setUncleanElection: (enabled) => this.#commands.setUncleanElection(enabled),
      reassign: (replicas, observers) => this.#commands.reassign(replicas, observers),
    });
    this.#writeToDeposedLeaders();
    if (cause !== null) this.#record(cause);
    this.#controllers.noteTopology();
    this.#leaders.noteTopology();
    this.#afterEvent();
  }

  /**
   * Up to the millisecond before a fault everybody has fetched and been heard. At that moment itself the steady producer's
   * last acks=all record has just been acknowledged: the ISR alone holds it, and some of its members do not know yet that
   * it is committed. The last acks=1 record has reached the leader alone.
   */
  #replicateUpToNow(): void {
    const { cluster } = this.#world;
    cluster.nowMs -= 1;
    this.#leaders.fetchNow();
    const { leader } = cluster.controller.partition;
    const isServing = leader !== NO_LEADER && this.#world.isResponsive(leader);
    if (isServing) this.#world.acknowledgeOne(leader);
    cluster.nowMs += 1;
    if (isServing) cluster.produce(leader, 1);
  }

  /** A leader that was replaced while it was frozen or cut off takes acks=1 records until it hears of it. */
  #writeToDeposedLeaders(): void {
    const { cluster } = this.#world;
    for (const [id, broker] of cluster.running) {
      const isDeposed = broker.leading !== undefined && broker.leaderEpoch < cluster.controller.partition.leaderEpoch;
      if (isDeposed && this.#world.isResponsive(id)) cluster.produce(id, 1);
    }
  }

  /** Sets the timers of all that will now happen by itself, and sees what clients make of it. */
  #afterEvent(): void {
    const { cluster } = this.#world;
    cluster.completeProduces();
    this.#ledger.noteAcknowledged(this.#atMs);
    this.#noteCaughtUp();
    this.#lookAgain();
    this.#controllers.arm();
    this.#leaders.arm();
  }

  /** Says when a replica that had fallen behind holds everything again. */
  #noteCaughtUp(): void {
    for (const id of this.#world.cluster.controller.partition.replicas) {
      const holds = this.#world.isResponsive(id) && this.#ledger.holdsAcknowledged(id);
      if (!holds) {
        if (this.#world.fallsBehind(id)) this.#lagging.add(id);
      } else if (this.#world.canFetch(id) && this.#world.agreesWithLeader(id) && !this.#world.slow.has(id)) {
        if (this.#lagging.delete(id)) this.#record({ kind: 'caught-up', replica: id });
      } else if (this.#world.cluster.broker(id)?.leading !== undefined) {
        // It leads by now, and had nothing to fetch.
        this.#lagging.delete(id);
      }
    }
  }

  #change(how: ChangeContext, action: () => void): void {
    const { controller } = this.#world.cluster;
    const before = controller.partition;
    action();
    const after = controller.partition;
    if (after.leader !== before.leader && after.leader !== NO_LEADER) {
      this.#ledger.noteElection(electionKind(this.#world, before, after, how), this.#atMs);
    }
    if (how.first !== undefined) this.#record(how.first);
    for (const cause of partitionCauses(this.#world, before, after, how)) this.#record(cause);
  }

  #noteTruncation(replica: NodeId, removed: readonly number[]): void {
    this.#ledger.noteTruncation(this.#atMs);
    this.#record({ kind: 'truncated', replica, lostAcknowledged: this.#ledger.anyAcknowledged(removed) });
  }

  #record(cause: Cause): void {
    this.#client.look();
    this.#lookedAt = this.#clientKey();
    this.#ledger.noteAcknowledged(this.#atMs);
    this.#steps.push({ atMs: this.#atMs, stage: this.#stage, cause, state: this.#snapshot() });
    this.#noteView();
  }

  /** Between steps, clients notice when brokers learn of what was committed, or catch up with it. */
  #lookAgain(): void {
    if (this.#clientKey() === this.#lookedAt) this.#client.review();
    else this.#client.look();
    this.#lookedAt = this.#clientKey();
    this.#ledger.noteAcknowledged(this.#atMs);
    if (!this.#noteView()) return;
    const last = this.#steps.pop();
    if (last !== undefined) this.#steps.push({ ...last, state: this.#snapshot() });
  }

  /** Keeps the client's view if it changed; says whether it did. */
  #noteView(): boolean {
    const { view } = this.#client;
    const last = this.#clientSteps.at(-1);
    if (last !== undefined && sameView(last.view, view)) return false;
    this.#clientSteps.push({ atMs: this.#atMs, stage: this.#stage, view });
    return true;
  }

  get #atMs(): number {
    return Math.max(0, this.#world.cluster.nowMs - startMs);
  }

  /** How many faults have struck. */
  get #stage(): number {
    return this.#faultsAtMs.length;
  }

  #snapshot(): PartitionSnapshot {
    const { partition } = this.#world.cluster.controller;
    return takeSnapshot(this.#world, this.#ledger, partition, this.#client.view.produce);
  }

  /** All that a client's view depends on, apart from the records it wrote itself. */
  #clientKey(): string {
    const { cluster } = this.#world;
    const parts = [...cluster.running].map(([id, { leading, leaderEpoch, partitionEpoch }]) => {
      const isr =
        leading === undefined ? '' : `${leading.isr.join()}/${leading.maximalIsr.join()}/${leading.effectiveMinIsr}`;
      return `${id}:${leaderEpoch},${partitionEpoch},${isr},${this.#world.canFetch(id)},${this.#world.slow.has(id)}`;
    });
    return parts.join(';');
  }
}
