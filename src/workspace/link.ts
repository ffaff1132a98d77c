import { drain, eachInSteps } from '../analysis/steps';
import { append } from '../documents/append';
import type {
  DefaultDeclaration,
  DocumentReading,
  PlacementDeclaration,
  TopicDeclaration,
} from '../documents/declaration';
import type { Located } from '../documents/span';
import type { Placement } from '../kafka/placement';
import { commandFacts } from '../rules/check';
import type { ClusterFacts, CommandFacts, CommandPlacement, In, PlacementFacts } from '../rules/facts';
import { groupBy } from '../rules/grouping';
import { assumedGroups } from './assumedGroups';
import { ClusterTopics } from './clusterTopics';
import { type DescribedReplicas, describedBrokers, describedFacts } from './described';
import { type FileMemory, type LinkedCommand, rememberedTopic } from './fileMemory';
import type { Ground } from './ground';
import type { LinkedCluster, LinkedTopic } from './linked';
import { LinkMemory } from './linkMemory';
import type { ByKind } from './ofKind';
import type { ClusterSource } from './sources';
import { type Assignments, assignmentKey, assignmentsOf, type TopicSettings, TopicValues } from './topicValues';
import { assumedCluster, clusterOf } from './topology';
import { type DefaultTopics, overriddenUses, ownName, placementsOf, type Use } from './uses';

/**
 * Links what all files state: which topic has which placement, in which cluster, with which min ISR.
 * @param memory what earlier calls found out; it makes no difference but for speed, and for clusters: one that is as it was
 * is the same object again.
 */
export function link(
  readings: ReadonlyMap<string, DocumentReading>,
  settings: TopicSettings,
  memory: LinkMemory = new LinkMemory(),
): readonly LinkedCluster[] {
  return drain(linkInSteps(readings, settings, memory));
}

/** The same in small steps. What others link with the same memory in between does no harm. */
export function linkInSteps(
  readings: ReadonlyMap<string, DocumentReading>,
  settings: TopicSettings,
  memory: LinkMemory,
): Generator<void, readonly LinkedCluster[]> {
  return new Linker(readings, settings, memory).link();
}

class Linker {
  private readonly settings: TopicSettings;
  private readonly memory: LinkMemory;
  /** Files by their address, as they are now. */
  private readonly files: ReadonlyMap<string, FileMemory>;
  private readonly ground: Ground;
  private readonly assignments: Assignments;

  constructor(readings: ReadonlyMap<string, DocumentReading>, settings: TopicSettings, memory: LinkMemory) {
    this.settings = settings;
    this.memory = memory;
    this.files = memory.filesOf(readings);
    this.ground = memory.groundOf(this.files.values());
    this.assignments = assignmentsOf(this.declared('assignment'));
  }

  *link(): Generator<void, readonly LinkedCluster[]> {
    const { sources } = this.ground;
    const commands: LinkedCommand[] = [];
    for (const file of this.files.values()) {
      if (file.declared.topic.length > 0) yield* this.addCommands(file, commands);
    }
    const usesOf = groupBy(this.uses(commands), ({ source }) => source);
    const commandsOf = groupBy(commands, ({ source }) => source);
    const factsOf = (source: ClusterSource | null): readonly CommandFacts[] =>
      (commandsOf.get(source) ?? []).map(({ facts }) => facts);
    yield;
    const clusters: LinkedCluster[] = [];
    for (const source of sources) {
      clusters.push(yield* this.cluster(source, usesOf.get(source) ?? [], factsOf(source)));
    }
    append(clusters, yield* this.assumedClusters(usesOf.get(null) ?? [], factsOf(null)));
    this.memory.linkedInto(clusters.length);
    return clusters;
  }

  private declared<K extends keyof ByKind>(kind: K): readonly In<ByKind[K]>[] {
    const found: In<ByKind[K]>[] = [];
    for (const { declared } of this.files.values()) append(found, declared[kind]);
    return found;
  }

  private addCommands(file: FileMemory, commands: LinkedCommand[]): Iterable<void> {
    const { uri, format } = file.reading;
    const isCurrent = ({ placement }: CommandFacts): boolean =>
      placement.kind !== 'own' || placement.uri === uri || this.placementIn(placement.uri) === placement.declared;
    const finding = {
      isCurrent,
      placementOf: (declared: TopicDeclaration) => this.placementOf(uri, declared),
      sourceOf: ({ namespace }: TopicDeclaration, placement: CommandPlacement) =>
        this.sourceOfCommand(uri, placement, namespace),
      factsOf: (declared: TopicDeclaration, placement: CommandPlacement) =>
        commandFacts({ uri, declared, format, placement }),
    };
    return eachInSteps(file.declared.topic, ({ declared }) => {
      commands.push(file.command(declared, this.ground, finding));
    });
  }

