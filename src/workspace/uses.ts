import type { DefaultDeclaration, PlacementDeclaration } from '../documents/declaration';
import type { Placement } from '../kafka/placement';
import { defaultPlacementName } from '../kafka/topic';
import type { CommandFacts } from '../rules/facts';
import type { Subject } from './fileMemory';
import { type FilePath, nameOf } from './paths';
import type { ClusterSource } from './sources';

/** A placement, who speaks of it, and the cluster it is for. */
export interface Use {
  readonly uri: string;
  readonly path: FilePath;
  readonly declared: PlacementDeclaration;
  readonly command: CommandFacts | null;
  /** Where its topic is remembered; `null` where that depends on too much. */
  readonly subject: Subject | null;
  readonly source: ClusterSource | null;
  /** A name that the file gives by itself: `__consumer_offsets` for its default placement. */
  readonly defaultFor: DefaultTopics | null;
}

/** Which topics a default placement is for. */
export type DefaultTopics = (DefaultDeclaration['default'] & { readonly of: 'placement' })['topics'];

/**
 * Placements that a later command gives up for another: an alter can only have come after the creation. Of a topic that one text
 * describes again and again, the last time is how it is.
 */
export function overriddenUses(uses: readonly Use[]): ReadonlySet<Use> {
  const last = new Map<string, Use>();
  for (const use of uses) {
    const key = use.declared.placement === null ? null : keyOfLast(use);
    if (key !== null && use.command?.declared.action !== 'create') last.set(key, use);
  }
  const overridden = new Set<Use>();
  if (last.size === 0) return overridden;
  for (const use of uses) {
    const key = keyOfLast(use);
    const later = key === null ? undefined : last.get(key);
    if (later !== undefined && later !== use && use.declared.placement !== null) overridden.add(use);
  }
  return overridden;
}

/** Equal for commands of which the last one counts. */
function keyOfLast({ command }: Use): string | null {
  if (command === null) return null;
  const name = command.declared.name.value;
  return command.declared.action === 'describe' ? `described ${command.uri}\n${name}` : name;
}

/** Placements as far as sense can be made of them. */
export function placementsOf(uses: readonly Use[]): readonly Placement[] {
  return uses.flatMap(({ declared }) => (declared.placement === null ? [] : [declared.placement]));
}

/** What a topic is called that nobody names: the internal topic it is for, or its file. */
export function ownName({ path, defaultFor }: Pick<Use, 'path' | 'defaultFor'>): string {
  switch (defaultFor) {
    case 'offsets':
      return '__consumer_offsets';
    case 'transactions':
      return '__transaction_state';
    case 'user':
      return defaultPlacementName;
    case null: {
      const name = nameOf(path);
      const dot = name.lastIndexOf('.');
      return dot > 0 ? name.slice(0, dot) : name;
    }
  }
}
