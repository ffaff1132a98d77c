/**
 * Mocha, in the one build of it that runs everywhere: the browser's. VS Code's Node extension host, its web extension
 * host (a worker) and the desktop all load the same bundle of these tests.
 *
 * Import this first: importing it puts `suite()` and `test()` in place for the test files.
 */
import 'mocha/mocha.js';

const timeoutMs = 60_000;

/** A worker of the browser can load scripts by itself; Node cannot. */
const isWorker = 'importScripts' in globalThis;

const mocha = new Mocha({ ui: 'tdd', reporter: Mocha.reporters.Spec, timeout: timeoutMs, color: false });

// What mocha does before it loads a test file; here the tests are in the bundle already.
mocha.suite.emit('pre-require', globalThis, '', mocha);

/**
 * Runs every test that was imported. Rejects if one fails, which is how VS Code's test hosts learn of it; says where
 * it ran and the counts, which is how the runner in `scripts/` learns them.
 */
export function runMocha(): Promise<void> {
  return new Promise((resolve, reject) => {
    console.log(`extension host: ${isWorker ? 'web' : 'node'}`);
    const runner = mocha.run((failures) => {
      const { passes, pending } = runner.stats ?? { passes: 0, pending: 0 };
      console.log(`${passes} passed, ${failures} failed, ${pending} skipped`);
      if (failures > 0) reject(new Error(`${failures} in-host tests failed`));
      else resolve();
    });
  });
}
