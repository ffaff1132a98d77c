/**
 * The in-host tests: what only a real extension host can answer. VS Code calls `run()`, on a desktop through
 * @vscode/test-electron (`npm run test:desktop`) and in a VS Code server through `scripts/host-tests.mjs`.
 *
 * Everything here also runs in the web extension host, so tests import `vscode`, `chai` and code from `src/`,
 * but nothing of Node's: files are read through `vscode.workspace.fs`.
 */
import { runMocha } from './mocha';
import './activation.test';
import './badInput.test';
import './clusterFile.test';
import './codeActions.test';
import './diagnostics.test';
import './panel.test';
import './reading.test';
import './topicsOutput.test';

export const run = runMocha;
