import type { BrokerDeclaration } from '../documents/declaration';
import type { Located } from '../documents/span';
import { at, configUri, type In } from './facts';
import type { Draft } from './finding';
import { isTemplate } from './template';

/** What one broker's file says of a setting. */
export interface Statement {
  readonly broker: string;
  readonly uri: string;
  readonly value: Located<string>;
}

/**
 * The first broker that states a setting, and the first one that states it otherwise; `null` where all agree. What a template
 * leaves open contradicts nobody.
 *
 * @param normal equal for values that mean the same
 */
export function statedDifferently(
  brokers: readonly In<BrokerDeclaration>[],
  key: string,
  normal: (value: string) => string,
): { readonly first: Statement; readonly other: Statement } | null {
  const stated = brokers.flatMap((node): readonly Statement[] => {
    const { name, configs } = node.declared;
    const value = configs.get(key);
    return value === undefined || isTemplate(value.value) ? [] : [{ broker: name, uri: configUri(node, key), value }];
  });
  const [first] = stated;
  const other = stated.find(({ value }) => first !== undefined && normal(value.value) !== normal(first.value.value));
  return first === undefined || other === undefined ? null : { first, other };
}

/** A finding stands at the one that says otherwise, and shows the first one. */
export function placesOf(first: Statement, other: Statement): Pick<Draft, 'place' | 'related'> {
  return {
    place: at(other.uri, other.value.span),
    related: [{ role: 'other-copy', place: at(first.uri, first.value.span) }],
  };
}
