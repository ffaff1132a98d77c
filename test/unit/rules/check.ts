import { expect } from 'vitest';
import type { Finding, FindingFacts, FindingLevel, RuleCode } from '../../../src/rules/finding';
import type { Analysis, Settings, Workspace } from '../../../src/workspace/api';
import { createWorkspace, defaultSettings } from '../../../src/workspace/workspace';

export { compose, create, type PlacementParts, placement, type Racks } from './texts';

/** Text in, findings out. `«…»` in a text marks the span that a finding is expected to underline. */

export type Files = Readonly<Record<string, string>>;

/** A finding with its data beside what all findings have, so that a test can name both in one breath. */
export type Told = Finding & FindingFacts;

function told(finding: Finding): Told {
  const { facts } = finding;
  return { ...finding, ...facts, ...('of' in facts && typeof facts.of === 'object' ? facts.of : {}) };
}

export interface Checked {
  readonly workspace: Workspace;
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
  /** `level code`, in the order of the text; hints left out unless asked for. */
  readonly summary: readonly string[];
  /** The one finding with a code. Fails if there is none or several, or if it does not stand at the marked span. */
  only(code: RuleCode): Told;
  all(code: RuleCode): readonly Told[];
  /** The texts without marks. */
  readonly texts: ReadonlyMap<string, string>;
}

export async function check(files: Files, settings: Partial<Settings> = {}): Promise<Checked> {
  const workspace = createWorkspace({ ...defaultSettings, ...settings });
  const texts = new Map<string, string>();
  const marks: { readonly uri: string; readonly start: number; readonly end: number }[] = [];
  for (const [uri, marked] of Object.entries(files)) {
    const start = marked.indexOf('«');
    if (start >= 0) marks.push({ uri, start, end: marked.indexOf('»') - 1 });
    const text = marked.replace(/[«»]/g, '');
    texts.set(uri, text);
    await workspace.setFile(uri, text);
  }
  const analysis = workspace.analyse();
  const findings = [...analysis.findings.values()].flat();
  const all = (code: RuleCode): readonly Told[] => findings.filter((finding) => finding.code === code).map(told);
  return {
    workspace,
    analysis,
    findings,
    texts,
    summary: findings.filter(({ level }) => level !== 'hint').map(({ level, code }) => `${level} ${code}`),
    all,
    only(code) {
      const found = all(code);
      expect(found.map((finding) => finding.code)).toEqual([code]);
      const finding = found[0]!;
      if (marks.length > 0) expect(marks).toContainEqual(finding.place);
      return finding;
    },
  };
}

/** Checks one placement by itself and returns what is said of it, `level code`, without hints. */
export async function checkPlacement(text: string): Promise<readonly string[]> {
  return (await check({ 'placement.json': text })).summary;
}

/** The level of each finding with a code. */
export function levelsOf(checked: Checked, code: RuleCode): readonly FindingLevel[] {
  return checked.all(code).map(({ level }) => level);
}
