import type { BrokerDeclaration, ControllerDeclaration } from '../documents/declaration';

/** One entry of `controller.quorum.voters`: `101@controller-west-1:9093`. */
export interface ListedVoter {
  readonly id: number;
  readonly host: string;
}

/**
 * The voters that nodes list in `controller.quorum.voters`; `null` if none does, or not in full, as with templates. Who runs
 * as a controller without being listed takes part in no vote. Source: KIP-595, `QuorumConfig.parseVoterConnections`.
 */
export function listedVoters(
  nodes: readonly (BrokerDeclaration | ControllerDeclaration)[],
): readonly ListedVoter[] | null {
  for (const { configs } of nodes) {
    const listed = configs.get('controller.quorum.voters');
    if (listed === undefined || listed.value.trim() === '') continue;
    const entries = listed.value.split(',').map(voterOf);
    const voters = entries.filter((voter) => voter !== null);
    return voters.length === entries.length ? voters : null;
  }
  return null;
}

/** Voters that are listed and are none of these nodes. One whose id is not known may be any of them. */
export function votersElsewhere(
  listed: readonly ListedVoter[] | null,
  nodes: readonly (BrokerDeclaration | ControllerDeclaration)[],
): readonly ListedVoter[] {
  return (listed ?? []).filter((voter) => !nodes.some(({ id }) => id === null || id.value === voter.id));
}

export function isListed(voters: readonly ListedVoter[], id: number): boolean {
  return voters.some((voter) => voter.id === id);
}

function voterOf(entry: string): ListedVoter | null {
  const [, id, host] = /^\s*(\d{1,10})@([^:@\s]{1,255}):\d{1,5}\s*$/.exec(entry) ?? [];
  return id === undefined || host === undefined ? null : { id: Number(id), host };
}
