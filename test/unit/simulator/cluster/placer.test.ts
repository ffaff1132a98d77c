import { describe, expect, it } from 'vitest';
import { MockRandom, placeStriped, type RandomSource } from '../../../../src/simulator/cluster/placer';

function draws(bound: number, count: number): number[] {
  const random = new MockRandom();
  return Array.from({ length: count }, () => random.nextInt(bound));
}

describe("the seeded source of Kafka's tests", () => {
  it.each([
    ['a power of two', 16, [10, 10, 2, 14, 3, 13]],
    ['any other bound', 7, [5, 2, 1, 5, 3, 0]],
    ['a bound so large that draws are rejected', 2 ** 30 + 1, [324654877, 437157150, 451014632, 272681878]],
  ])('draws as it does: %s', (_, bound, expected) => {
    expect(draws(bound, expected.length)).toEqual(expected);
  });
});

describe('a placement', () => {
  const always = (value: number): RandomSource => ({ nextInt: (bound) => value % bound });
  const broker = (id: number, fenced = false) => ({ id, rack: null, fenced });

  it.each<[string, ReturnType<typeof broker>[], number]>([
    ['no replica', [broker(1)], 0],
    ['more replicas than brokers', [broker(1), broker(2)], 3],
    ['brokers that are all fenced', [broker(1, true), broker(2, true)], 1],
    ['no broker', [], 1],
  ])('on %s is refused', (_, brokers, replicas) => {
    expect(placeStriped(always(0), brokers, 1, replicas)).toBe('INVALID_REPLICATION_FACTOR');
  });

  it('may put the last replica on the last broker, and one on a fenced broker, but not the first', () => {
    expect(placeStriped(always(0), [broker(1, true), broker(2)], 3, 2)).toEqual([
      [2, 1],
      [2, 1],
      [2, 1],
    ]);
  });
});
