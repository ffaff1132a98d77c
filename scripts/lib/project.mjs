/**
 * Where things are. Every script speaks of files through these, so none depends on the folder it was started in.
 * Uses nothing but Node itself: `npm start` and `npm test` load it before anything is installed.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';

/** The folder of the checkout. */
export const root = path.resolve(import.meta.dirname, '../..');

/** A path inside the checkout, absolute. @param {string[]} parts */
export const inProject = (...parts) => path.join(root, ...parts);

/** A path as a person reads it: relative to the checkout. @param {string} file */
export const shown = (file) => path.relative(root, path.resolve(file)) || '.';

/** @type {{ name: string, publisher: string, version: string }} */
const manifest = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));

/** The extension's identifier, as VS Code writes it. */
export const extensionId = `${manifest.publisher}.${manifest.name}`;

/** What `npm run package` writes and the end-to-end tests install. */
export const vsixFile = inProject(`${manifest.name}.vsix`);

/** Pictures, logs and machine-readable results of a test run; ignored by git. */
export const resultsFolder = inProject('test-results');

/** True on a build machine, where a missing tool is a failure and never a reason to skip. */
export const isCi = /^(1|true)$/i.test(process.env['CI'] ?? '');
