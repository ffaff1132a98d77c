/** JSON as the platform's own parser reads it: strict, fast, and without a word on where its parts stand. */

export type JsonRecord = Readonly<Record<string, unknown>>;

/** What a text holds; `undefined` where it is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Whether a value is an object of JSON. */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
