import type { NodeId } from '../../kafka/cluster';

/** What a cut between two datacenters cuts. `controllers` is all traffic of a controller, with brokers too. */
export type LinkScope = 'brokers' | 'controllers' | 'both';

/** Where a node stands. */
export interface Location {
  readonly id: NodeId;
  readonly datacenter: string;
}

/**
 * Who hears whom. Cuts are between datacenters, or around single brokers; all are symmetric, as a cut connection carries
 * neither requests nor answers.
 */
export class Network {
  readonly #brokerCuts = new Set<string>();
  readonly #controllerCuts = new Set<string>();
  readonly #cutOffFromBrokers = new Set<NodeId>();
  readonly #cutOffFromControllers = new Set<NodeId>();

  cutLink(left: string, right: string, scope: LinkScope): void {
    if (scope !== 'controllers') this.#brokerCuts.add(pair(left, right));
    if (scope !== 'brokers') this.#controllerCuts.add(pair(left, right));
  }

  /** Says whether anything was cut. */
  healLink(left: string, right: string): boolean {
    const brokersHealed = this.#brokerCuts.delete(pair(left, right));
    const controllersHealed = this.#controllerCuts.delete(pair(left, right));
    return brokersHealed || controllersHealed;
  }

  /** Cuts one broker off from all other brokers, or from the controllers too; if it is one itself, from all other nodes. */
  cutOff(broker: NodeId, fromControllersToo: boolean): void {
    this.#cutOffFromBrokers.add(broker);
    if (fromControllersToo) this.#cutOffFromControllers.add(broker);
  }

  /** Says whether it was cut off. */
  reconnect(broker: NodeId): boolean {
    this.#cutOffFromControllers.delete(broker);
    return this.#cutOffFromBrokers.delete(broker);
  }

  brokersHear(left: Location, right: Location): boolean {
    if (left.id === right.id) return true;
    if (this.#cutOffFromBrokers.has(left.id) || this.#cutOffFromBrokers.has(right.id)) return false;
    return !isCut(this.#brokerCuts, left, right);
  }

  brokerHearsController(broker: Location, controller: Location): boolean {
    return this.#controllersReach(broker, controller);
  }

  controllersHear(left: Location, right: Location): boolean {
    return this.#controllersReach(left, right);
  }

  /** A broker and a controller of the same node id are one process (combined mode): it is cut off as both. */
  #controllersReach(left: Location, right: Location): boolean {
    if (left.id === right.id) return true;
    if (this.#cutOffFromControllers.has(left.id) || this.#cutOffFromControllers.has(right.id)) return false;
    return !isCut(this.#controllerCuts, left, right);
  }
}

/** Nearly always nothing is cut, and no key need be made. */
function isCut(cuts: ReadonlySet<string>, left: Location, right: Location): boolean {
  return cuts.size > 0 && cuts.has(pair(left.datacenter, right.datacenter));
}

/** A key for an unordered pair of datacenters; names may hold any character, so the pair is written as JSON. */
function pair(left: string, right: string): string {
  return JSON.stringify(left < right ? [left, right] : [right, left]);
}
