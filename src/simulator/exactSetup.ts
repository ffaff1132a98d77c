import type { NodeId } from '../kafka/cluster';
import { type ClockSettings, defaultClock } from './cluster/clock';
import type { Location } from './cluster/network';
import { currentRules, type KafkaRules } from './cluster/rules';
import type { ScenarioSetup } from './cluster/scenario/scenario';
import { bit, type Mask, members } from './partition/mask';
import type { Shape } from './partition/shape';
import type { PartitionState } from './partition/state';
import type { KafkaTimes } from './times';

/**
 * The way from the settled model to the exact one: the cluster that a shape stands for. Brokers without a replica of the
 * partition are left out; each of them that dies may put off the fencing of the others by 10 ms.
 */

/** What the indices of a shape are called. */
export interface SlotNames {
  /** Slot → broker. */
  readonly slots: readonly NodeId[];
  /** Voter → controller. One that is a broker's process has that broker's id. */
  readonly voters: readonly NodeId[];
  readonly datacenter: (index: number) => string;
}

/** What Kafka leaves to chance, as one run takes it. Sets of slots and voters that are left out come in their order. */
export interface Chances {
  /** Assignment order, where the shape does not give it. */
  readonly replicas?: readonly number[];
  /** Who acts first of several that may act at the same moment. */
  readonly order?: readonly number[];
  /** Who becomes the active controller first, and after it. */
  readonly controllers?: readonly number[];
  /** Brokers without a replica that take part: they pass on who leads. */
  readonly bystanders?: readonly Location[];
}

/**
 * The exact model's setup for a shape, from a state in which nothing is broken; `null` for any other, as a run starts with
 * all brokers up, and for a placement that disagrees with the assignment about how many sync replicas there are.
 */
export function exactSetup(
  shape: Shape,
  start: PartitionState,
  names: SlotNames,
  times: KafkaTimes,
  chances: Chances = {},
): ScenarioSetup | null {
  const syncReplicas = members(shape.sync).length;
  const isWhole = start.up === shape.all && start.fenced === 0 && (shape.sync & ~start.inSync) === 0;
  const leader = names.slots[start.leader];
  if (!isWhole || leader === undefined || shape.placedSyncReplicas !== syncReplicas) return null;
  const named = (slots: readonly number[]): readonly NodeId[] => slots.flatMap((slot) => names.slots[slot] ?? []);
  const all = members(shape.all);
  return {
    brokers: [
      ...shape.slots.flatMap(({ datacenter }, slot) =>
        named([slot]).map((id) => ({ id, datacenter: names.datacenter(datacenter) })),
      ),
      ...(chances.bystanders ?? []),
    ],
    controllers: controllersOf(shape, names, chances.controllers),
    replicas: named(chances.replicas ?? all),
    observers: named((chances.replicas ?? all).filter((slot) => (shape.observers & bit(slot)) !== 0)),
    isr: named(members(start.inSync)),
    leader,
    policy: shape.policy,
    minIsr: shape.minIsr,
    uncleanLeaderElection: shape.uncleanElection,
    elrEnabled: shape.switches.eligibleLeaderReplicas,
    autoLeaderRebalance: shape.switches.autoLeaderRebalance,
    brokerLinkCut: shape.switches.brokerLinkCut,
    rules: rulesFor(shape),
    clock: clockFor(times),
    order: named(chances.order ?? all),
  };
}

function rulesFor({ switches }: Shape): KafkaRules {
  const { freezeHighWatermarkUnderMinIsr, capMinIsrAtReplicas, observers } = switches;
  return { ...currentRules, freezeHighWatermarkUnderMinIsr, capMinIsrAtReplicas, observers };
}

function clockFor(times: KafkaTimes): ClockSettings {
  return { ...defaultClock, ...times };
}

function controllersOf(
  shape: Shape,
  names: SlotNames,
  order: readonly number[] | undefined,
): readonly Location[] | null {
  if (shape.otherVoters === null) return null;
  const datacenterOf = (voter: number): string =>
    names.datacenter(shape.votersIn.findIndex((voters: Mask) => (voters & bit(voter)) !== 0));
  const voters = order ?? Array.from({ length: shape.voterCount }, (_, voter) => voter);
  return voters.flatMap((voter) => {
    const id = names.voters[voter];
    return id === undefined ? [] : [{ id, datacenter: datacenterOf(voter) }];
  });
}
