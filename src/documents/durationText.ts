const unitsMs: ReadonlyMap<string, number> = new Map([
  ['ms', 1],
  ['s', 1_000],
  ['min', 60_000],
  ['h', 3_600_000],
]);

/** `500 ms`, `12 s`, `1.5 min` or `1 h` in milliseconds, rounded to a whole one; `null` if it is no such text. */
export function parseDurationMs(text: string): number | null {
  const [, amount, unit] = /^\s*(\d{1,9}(?:\.\d{1,3})?)\s*(ms|s|min|h)\s*$/.exec(text) ?? [];
  const unitMs = unitsMs.get(unit ?? '');
  return amount === undefined || unitMs === undefined ? null : Math.round(Number(amount) * unitMs);
}
