import { type Finding, louderFirst } from '../rules/finding';

/** VS Code shows so many problems of one source in one file, and drops the rest after they were all made and sent. */
export const shownMax = 1_000;

/** As many findings as can be shown, the loudest ones; they stay in the order of the text. */
export function loudest(findings: readonly Finding[]): readonly Finding[] {
  if (findings.length <= shownMax) return findings;
  const byLevel = findings.toSorted(louderFirst);
  const chosen = new Set(byLevel.slice(0, shownMax));
  return findings.filter((finding) => chosen.has(finding));
}
