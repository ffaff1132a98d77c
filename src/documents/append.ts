/** Adds items one by one: as arguments of `push`, no more may be given than the stack holds, and files can hold more. */
export function append<T>(items: T[], more: Iterable<T>): void {
  for (const item of more) items.push(item);
}
