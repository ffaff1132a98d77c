import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/unit/**/*.test.ts', 'test/fidelity/**/*.test.ts'],
    // A limit for what hangs, not for what is slow: a busy build machine must not fail a property test.
    testTimeout: 120_000,
  },
});
