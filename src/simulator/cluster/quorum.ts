import { majority, type NodeId } from '../../kafka/cluster';
import type { Location, Network } from './network';

/**
 * The KRaft voters: which run, who is the active controller, and whether it can commit. Votes and epochs of the Raft
 * protocol are left out: what the cluster feels of them is who leads, and how long nobody does.
 * Source: `KafkaRaftClient`, `LeaderState`.
 */
export class Quorum {
  readonly #voters: readonly Location[];
  readonly #network: Network;
  readonly #down = new Set<NodeId>();
  /** Voters in processes that are frozen: they are not gone, but nobody hears them. */
  readonly #frozen = new Set<NodeId>();
  #active: NodeId | undefined;

  /** The first voter is the active controller, unless another is named. */
  constructor(voters: readonly Location[], network: Network, active = voters[0]?.id) {
    this.#voters = voters;
    this.#network = network;
    this.#active = active;
  }

  get active(): NodeId | undefined {
    return this.#active;
  }

  get needed(): number {
    return majority(this.#voters.length);
  }

  /** Voters whose process runs and is not frozen, whoever hears them. */
  get standing(): number {
    return this.#voters.filter((voter) => this.#isUp(voter)).length;
  }

  /** Processes end; returns the voters among them that ran. */
  stop(processes: readonly NodeId[]): NodeId[] {
    const stopped = processes.filter((id) => this.#voter(id) !== undefined && !this.#down.has(id));
    for (const id of stopped) {
      this.#down.add(id);
      this.#frozen.delete(id);
    }
    if (this.#active !== undefined && this.#down.has(this.#active)) this.#active = undefined;
    return stopped;
  }

  /** Processes start; returns the voters among them that were down. */
  start(processes: readonly NodeId[]): NodeId[] {
    return processes.filter((id) => this.#down.delete(id));
  }

  /** Processes freeze. One that was the active controller still takes itself for it when it runs again. */
  freeze(processes: readonly NodeId[]): void {
    for (const id of processes) if (!this.#down.has(id)) this.#frozen.add(id);
  }

  resume(processes: readonly NodeId[]): void {
    for (const id of processes) this.#frozen.delete(id);
  }

  /** Whether the active controller's records reach a majority: else nothing commits, though it may not know yet. */
  get canCommit(): boolean {
    const active = this.#voter(this.#active);
    return active !== undefined && this.#isUp(active) && this.#reaches(active);
  }

  /**
   * The voter that would win an election now: the first that a majority hears. Which of several wins is a matter of
   * chance; the first keeps runs alike.
   */
  get electable(): NodeId | undefined {
    return this.#voters.find((voter) => this.#isUp(voter) && this.#reaches(voter))?.id;
  }

  elect(): NodeId | undefined {
    this.#active = this.electable;
    return this.#active;
  }

  /** A leader that no majority fetches from resigns (KAFKA-15489). */
  resign(): void {
    this.#active = undefined;
  }

  /** Whether a broker's heartbeats and requests reach the active controller. */
  hears(broker: Location): boolean {
    const active = this.#voter(this.#active);
    return active !== undefined && this.#isUp(active) && this.#network.brokerHearsController(broker, active);
  }

  #voter(id: NodeId | undefined): Location | undefined {
    return this.#voters.find((voter) => voter.id === id);
  }

  #isUp(voter: Location): boolean {
    return !this.#down.has(voter.id) && !this.#frozen.has(voter.id);
  }

  #reaches(voter: Location): boolean {
    const heard = this.#voters.filter((other) => this.#isUp(other) && this.#network.controllersHear(voter, other));
    return heard.length >= this.needed;
  }
}
