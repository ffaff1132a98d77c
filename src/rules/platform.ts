/**
 * Whether one version of Confluent Platform is older than another, compared number by number (`7.10` is newer than
 * `7.9`). A version that is not known or not made of numbers is not older than anything.
 */
export function isOlder(version: string | undefined, than: string): boolean {
  const [left, right] = [numbers(version ?? ''), numbers(than)];
  if (left.length === 0) return false;
  for (let index = 0; index < right.length; index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

/** The same few versions are compared for every placement. */
const parsed = new Map<string, readonly number[]>();
const parsedMax = 1_000;

function numbers(version: string): readonly number[] {
  const known = parsed.get(version);
  if (known !== undefined) return known;
  const match = /^v?(\d{1,4}(?:\.\d{1,4}){0,3})(?:[^\d.]|$)/.exec(version.trim());
  const found = match?.[1]?.split('.').map(Number) ?? [];
  if (parsed.size >= parsedMax) parsed.clear();
  parsed.set(version, found);
  return found;
}
