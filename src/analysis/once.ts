/**
 * A pure function of one object that is computed once for each: what linking hands out stays the same object while it is as it
 * was, so that what was found out about it is found again. Forgotten with the object.
 */
export function oncePerObject<K extends object, V>(compute: (key: K) => V): (key: K) => V {
  const known = new WeakMap<K, { readonly value: V }>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found.value;
    const value = compute(key);
    known.set(key, { value });
    return value;
  };
}
