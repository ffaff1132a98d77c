/**
 * Whether a text is filled in by somebody else before Kafka sees it: `${RACK}`, `$RACK`, `{{ rack }}`, `##RACK##`,
 * `<rack>`, `%RACK%`, `@rack@`. Such a value is stated, but unknown here: nothing may be concluded from it, and nothing
 * is wrong with it.
 */
export function isTemplate(text: string): boolean {
  return /\$\{|\$\(|\$[A-Za-z_]|\{\{|\{%|##[^#]+##|<[A-Za-z_][\w -]*>|%[A-Z_]+%|@[A-Za-z_]+@/.test(text);
}
