/** Between the quotes of a string of HCL, which knows fewer escapes than JSON and begins templates with `${` and `%{`. */
export function toQuoted(part: string): string {
  return escapeTemplates(JSON.stringify(part).slice(1, -1)).replaceAll('\\b', '\\u0008').replaceAll('\\f', '\\u000c');
}

/** What begins a template in HCL, doubled so that it means itself. */
export function escapeTemplates(part: string): string {
  return part.replace(/[$%](?=\{)/g, '$&$&');
}