  /** The placement that a file of one placement is. */
  private placementIn(uri: string): PlacementDeclaration | undefined {
    return this.files.get(uri)?.declared.placement[0]?.declared;
  }

  private placementOf(uri: string, declared: TopicDeclaration): CommandPlacement {
    const stated = declared.placement;
    if (stated === null) return this.defaultPlacement(uri, declared);
    switch (stated.kind) {
      case 'unknown':
        return { kind: 'unknown' };
      case 'inline':
        return { kind: 'own', uri, declared: stated.placement };
      case 'file': {
        const found = this.placementFile(uri, stated.path);
        return stated.ofConfigs === true && found.kind !== 'own' ? { kind: 'none' } : found;
      }
    }
  }

  private placementFile(uri: string, path: Located<string>): CommandPlacement {
    const found = this.ground.files.resolve(uri, this.memory.pathOf(uri), path.value);
    switch (found.kind) {
      case 'found': {
        const declared = this.placementIn(found.file.uri);
        return declared === undefined ? { kind: 'missing', path } : { kind: 'own', uri: found.file.uri, declared };
      }
      case 'missing':
        return { kind: 'missing', path };
      case 'ambiguous':
        return { kind: 'ambiguous', path, candidates: found.candidates.map((file) => file.uri) };
    }
  }

  /** The default for user topics holds only for a topic that is created without a replication factor (docs). */
  private defaultPlacement(uri: string, declared: TopicDeclaration): CommandPlacement {
    if (declared.action !== 'create' || declared.replicationFactor !== null) return { kind: 'none' };
    const source = this.ground.sourceOf([uri], null, declared.namespace);
    const found = source?.defaults.find((fact) => isDefaultFor(fact.declared, 'user'));
    if (found === undefined || found.declared.default.of !== 'placement') return { kind: 'none' };
    return { kind: 'default', uri: found.uri, declared: found.declared.default.placement };
  }

  /** Every placement with everybody who speaks of it; those of whom nobody speaks stand for themselves. */
  private uses(commands: readonly LinkedCommand[]): readonly Use[] {
    const spoken = new Set<PlacementDeclaration>();
    const uses: Use[] = [];
    for (const subject of commands) {
      const { source, facts: command } = subject;
      const { placement } = command;
      if (placement.kind !== 'own' && placement.kind !== 'default') continue;
      spoken.add(placement.declared);
      const { uri, declared } = placement;
      uses.push({ uri, path: this.memory.pathOf(uri), declared, command, subject, source, defaultFor: null });
    }
    const alone = (uri: string, declared: PlacementDeclaration, defaultFor: DefaultTopics | null): void => {
      if (spoken.has(declared)) return;
      spoken.add(declared);
      const file = this.files.get(uri);
      const source = file?.sourceOf(declared, this.ground) ?? null;
      // A default placement's topic has what commands configure for it; any other placement stands for itself.
      const subject = defaultFor === null ? (file?.placement(declared) ?? null) : null;
      uses.push({ uri, path: this.memory.pathOf(uri), declared, command: null, subject, source, defaultFor });
    };
    for (const { uri, declared } of this.declared('placement')) alone(uri, declared, null);
    const seen = new Set<string>();
    for (const { uri, declared } of this.declared('default')) {
      if (declared.default.of !== 'placement') continue;
      const { topics, placement } = declared.default;
      // The same default stands on every broker: one of them speaks for all.
      const key = `${uri}\n${topics}\n${placement.embedded.text}`;
      if (seen.has(key)) spoken.add(placement);
      seen.add(key);
      alone(uri, placement, topics);
    }
    return uses;
  }

  private sourceOfCommand(uri: string, placement: CommandPlacement, namespace?: string): ClusterSource | null {
    return placement.kind === 'own' || placement.kind === 'default'
      ? this.ground.sourceOf([uri, placement.uri], placement.declared, namespace)
      : this.ground.sourceOf([uri], null, namespace);
  }

