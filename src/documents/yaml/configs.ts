import { embeddedPart, spanToHost } from '../embedded';
import type { Property } from '../properties';
import type { Span } from '../span';
import type { StatedConfig } from '../topicResource';
import type { YamlNode } from './document';

/** The entries of a map as configurations. */
export function configsOf(map: YamlNode | undefined): readonly StatedConfig[] {
  return (map?.entries() ?? []).flatMap(({ key, value }): readonly StatedConfig[] => {
    const scalar = value.scalar();
    return scalar === null ? [] : [{ key: key.value, value: scalar, embedded: value.embedded() }];
  });
}

/** The entries of a map as properties of a broker. */
export function propertiesOf(map: YamlNode | undefined): readonly Property[] {
  return (map?.entries() ?? []).flatMap(({ key, value }): readonly Property[] => {
    const embedded = value.embedded();
    return embedded === null ? [] : [{ key: key.value, value: embedded, span: coverOf(key.span, value.span) }];
  });
}

/** A list of `key=value`, as Confluent for Kubernetes has its overrides. */
export function listedProperties(list: YamlNode | undefined): readonly Property[] {
  return (list?.items() ?? []).flatMap((item): readonly Property[] => {
    const embedded = item.embedded();
    const equals = embedded?.text.indexOf('=') ?? -1;
    if (embedded === null || equals <= 0) return [];
    const blanks = /^\s*/.exec(embedded.text.slice(equals + 1))?.[0].length ?? 0;
    const part = { start: equals + 1 + blanks, end: Math.max(equals + 1 + blanks, embedded.text.trimEnd().length) };
    const span = spanToHost(embedded, { start: 0, end: embedded.text.length });
    return [{ key: embedded.text.slice(0, equals).trim(), value: embeddedPart(embedded, part), span }];
  });
}

function coverOf(key: Span, value: Span): Span {
  return { start: Math.min(key.start, value.start), end: Math.max(key.end, value.end) };
}
