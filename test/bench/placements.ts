import { compose, placement } from '../unit/rules/texts';

/** The cluster that they are placed in. */
export const clusterText = compose({ west: 8, east: 8, central: 2 }, { west: 2, east: 2, central: 1 });

const policies = ['under-min-isr', 'under-replicated', 'leader-is-observer'];

/** {@link placementText} begins anew after so many; several of them are the same text. */
export const placementPeriod = 60;

/** Placements as different as people make them: policies, two or three datacenters, with observers or not. */
export function placementText(n: number): string {
  const sync = (n % 3) + 1;
  const policy = policies[n % policies.length];
  return placement({
    replicas: { west: sync, east: n % 6 === 0 ? sync + 1 : sync, ...(n % 5 === 0 ? { central: 1 } : {}) },
    ...(n % 4 === 0 ? {} : { observers: { west: (n % 2) + 1, east: 1 } }),
    ...(policy === undefined ? {} : { policy }),
  });
}
