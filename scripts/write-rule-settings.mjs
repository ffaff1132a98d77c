/**
 * Writes the rules' table (src/rules/catalogue.ts) into package.json, where VS Code looks for settings:
 *
 *   node scripts/write-rule-settings.mjs
 *
 * Run it after a rule was added or renamed; a unit test holds both against each other.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { build } from 'esbuild';
import { inProject } from './lib/project.mjs';

const { outputFiles } = await build({
  entryPoints: [inProject('src/rules/catalogue.ts')],
  bundle: true,
  format: 'esm',
  write: false,
});
const source = Buffer.from(outputFiles[0]?.contents ?? []).toString('base64');
const { catalogue, ruleCodes } = await import(`data:text/javascript;base64,${source}`);

const manifest = JSON.parse(readFileSync(inProject('package.json'), 'utf8'));
const rules = manifest.contributes.configuration.properties['failoverLens.rules'];
rules.properties = Object.fromEntries(
  ruleCodes.map((/** @type {string} */ code) => [
    code,
    {
      enum: ['off', 'hint', 'information', 'warning', 'error'],
      default: catalogue[code].level,
      markdownDescription: catalogue[code].summary,
    },
  ]),
);
writeFileSync(inProject('package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
console.log(`${ruleCodes.length} rules written into package.json`);
