import fc from 'fast-check';
import { expect, it } from 'vitest';
import { happenings, Life } from './happenings';

/**
 * A workspace remembers what it found out, and forgets what is no longer so. Whatever happens to it, what it says is what a
 * workspace says that is given the same files for the first time.
 */
it('whatever happened before makes no difference to what is said of the files', async () => {
  await fc.assert(
    fc.asyncProperty(happenings(), async (list) => {
      const life = new Life((told, expected, what) => expect(told, what).toEqual(expected));
      for (const [index, happening] of list.entries()) {
        await life.happen(happening);
        if (index % 5 === 4) await life.compare();
      }
      await life.compare();
    }),
    { numRuns: 120 },
  );
});
