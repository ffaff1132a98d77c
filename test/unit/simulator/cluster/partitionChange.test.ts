import { describe, expect, it } from 'vitest';
import { NO_LEADER, type PartitionRegistration } from '../../../../src/simulator/cluster/partition';
import {
  buildPartitionChange,
  type PartitionChangeContext,
  type PartitionChangeRequest,
} from '../../../../src/simulator/cluster/partitionChange';

/** States that no sequence of events reaches, or only where the ELR was switched off again: the guards hold there too. */
const leaderless: PartitionRegistration = {
  replicas: [1, 2, 3],
  observers: [],
  addingReplicas: [],
  removingReplicas: [],
  isr: [],
  elr: [],
  lastKnownElr: [1],
  leader: NO_LEADER,
  leaderEpoch: 4,
  partitionEpoch: 7,
  recovery: 'RECOVERED',
};

function change(
  partition: Partial<PartitionRegistration>,
  request: Partial<PartitionChangeRequest> = {},
  context: Partial<PartitionChangeContext> = {},
) {
  return buildPartitionChange(
    { ...leaderless, ...partition },
    { effectiveMinIsr: 2, elrEnabled: true, electFencedLastKnownLeader: false, ...context },
    { acceptable: () => true, election: 'online', ...request },
  );
}

describe('the last known leader', () => {
  it('is elected, uncleanly, where nobody is in the ISR or the ELR', () => {
    expect(change({})).toEqual({ leader: 1, isr: [1], lastKnownElr: [], recovery: 'RECOVERING' });
  });

  it.each<[string, Partial<PartitionRegistration>, Partial<PartitionChangeRequest>, Partial<PartitionChangeContext>]>([
    ['without the feature', {}, {}, { elrEnabled: false }],
    ['while the ISR has a member, even a dead one', { isr: [2] }, { acceptable: (id) => id === 1 }, {}],
    ['while the ELR has a member, even a dead one', { elr: [2] }, { acceptable: (id) => id === 1 }, {}],
    ['where there are two of them', { lastKnownElr: [1, 2] }, {}, {}],
    ['while it is not acceptable', {}, { acceptable: (id) => id !== 1 }, {}],
  ])('is not elected %s', (_, partition, request, context) => {
    expect(change(partition, request, context)?.leader).toBeUndefined();
  });
});

describe('without eligible leader replicas', () => {
  const off = { elrEnabled: false };
  const led = { isr: [1, 2], leader: 1, lastKnownElr: [] };

  it('members that all leave the ISR are not eligible, and the ISR stays as it is', () => {
    expect(change(led, { targetIsr: [] }, off)).toEqual({ leader: NO_LEADER });
  });

  it('an ELR from before goes with the next record, whatever that is about', () => {
    expect(change({ ...led, elr: [3] }, { targetIsr: [1] }, off)).toEqual({ isr: [1], elr: [] });
  });
});

describe('an unclean election', () => {
  it('says RECOVERING once only', () => {
    const record = change({ recovery: 'RECOVERING', lastKnownElr: [] }, { election: 'unclean' });
    expect(record).toEqual({ leader: 1, isr: [1] });
  });

  it('takes the first acceptable replica in assignment order', () => {
    const record = change(
      { replicas: [3, 2, 1], lastKnownElr: [] },
      { election: 'unclean', acceptable: (id) => id !== 3 },
    );
    expect(record?.leader).toBe(2);
  });
});

describe('a reassignment', () => {
  it('does not end while only replicas that leave are in the ISR', () => {
    const record = change(
      { isr: [3], leader: 3, lastKnownElr: [], removingReplicas: [3] },
      { targetReplicas: [1, 2, 3], targetRemoving: [3] },
    );
    expect(record).toBeUndefined();
  });
});
