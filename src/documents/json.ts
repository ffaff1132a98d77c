import type { Located, Span } from './span';

/**
 * JSON with the offsets of all its parts, in the coordinates of the **host file**. Read tolerantly: half of a broken
 * text that parses is still there. Duplicate keys are kept as separate members.
 */
export type JsonNode = JsonObject | JsonArray | JsonString | JsonNumber | JsonBoolean | JsonNull;

export interface JsonMember {
  readonly key: Located<string>;
  /** Absent where the text breaks off behind the key. */
  readonly value: JsonNode | undefined;
}
export interface JsonObject {
  readonly type: 'object';
  readonly span: Span;
  readonly members: readonly JsonMember[];
}
export interface JsonArray {
  readonly type: 'array';
  readonly span: Span;
  readonly items: readonly JsonNode[];
}
export interface JsonString {
  readonly type: 'string';
  readonly span: Span;
  readonly value: string;
}
export interface JsonNumber {
  readonly type: 'number';
  readonly span: Span;
  readonly value: number;
}
export interface JsonBoolean {
  readonly type: 'boolean';
  readonly span: Span;
  readonly value: boolean;
}
export interface JsonNull {
  readonly type: 'null';
  readonly span: Span;
}

/** The last member with a key, as JSON parsers take it. */
export function member(object: JsonObject, key: string): JsonMember | undefined {
  const { members } = object;
  for (let index = members.length - 1; index >= 0; index--)
    if (members[index]?.key.value === key) return members[index];
  return undefined;
}