  private cluster(
    source: ClusterSource,
    uses: readonly Use[],
    commands: readonly CommandFacts[],
  ): Generator<void, LinkedCluster> {
    const { survivalGoal } = this.settings;
    const facts = this.memory.described(source, survivalGoal, () =>
      clusterOf(source, placementsOf(uses), survivalGoal),
    );
    return this.linked(source.name, facts, source, uses, commands);
  }

  /** Where no file describes a cluster, placements of a folder whose racks are named together are taken as one. */
  private *assumedClusters(
    uses: readonly Use[],
    commands: readonly CommandFacts[],
  ): Generator<void, readonly LinkedCluster[]> {
    if (uses.length === 0 && commands.length === 0) return [];
    const byName = groupBy(commands, ({ declared }) => declared.name.value);
    const clusters: LinkedCluster[] = [];
    for (const { name, members } of assumedGroups(uses)) {
      // Also the commands that configure one of these topics without naming its placement.
      const names = new Set(members.flatMap(({ command }) => command?.declared.name.value ?? []));
      const own = [...names].flatMap((topic) => byName.get(topic) ?? []);
      const known = describedBrokers(this.describedReplicas(members)) ?? [];
      const facts = this.memory.cluster(assumedCluster(placementsOf(members), this.settings.survivalGoal, known));
      clusters.push(yield* this.linked(name, facts, null, members, own));
    }
    const homed = new Set(clusters.flatMap((cluster) => cluster.commands));
    const rest = commands.filter((command) => !homed.has(command));
    if (rest.length === 0) return clusters;
    const facts = assumedCluster([], this.settings.survivalGoal);
    return [...clusters, yield* this.linked('', facts, null, [], rest)];
  }

  /** The replicas that texts show of these placements. */
  private describedReplicas(uses: readonly Use[]): readonly DescribedReplicas[] {
    return uses.flatMap(({ declared, command }) => {
      if (declared.placement === null || command?.declared.action !== 'describe') return [];
      const rows = this.assignments.get(assignmentKey(command.uri, command.declared.name.value)) ?? [];
      return rows.length === 0 ? [] : [{ placement: declared.placement, rows }];
    });
  }

  private *linked(
    name: string,
    cluster: ClusterFacts,
    source: ClusterSource | null,
    uses: readonly Use[],
    commands: readonly CommandFacts[],
  ): Generator<void, LinkedCluster> {
    const values = new TopicValues(source, commands, this.settings, {
      assignments: this.assignments,
      cluster: cluster.cluster,
    });
    const placements = new Set<PlacementFacts>();
    const topics = new ClusterTopics();
    const overridden = overriddenUses(uses);
    yield;
    yield* eachInSteps(uses, (use) => {
      const placement = this.placementFacts(use, cluster);
      if (placement === null) return;
      placements.add(placement);
      if (placement.decoded === null || overridden.has(use)) return;
      const linked = this.linkedTopic(use, placement, placement.decoded, values, source);
      topics.add(linked);
    });
    return {
      name,
      facts: cluster,
      source,
      placements: [...placements],
      topics: topics.all,
      commands,
      described: describedFacts(commands, this.assignments, (topic) => topics.named(topic)),
    };
  }

  private placementFacts({ uri, declared }: Use, cluster: ClusterFacts): PlacementFacts | null {
    return this.files.get(uri)?.placementFacts(declared, cluster, this.decode) ?? null;
  }

  private readonly decode = (placement: Placement): Placement => this.memory.interned(placement);

  private linkedTopic(
    use: Use,
    placement: PlacementFacts,
    decoded: Placement,
    values: TopicValues,
    source: ClusterSource | null,
  ): LinkedTopic {
    const { command, subject, defaultFor } = use;
    const said = command === null ? null : values.saidOf(command);
    const evidence = { placement, source, settings: this.settings, said };
    const known = subject === null ? null : rememberedTopic(subject, evidence);
    if (known !== null) return known;
    const topic =
      command === null
        ? values.unnamedTopic(placement, decoded, ownName(use), defaultFor, this.homeOf(use))
        : values.namedTopic(placement, decoded, command);
    const linked: LinkedTopic = { topic, placement, command, assessed: null };
    if (subject !== null) subject.topic = { evidence, linked };
    return linked;
  }

  private homeOf({ uri, defaultFor, source }: Use): ClusterSource | null {
    return defaultFor === null ? null : this.ground.homeOf(uri, source);
  }
}

function isDefaultFor(declared: DefaultDeclaration, topics: DefaultTopics): boolean {
  return declared.default.of === 'placement' && declared.default.topics === topics;
}
