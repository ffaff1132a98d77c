import { isRecord, parsedJson } from '../platformJson';
import { toQuoted } from './quote';

/** How an object stands in its file. */
export interface HclStyle {
  /** In front of the line in which the object begins; `null` where all of it is in one line. */
  readonly indentation: string | null;
}

/**
 * The value of a JSON text as HCL, as people write a placement: the object's own entries and the items of its lists on
 * lines of their own, what is inside them in one. What is no JSON stays as it is.
 */
export function printHcl(json: string, { indentation }: HclStyle): string {
  const value = parsedJson(json);
  if (value === undefined) return json;
  if (indentation === null || !isRecord(value)) return inline(value);
  const deeper = `${indentation}  `;
  const lines = Object.entries(value).map(([key, entry]) => `${deeper}${keyOf(key)} = ${onLines(entry, deeper)}\n`);
  return `{\n${lines.join('')}${indentation}}`;
}

/** A list with its items on lines of their own, any other value in one. */
export function onLines(value: unknown, indentation: string): string {
  if (!Array.isArray(value) || value.length === 0) return inline(value);
  return `[\n${value.map((item) => `${indentation}  ${inline(item)},\n`).join('')}${indentation}]`;
}

/** A value in one line. */
export function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(', ')}]`;
  if (isRecord(value)) {
    const entries = Object.entries(value).map(([key, entry]) => `${keyOf(key)} = ${inline(entry)}`);
    return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`;
  }
  return typeof value === 'string' ? `"${toQuoted(value)}"` : String(value);
}

/** A name as an object of HCL has it: in quotes where it is no identifier. */
export function keyOf(key: string): string {
  return /^[A-Za-z_][\w-]*$/.test(key) ? key : `"${toQuoted(key)}"`;
}
