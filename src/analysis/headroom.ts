import type { PartitionModel } from '../simulator/partition/model';
import { strike, type World } from '../simulator/partition/world';
import { anyBroker } from './failures';
import { writable } from './judgement';

/** How many further brokers may fail, as found; `exact` is false where the bound on the search was hit. */
export interface Headroom {
  readonly brokers: number;
  readonly exact: boolean;
}

/** Finds the headroom of settled worlds of one shape and remembers it. */
export type HeadroomSearch = (world: World) => Headroom | null;

/** A bound on the settled worlds that one search looks at. */
export const maxWorldsPerHeadroom = 20_000;

/**
 * How many further brokers, chosen by an adversary, one after another with time to settle between, may fail before
 * acks=all writes stop. Level by level over the settled worlds, each stored once per symmetry class: the first level on
 * which writes may stop is the answer. `null` where they are stopped already.
 */
export function createHeadroomSearch(model: PartitionModel): HeadroomSearch {
  const known = new Map<string, Headroom | null>();
  return (world) => {
    const key = model.key(world);
    const found = known.get(key);
    if (found !== undefined) return found;
    const headroom = search(model, world);
    known.set(key, headroom);
    return headroom;
  };
}

function search(model: PartitionModel, start: World): Headroom | null {
  if (!writable(model.shape, start)) return null;
  const seen = new Set([model.key(start)]);
  let level: readonly World[] = [start];
  for (let brokers = 0; level.length > 0; brokers++) {
    const next: World[] = [];
    for (const world of level) {
      for (const end of afterAnyBroker(model, world)) {
        if (!writable(model.shape, end)) return { brokers, exact: true };
        const key = model.key(end);
        if (seen.has(key)) continue;
        if (seen.size >= maxWorldsPerHeadroom) return { brokers, exact: false };
        seen.add(key);
        next.push(end);
      }
    }
    level = next;
  }
  return { brokers: 0, exact: true };
}

function afterAnyBroker(model: PartitionModel, world: World): readonly World[] {
  return anyBroker(model, world).flatMap((blow) => model.settle(strike(model.shape, world, blow)));
}
