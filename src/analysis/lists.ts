/** `west`, `west and east`, `west, east and central`. */
export function and(names: readonly string[]): string {
  return joined(names, 'and');
}

/** `west`, `west or east`, `west, east or central`. */
export function or(names: readonly string[]): string {
  return joined(names, 'or');
}

/** `1 observer`, `2 observers`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** More names than this are counted, not listed: a datacenter may have hundreds of brokers. */
export const maxListed = 12;

/** `Broker 1 stops`, `Brokers 1, 2 and 5 stop`: the subject, and whether it is plural. */
export function subject(noun: string, ids: readonly number[]): string {
  if (ids.length > maxListed) return `${ids.length} ${noun}s`;
  return `${noun}${ids.length === 1 ? '' : 's'} ${and(ids.map(String))}`;
}

/** `stops` after one, `stop` after several. */
export function verb(ids: readonly unknown[], singular: string, plural: string): string {
  return ids.length === 1 ? singular : plural;
}

/** The sentence with a capital. */
export function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function joined(names: readonly string[], conjunction: string): string {
  const last = names.at(-1);
  if (last === undefined) return '';
  return names.length === 1 ? last : `${names.slice(0, -1).join(', ')} ${conjunction} ${last}`;
}
