/**
 * What is computed for a key, once. Few things change between two analyses, so what was computed is kept, up to a bound: an editor
 * runs for weeks, and each word that is typed on the way to another is asked about too.
 */
export function remember<V>(memory: Map<string, V>, key: string, keptMax: number, compute: () => V): V {
  const known = memory.get(key);
  if (known !== undefined) return known;
  if (memory.size >= keptMax) memory.clear();
  const value = compute();
  memory.set(key, value);
  return value;
}
