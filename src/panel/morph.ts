import type { Safe } from './html';

/**
 * Makes the children of `target` equal to the markup by changing only what differs. Elements that stay are the same
 * objects as before, so focus, selection, scroll positions and transitions survive every update.
 */
export function morph(target: Element, markup: Safe): void {
  const template = document.createElement('template');
  template.innerHTML = markup.toString();
  morphChildren(target, template.content);
}

function morphChildren(target: Node, wanted: Node): void {
  const keyed = dropUnwanted(target, wanted);
  let current = target.firstChild;
  for (const next of [...wanted.childNodes]) {
    if (keyed.has(keyOf(next) ?? '')) current = dropUnkeyed(current);
    const same = counterpart(next, current, keyed);
    if (same === null) {
      target.insertBefore(next, current);
      continue;
    }
    if (same === current) current = current.nextSibling;
    else target.insertBefore(same, current);
    morphNode(same, next);
  }
  while (current !== null) {
    const leftOver = current;
    current = current.nextSibling;
    leftOver.remove();
  }
}

/** Removes the keyed elements that are gone and returns those that stay. A removal moves nobody, a move takes the focus away. */
function dropUnwanted(target: Node, wanted: Node): ReadonlyMap<string, ChildNode> {
  const wantedKeys = new Set([...wanted.childNodes].map(keyOf));
  const kept = new Map<string, ChildNode>();
  for (const child of [...target.childNodes]) {
    const key = keyOf(child);
    if (key === null) continue;
    if (wantedKeys.has(key) && !kept.has(key)) kept.set(key, child);
    else child.remove();
  }
  return kept;
}

/** Removes text and unkeyed elements up to the next keyed one, so that the latter need not move past them. */
function dropUnkeyed(from: ChildNode | null): ChildNode | null {
  let current = from;
  while (current !== null && keyOf(current) === null) {
    const dropped = current;
    current = current.nextSibling;
    dropped.remove();
  }
  return current;
}

/** The node that is to become `wanted`: the one of the same key, else the one that stands in its place if it is alike. */
function counterpart(wanted: Node, current: ChildNode | null, keyed: ReadonlyMap<string, ChildNode>): ChildNode | null {
  const key = keyOf(wanted);
  if (key !== null) {
    const same = keyed.get(key);
    return same !== undefined && same.nodeName === wanted.nodeName ? same : null;
  }
  return current !== null && keyOf(current) === null && current.nodeName === wanted.nodeName ? current : null;
}

function morphNode(node: Node, wanted: Node): void {
  if (node instanceof Element && wanted instanceof Element) {
    morphAttributes(node, wanted);
    morphChildren(node, wanted);
  } else if (node.nodeValue !== wanted.nodeValue) {
    node.nodeValue = wanted.nodeValue;
  }
}

function morphAttributes(element: Element, wanted: Element): void {
  for (const { name } of [...element.attributes]) if (!wanted.hasAttribute(name)) element.removeAttribute(name);
  for (const { name, value } of wanted.attributes) {
    if (element.getAttribute(name) !== value) element.setAttribute(name, value);
  }
  const value = wanted.getAttribute('value');
  if (element instanceof HTMLInputElement && value !== null && element.value !== value) element.value = value;
}

function keyOf(node: Node): string | null {
  return node instanceof Element ? node.getAttribute('data-key') : null;
}
