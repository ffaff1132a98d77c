/** A set of replica slots (or of datacenters, or of voters): bit `i` stands for member `i`. At most {@link maxMembers}. */
export type Mask = number;

/** Bits that stay clear of the sign: a mask is a small integer wherever JavaScript keeps it. */
export const maxMembers = 30;

/** The set of one member; the empty set for -1, so that the leader's bit needs no test. */
export function bit(member: number): Mask {
  return member < 0 ? 0 : 1 << member;
}

/** The set of the first `count` members. */
export function firstMembers(count: number): Mask {
  return (1 << count) - 1;
}

/** How many members a set has (the parallel count of Hacker's Delight, 5-1). */
export function size(mask: Mask): number {
  const pairs = mask - ((mask >>> 1) & 0x55555555);
  const nibbles = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333);
  return Math.imul((nibbles + (nibbles >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** The set of a mask's lowest member; empty for the empty set. */
export function lowest(mask: Mask): Mask {
  return mask & -mask;
}

/** The index of a mask's lowest member; -1 for the empty set. */
export function firstOf(mask: Mask): number {
  return mask === 0 ? -1 : 31 - Math.clz32(mask & -mask);
}

/** The members of a set in ascending order. */
export function members(mask: Mask): number[] {
  const list: number[] = [];
  for (let rest = mask; rest !== 0; rest &= rest - 1) list.push(firstOf(rest));
  return list;
}

/** The set of the given members. */
export function maskOf(list: Iterable<number>): Mask {
  let mask = 0;
  for (const member of list) mask |= bit(member);
  return mask;
}

/** The members of a set for which a test holds. */
export function filterMask(mask: Mask, test: (member: number) => boolean): Mask {
  let kept = 0;
  for (let rest = mask; rest !== 0; rest &= rest - 1) {
    const member = firstOf(rest);
    if (test(member)) kept |= bit(member);
  }
  return kept;
}

/** Member → those whose value equals its own, itself included. */
export function equalMembers(values: readonly number[]): Mask[] {
  return values.map((mine) => {
    let mask = 0;
    for (let member = 0; member < values.length; member++) if (values[member] === mine) mask |= 1 << member;
    return mask;
  });
}
