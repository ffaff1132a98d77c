/**
 * Whether a value is filled in by another tool later: `${VAR}`, `{{ jinja }}`, `##TOKEN##`, `<% erb %>`, `$VAR`. It is
 * stated, but unknown here: nothing may be concluded from it, and nothing is wrong with it.
 */
export function isTemplate(value: string): boolean {
  return /\$\{|\{\{|<%|##\w|\$[A-Za-z_(]/.test(value);
}
