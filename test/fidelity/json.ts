/** A value as `JSON.parse` makes it. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };
export type JsonObject = { readonly [key: string]: Json };

/** A file is not of the form it claims to be; the message says where. */
export class MalformedRecording extends Error {
  /** Path of the object that is wrong, such as `file.vectors[3].expect[0]`. */
  readonly where: string;

  constructor(where: string, what: string) {
    super(`${where}: ${what}`);
    this.where = where;
  }
}

export function parseJson(text: string, where: string): Json {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new MalformedRecording(where, `not JSON (${error instanceof Error ? error.message : String(error)})`);
  }
}

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Reads fields of one object of a recording, and says which field of which object is wrong. */
export class Fields {
  readonly object: JsonObject;
  readonly where: string;

  private constructor(object: JsonObject, where: string) {
    this.object = object;
    this.where = where;
  }

  static of(value: Json | undefined, where: string): Fields {
    if (!isObject(value)) throw new MalformedRecording(where, 'expected an object');
    return new Fields(value, where);
  }

  get keys(): readonly string[] {
    return Object.keys(this.object);
  }

  has(key: string): boolean {
    return this.object[key] !== undefined && this.object[key] !== null;
  }

  value(key: string): Json {
    const value = this.object[key];
    if (value === undefined) throw this.#wrong(key, 'is missing');
    return value;
  }

  number(key: string): number {
    const value = this.value(key);
    if (typeof value !== 'number' || !Number.isFinite(value)) throw this.#wrong(key, 'is not a number');
    return value;
  }

  numberOr(key: string, otherwise: number): number {
    return this.has(key) ? this.number(key) : otherwise;
  }

  boolean(key: string): boolean {
    const value = this.value(key);
    if (typeof value !== 'boolean') throw this.#wrong(key, 'is not true or false');
    return value;
  }

  booleanOr(key: string, otherwise: boolean): boolean {
    return this.has(key) ? this.boolean(key) : otherwise;
  }

  string(key: string): string {
    const value = this.value(key);
    if (typeof value !== 'string') throw this.#wrong(key, 'is not text');
    return value;
  }

  stringOr(key: string, otherwise: string): string {
    return this.has(key) ? this.string(key) : otherwise;
  }

  list(key: string): readonly Json[] {
    const value = this.value(key);
    if (!Array.isArray(value)) throw this.#wrong(key, 'is not a list');
    return value;
  }

  numbers(key: string): readonly number[] {
    return this.list(key).map((item) => {
      if (typeof item !== 'number') throw this.#wrong(key, 'is not a list of numbers');
      return item;
    });
  }

  numbersOr(key: string, otherwise: readonly number[]): readonly number[] {
    return this.has(key) ? this.numbers(key) : otherwise;
  }

  child(key: string): Fields {
    return Fields.of(this.value(key), `${this.where}.${key}`);
  }

  objects(key: string): readonly Fields[] {
    return this.list(key).map((item, index) => Fields.of(item, `${this.where}.${key}[${index}]`));
  }

  #wrong(key: string, what: string): MalformedRecording {
    return new MalformedRecording(this.where, `"${key}" ${what}`);
  }
}
