import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { catalogue, documentationPath, isRuleCode, ruleCodes } from '../../../src/rules/catalogue';
import { levels } from '../../../src/rules/finding';

/** The code of a rule is its documentation's anchor, its setting's key and its tests' name: held together here. */
const read = (path: string): string => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');

describe('every rule', () => {
  const docs = read('docs/rules.md');
  const sections = new Map(
    docs
      .split(/^### /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')).trim(), section]),
  );
  it('has exactly one section in docs/rules.md, under its code', () => {
    expect([...sections.keys()]).toEqual([...ruleCodes]);
    expect(documentationPath('rack-unknown')).toBe('docs/rules.md#rack-unknown');
  });
  it.each(ruleCodes)('%s: the section says its level, why, and how to fix it', (code) => {
    const section = sections.get(code) ?? '';
    expect(section).toContain(`**Level:** ${catalogue[code].level}`);
    expect(section).toMatch(/\*\*Why\.\*\* \S/);
    expect(section).toMatch(/\*\*Fix\.\*\* \S/);
    expect(section).toContain('```');
  });
  it('is a setting with its own level as default', () => {
    const manifest: unknown = JSON.parse(read('package.json'));
    const rules = Object.fromEntries(
      ruleCodes.map((code) => [code, expect.objectContaining({ default: catalogue[code].level, enum: [...levels] })]),
    );
    expect(manifest).toMatchObject({
      contributes: { configuration: { properties: { 'failoverLens.rules': { properties: rules } } } },
    });
  });
  it('has a test that names it', () => {
    const tests = ['json', 'policy', 'rack', 'verdicts', 'topic', 'drift', 'contradictions']
      .map((name) => read(`test/unit/rules/${name}.test.ts`))
      .join();
    expect(ruleCodes.filter((code) => !tests.includes(code))).toEqual([]);
  });
  it('has a kebab-case code of its own', () => {
    for (const code of ruleCodes) expect(code).toMatch(/^[a-z]+(?:-[a-z0-9]+)+$/);
    expect(isRuleCode('constructor')).toBe(false);
    expect(isRuleCode('rack-unknown')).toBe(true);
  });
});
