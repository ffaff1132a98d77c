import type { Declaration, ReaderProblem } from './declaration';
import { shown } from './jsonFields';
import { nearestName } from './nearestName';
import type { ScenarioAction, ScenarioDeclaration } from './scenarioDeclaration';
import type { Located } from './span';

/** What a cluster has that a scenario may name. */
export interface KnownNodes {
  readonly brokers: ReadonlySet<number>;
  readonly controllers: ReadonlySet<number>;
  readonly datacenters: readonly string[];
}

/**
 * The nodes of a cluster that is written into the scenario; `null` where it only says how many there are: their ids are
 * then given when the cluster is put together.
 */
export function knownNodes(declarations: readonly Declaration[]): KnownNodes | null {
  const nodes = declarations.filter((found) => found.kind === 'broker' || found.kind === 'controller');
  if (nodes.length === 0 || nodes.some(({ id }) => id === null)) return null;
  const ids = (wanted: (node: (typeof nodes)[number]) => boolean): ReadonlySet<number> =>
    new Set(nodes.filter(wanted).flatMap(({ id }) => (id === null ? [] : [id.value])));
  const cluster = declarations.find((found) => found.kind === 'cluster');
  return {
    brokers: ids(({ kind }) => kind === 'broker'),
    controllers: ids((node) => node.kind === 'controller' || node.alsoController),
    datacenters: (cluster?.datacenters ?? []).map(({ name }) => name.value),
  };
}

/** Brokers, controllers and datacenters that a scenario names and the cluster does not have. */
export function unknownNames(scenario: ScenarioDeclaration, known: KnownNodes): readonly ReaderProblem[] {
  return new NameCheck(known).check(scenario);
}

class NameCheck {
  readonly #known: KnownNodes;
  readonly #problems: ReaderProblem[] = [];

  constructor(known: KnownNodes) {
    this.#known = known;
  }

  check({ topic, settings, steps }: ScenarioDeclaration): readonly ReaderProblem[] {
    if (topic.replicas.kind === 'listed') this.#brokers(topic.replicas.replicas);
    if (settings.order !== null) this.#brokers(settings.order);
    if (settings.activeController !== null) this.#controllers([settings.activeController]);
    for (const { action } of steps) this.#action(action);
    return this.#problems;
  }

  #action(action: ScenarioAction): void {
    switch (action.do) {
      case 'crash-brokers':
      case 'stop-brokers':
      case 'return-brokers':
      case 'freeze-brokers':
      case 'resume-brokers':
      case 'slow-replicas':
      case 'recover-replicas':
      case 'reconnect-brokers':
      case 'power-loss':
      case 'cut-off-brokers':
        this.#brokers(action.brokers);
        return;
      case 'lose-datacenter':
      case 'return-datacenter':
      case 'isolate-datacenter':
      case 'rejoin-datacenter':
        this.#datacenters([action.datacenter]);
        return;
      case 'cut-link':
      case 'heal-link':
        this.#datacenters(action.between);
        return;
      case 'lose-controllers':
      case 'return-controllers':
        this.#controllers(action.controllers);
        return;
      case 'reassign':
        this.#brokers(action.replicas);
        return;
      case 'set-min-isr':
      case 'set-unclean-election':
      case 'elect-leader':
        return;
    }
  }

  #brokers(ids: readonly Located<number>[]): void {
    this.#nodes(ids, 'broker', this.#known.brokers);
  }

  #controllers(ids: readonly Located<number>[]): void {
    this.#nodes(ids, 'controller', this.#known.controllers);
  }

  #nodes(ids: readonly Located<number>[], noun: string, known: ReadonlySet<number>): void {
    for (const { value, span } of ids) {
      if (known.has(value)) continue;
      const others = known.size === 0 ? 'no file lists any' : `there are ${listed([...known].map(String))}`;
      this.#problems.push({ kind: 'invalid', span, message: `No ${noun} has the id ${value}; ${others}.` });
    }
  }

  #datacenters(names: readonly Located<string>[]): void {
    const { datacenters } = this.#known;
    for (const { value, span } of names) {
      if (datacenters.includes(value)) continue;
      const nearest = nearestName(value, datacenters);
      const meant = nearest === undefined ? `There are ${listed(datacenters)}.` : `Did you mean ${nearest}?`;
      this.#problems.push({ kind: 'invalid', span, message: `No datacenter is called ${shown(value)}. ${meant}` });
    }
  }
}

/** More names than these nobody reads in one line. */
const listedMax = 12;

function listed(names: readonly string[]): string {
  const more = names.length - listedMax;
  return names.slice(0, listedMax).join(', ') + (more > 0 ? ` and ${more} more` : '');
}
