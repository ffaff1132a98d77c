import type { Located, Span } from './span';

/** What is wrong with the observers of an assignment, and where; `null` if nothing is. */
export interface ObserversProblem {
  readonly span: Span;
  readonly message: string;
}

/**
 * Observers are the last of the replicas, as `kafka-topics --describe` prints them and Confluent Server demands it, and
 * not all of them.
 */
export function observersProblem(
  replicas: readonly Located<number>[],
  observers: readonly Located<number>[],
): ObserversProblem | null {
  const order = replicas.map(({ value }) => value);
  const stray = observers.find(({ value }) => !order.includes(value));
  if (stray !== undefined) {
    const message = `Observer ${stray.value} is not among the replicas; they list all, observers last.`;
    return { span: stray.span, message };
  }
  const last = order.slice(order.length - observers.length);
  const early = observers.find(({ value }) => !last.includes(value));
  if (early !== undefined) {
    const message = `Observer ${early.value} stands before a sync replica; replicas list observers last.`;
    return { span: early.span, message };
  }
  const [first] = observers;
  if (first === undefined || observers.length < replicas.length) return null;
  return { span: first.span, message: 'A partition has at least one replica that is no observer.' };
}
