import type { BrokerDeclaration, ControllerDeclaration } from '../documents/declaration';
import type { Located } from '../documents/span';
import { configUri, type In } from '../rules/facts';

type Node = BrokerDeclaration | ControllerDeclaration;

/** A service that stands in a file and in its override is one node: what the later one states counts. */
export function withOverrides<D extends Node>(nodes: readonly In<D>[]): readonly In<D>[] {
  const merged: In<D>[] = [];
  const byName = new Map<string, number>();
  for (const node of nodes) {
    const { name, id } = node.declared;
    const index = byName.get(name);
    const base = index === undefined ? undefined : merged[index];
    const isSame = base !== undefined && base.uri !== node.uri && (id === null || id.value === base.declared.id?.value);
    if (index !== undefined && base !== undefined && isSame) merged[index] = overridden(base, node);
    else byName.set(name, merged.push(node) - 1);
  }
  return merged;
}

function overridden<D extends Node>(base: In<D>, override: In<D>): In<D> {
  const { uri, declared } = override.declared.rack === null ? base : override;
  return {
    uri,
    configUris: new Map([...configUrisOf(base), ...configUrisOf(override)]),
    declared: {
      ...declared,
      ...processOf(base.declared, override.declared, declared),
      id: declared.id ?? seenFrom(declared, base.declared.id),
      rack: override.declared.rack ?? base.declared.rack,
      configs: new Map([...base.declared.configs, ...override.declared.configs]),
    },
  };
}

/** What a broker's process is, as far as the later of two files says so, else as the earlier one does. */
function processOf(
  base: Node,
  override: Node,
  shown: Node,
): Partial<Pick<BrokerDeclaration, 'alsoController' | 'image'>> {
  if (base.kind !== 'broker' || override.kind !== 'broker') return {};
  const { alsoController } = override.configs.has('process.roles') ? override : base;
  return { alsoController, image: seenFrom(shown, override.image ?? base.image) };
}

/** A node's spans are of one file. What stands in the other one is all of the node there. */
function seenFrom<T>(node: Node, located: Located<T> | null): Located<T> | null {
  const isOwn = located === null || located === node.id || (node.kind === 'broker' && located === node.image);
  return isOwn ? located : { value: located.value, span: node.span };
}

function configUrisOf(node: In<Node>): readonly (readonly [string, string])[] {
  return [...node.declared.configs.keys()].map((key) => [key, configUri(node, key)]);
}
