import type { Json, JsonObject } from './json';

/** Keys whose lists are sets: Kafka's own order depends on hash maps. */
const setKeys: ReadonlySet<string> = new Set([
  'isr',
  'elr',
  'maximalIsr',
  'pendingIsr',
  'fenced',
  'inControlledShutdown',
]);

/**
 * Differences between what was recorded and what the model has, one readable line each. `optional` keys may be absent
 * from the recording, as its older forms do not have them.
 */
export function differences(recorded: Json, model: Json, optional: ReadonlySet<string> = new Set()): string[] {
  const found: string[] = [];
  compare('', recorded, model);
  return found;

  function compare(path: string, left: Json, right: Json): void {
    if (isObject(left) && isObject(right)) {
      for (const key of new Set([...Object.keys(left), ...Object.keys(right)])) {
        compareField(path === '' ? key : `${path}.${key}`, key, left[key], right[key]);
      }
    } else if (!same(left, right)) {
      found.push(`${path || 'value'}: recorded ${JSON.stringify(left)}, model ${JSON.stringify(right)}`);
    }
  }

  function compareField(path: string, key: string, left: Json | undefined, right: Json | undefined): void {
    if (left === undefined && right === undefined) return;
    if (left === undefined) {
      if (!optional.has(key)) found.push(`${path}: not recorded, model ${JSON.stringify(right)}`);
    } else if (right === undefined) {
      found.push(`${path}: recorded ${JSON.stringify(left)}, not in the model`);
    } else if (setKeys.has(key)) {
      compare(path, sorted(left), sorted(right));
    } else {
      compare(path, left, right);
    }
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function sorted(value: Json): Json {
  return Array.isArray(value) ? [...value].sort((left, right) => Number(left) - Number(right)) : value;
}

function same(left: Json, right: Json): boolean {
  if (left === right) return true;
  if (!Array.isArray(left) || !Array.isArray(right) || left.length !== right.length) {
    return isObject(left) && isObject(right) && differences(left, right).length === 0;
  }
  return left.every((item, index) => same(item, right[index] ?? null));
}
