import type { Declaration, DocumentReading } from '../documents/declaration';
import type { In } from '../rules/facts';

/** Declarations of each kind. */
export type ByKind = { readonly [K in Declaration['kind']]: Extract<Declaration, { readonly kind: K }> };

/** What a file declares of one kind. Most files declare one kind of thing: there are no lists but for what is there. */
export function ofKind<K extends keyof ByKind>(
  { uri, declarations }: Pick<DocumentReading, 'uri' | 'declarations'>,
  kind: K,
): readonly In<ByKind[K]>[] {
  let found: In<ByKind[K]>[] | null = null;
  for (const declared of declarations) {
    if (!isOfKind(declared, kind)) continue;
    if (found === null) found = [{ uri, declared }];
    else found.push({ uri, declared });
  }
  return found ?? none;
}

function isOfKind<K extends keyof ByKind>(declared: Declaration, kind: K): declared is ByKind[K] {
  return declared.kind === kind;
}

const none: readonly never[] = [];
