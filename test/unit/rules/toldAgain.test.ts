import fc from 'fast-check';
import { expect, it } from 'vitest';
import { check } from './check';
import { compose } from './texts';

/**
 * Rules about policies and racks are asked once for each placement and cluster; texts that say the same are told the same at
 * their own places. So one file is checked beside others that say the same, and alone.
 */
const cluster = compose({ west: 2, east: 2, central: 1 }, { west: 1, east: 1, central: 1 });

const item = fc
  .tuple(fc.constantFrom('west', 'east', 'central', 'esat', '*'), fc.integer({ min: 1, max: 3 }), fc.boolean())
  .map(([rack, count, countFirst]) => {
    const constraints = `"constraints": {"rack": "${rack}"}`;
    return countFirst ? `{"count": ${count}, ${constraints}}` : `{${constraints}, "count": ${count}}`;
  });
const list = (items: readonly string[]): string => `[${items.join(', ')}]`;

/** The same placement, its parts in one order and in another, with and without blanks and empty lists. */
const sameTwice = fc
  .tuple(
    fc.constantFrom(1, 2),
    fc.array(item, { minLength: 1, maxLength: 3 }),
    fc.array(item, { maxLength: 2 }),
    fc.constantFrom(null, 'under-min-isr', 'under-replicated', 'leader-is-observer'),
    fc.constantFrom(['v', 'r', 'o', 'p'], ['p', 'o', 'r', 'v'], ['r', 'p', 'v', 'o'], ['o', 'v', 'p', 'r']),
    fc.boolean(),
  )
  .map(([version, replicas, observers, policy, order, saysNone]) => {
    const parts: Readonly<Record<string, string>> = {
      v: `"version": ${version}`,
      r: `"replicas": ${list(replicas)}`,
      ...(observers.length > 0 || saysNone ? { o: `"observers": ${list(observers)}` } : {}),
      ...(policy === null ? {} : { p: `"observerPromotionPolicy": "${policy}"` }),
    };
    const { o, ...others } = parts;
    const plain = observers.length > 0 ? Object.values(parts) : Object.values(others);
    return [`{ ${plain.join(', ')} }`, `{\n  ${order.flatMap((key) => parts[key] ?? []).join(',\n  ')}\n}\n`] as const;
  });

it('a text is told the same beside others that say the same as alone', async () => {
  await fc.assert(
    fc.asyncProperty(sameTwice, async ([one, other]) => {
      const together = await check({ 'docker-compose.yml': cluster, 'a/p.json': one, 'b/p.json': other });
      for (const [file, text] of [
        ['a/p.json', one],
        ['b/p.json', other],
      ] as const) {
        const alone = await check({ 'docker-compose.yml': cluster, [file]: text });
        const uri = [...alone.analysis.findings.keys()].find((key) => key.endsWith(file));
        expect(together.analysis.findings.get(uri ?? '')).toEqual(alone.analysis.findings.get(uri ?? ''));
      }
    }),
    { numRuns: 150 },
  );
});
