import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import manifest from '../../../package.json';
import { commandIds } from '../../../src/editor/commandIds';
import { readSettings } from '../../../src/editor/settings';
import { catalogue, ruleCodes } from '../../../src/rules/catalogue';
import { levels } from '../../../src/rules/finding';

const properties = manifest.contributes.configuration.properties;

describe('package.json and the code agree', () => {
  it('on every rule, its level and its words', () => {
    const expected = Object.fromEntries(
      ruleCodes.map((code) => [
        code,
        { enum: levels, default: catalogue[code].level, markdownDescription: catalogue[code].summary },
      ]),
    );
    expect(properties['failoverLens.rules'].properties).toEqual(expected);
  });

  it('on what a setting is when nobody sets it', () => {
    const defaults = new Map<string, unknown>(
      Object.entries(properties).map(([name, { default: value }]) => [name, value]),
    );
    const withDefaults = readSettings((name) => defaults.get(`failoverLens.${name}`));
    expect(withDefaults).toEqual(readSettings(() => undefined));
    expect(withDefaults.problems).toEqual([]);
  });

  it('on the commands', () => {
    const contributed = manifest.contributes.commands.map(({ command }) => command);
    const internal: readonly string[] = [commandIds.disableRule];
    expect([...contributed, ...internal].sort()).toEqual(Object.values(commandIds).sort());
  });

  it('describes every setting', () => {
    for (const setting of Object.values(properties)) expect(setting.markdownDescription).not.toBe('');
  });

  it('on languages that begin it: VS Code knows those of its own, ours must be named', () => {
    const own = ['json', 'jsonc', 'shellscript', 'yaml', 'dockercompose', 'properties', 'java-properties'];
    const named = manifest.contributes.languages.map(({ id }) => id);
    const begun = manifest.activationEvents.flatMap((event) => /^onLanguage:(.+)$/.exec(event)?.[1] ?? []);
    expect(begun.filter((language) => !own.includes(language) && !named.includes(language))).toEqual([]);
  });

  it('on files that are there', () => {
    const files = [manifest.icon, ...manifest.contributes.jsonValidation.map(({ url }) => url)];
    for (const file of files) expect(readFileSync(file).length).toBeGreaterThan(0);
  });
});
