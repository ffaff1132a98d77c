import type { TopicDeclaration } from './declaration';
import { decodedText, type EmbeddedText, embeddedPart, wholeDocument } from './embedded';
import { type HclObject, hclSplices } from './hcl/edit';
import { type HclBlock, type HclEntry, type HclUnit, type HclValue, parseHcl, stringText } from './hcl/parser';
import { printHcl } from './hcl/print';
import { escapeTemplates, toQuoted } from './hcl/quote';
import { readJson } from './jsonText';
import type { Found, SourceFile } from './reader';
import type { Located, Span } from './span';
import { placementConfigKey, type StatedConfig, topicFrom } from './topicResource';

/** Resources that are topics. Sources: Mongey/kafka, confluentinc/confluent, aiven/aiven. */
const topicTypes = new Set(['kafka_topic', 'confluent_kafka_topic', 'aiven_kafka_topic']);

/** Terraform that speaks of topics. */
export function mayBeTerraform({ text }: SourceFile): boolean {
  return text.includes('kafka_topic') && /\bresource\b/.test(text);
}

/**
 * Format `terraform`: `kafka_topic` resources. A placement may be a string, a here-document, `jsonencode({…})` or
 * `file("…")`; what Terraform computes stays unknown.
 */
export function readTerraform({ text }: SourceFile): Found | null {
  const declarations = parseHcl(text)
    .filter((block) => block.type === 'resource' && topicTypes.has(block.labels[0] ?? ''))
    .flatMap((block) => topicOf(text, block));
  return declarations.length === 0 ? null : { declarations, problems: [] };
}

function topicOf(text: string, block: HclBlock): readonly TopicDeclaration[] {
  const value = (...keys: readonly string[]): HclValue | undefined =>
    block.attributes.findLast(({ key }) => keys.includes(key.value))?.value;
  const name = value('name', 'topic_name');
  if (name === undefined) return [];
  const config = value('config');
  const entries = config?.kind === 'object' ? config.entries : [];
  const topic = topicFrom({
    action: 'create',
    span: block.span,
    name: located(text, name),
    partitions: scalar(text, value('partitions', 'partitions_count')),
    replicationFactor: scalar(text, value('replication_factor', 'replication')),
    configs: entries.flatMap((entry) => statedConfig(text, entry)),
  });
  const placement = entries.findLast(({ key }) => key.value === placementConfigKey)?.value;
  const path = placement === undefined ? null : filePath(placement);
  return [path === null ? topic : { ...topic, placement: { kind: 'file', path } }];
}

function statedConfig(text: string, { key, value }: HclEntry): readonly StatedConfig[] {
  const embedded = embeddedOf(text, value);
  const stated = located(text, value);
  return [{ key: key.value, value: { value: embedded?.text ?? stated.value, span: stated.span }, embedded }];
}

/** What is computed stands as the template that it would be inside a string. */
function located(text: string, value: HclValue): Located<string> {
  if (value.kind === 'literal') return { value: value.text, span: value.span };
  if (value.kind !== 'string') {
    return { value: `\${${text.slice(value.span.start, value.span.end)}}`, span: value.span };
  }
  const span = text[value.span.start] === '"' ? inside(value.span) : value.span;
  return { value: stringText(value.units), span };
}

function scalar(text: string, value: HclValue | undefined): Located<string> | null {
  return value?.kind === 'literal' || value?.kind === 'string' ? located(text, value) : null;
}

/** `file("${path.module}/placements/orders.json")`. */
function filePath(value: HclValue): Located<string> | null {
  const argument = value.kind === 'call' && value.name === 'file' ? value.arguments[0] : undefined;
  if (argument?.kind !== 'string') return null;
  const path = stringText(argument.units).replace(/^\$\{path\.(?:module|root|cwd)\}\/?/, '');
  return /[$%]\{/.test(path) || path === '' ? null : { value: path, span: inside(argument.span) };
}

/** A value as JSON to read on, where it is one. */
function embeddedOf(text: string, value: HclValue): EmbeddedText | null {
  if (value.kind === 'string') return value.template ? null : stringEmbedded(text, value.units, value.span);
  const argument = value.kind === 'call' && value.name === 'jsonencode' ? value.arguments[0] : undefined;
  return argument?.kind === 'object' ? objectEmbedded(text, argument) : null;
}

function stringEmbedded(text: string, units: readonly HclUnit[], span: Span): EmbeddedText {
  const offsets = units.map((unit) => unit.offset);
  if (text[span.start] === '"') {
    const { start, end } = inside(span);
    return decodedText(
      stringText(units),
      [...offsets, end],
      { start, end },
      { encode: toQuoted, encodePart: toQuoted },
    );
  }
  const end = (units.at(-1)?.offset ?? span.start - 1) + 1;
  const indentation = indentationAt(text, offsets[0] ?? span.start);
  const encodePart = (part: string): string => escapeTemplates(part).replaceAll('\n', `\n${indentation}`);
  return decodedText(
    stringText(units),
    [...offsets, end],
    { start: offsets[0] ?? end, end },
    { encode: encodePart, encodePart },
  );
}

/** What an indented here-document takes away from each line, to be put in front of new ones. */
function indentationAt(text: string, offset: number): string {
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
}

/**
 * An object of HCL as the JSON that `jsonencode` makes of it. JSON is an object of HCL as well: where one was written,
 * its characters stand for themselves, else an edit is one of HCL.
 */
function objectEmbedded(text: string, value: HclObject): EmbeddedText | null {
  const asWritten = embeddedPart(wholeDocument(text), value.span);
  const isJson = !/[$%]\{/.test(asWritten.text) && readJson(asWritten, { dialect: 'strict' }).errors.length === 0;
  if (isJson) return { ...asWritten, encode: escapeTemplates, encodePart: escapeTemplates };
  const units: HclUnit[] = [];
  if (!writeJson(text, value, units)) return null;
  const isOneLine = !asWritten.text.includes('\n');
  const [before = ''] = /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', value.span.start - 1) + 1)) ?? [];
  const encode = (json: string): string => printHcl(json, { indentation: isOneLine ? null : before });
  const offsets = [...units.map((unit) => unit.offset), value.span.end];
  return {
    ...decodedText(stringText(units), offsets, value.span, { encode }),
    rewrite: (json) => hclSplices(text, value, json) ?? (hasComments(asWritten.text) ? [] : null),
  };
}

function hasComments(text: string): boolean {
  const found = text.match(/"(?:[^"\\\n]|\\.)*"|#|\/\/|\/\*/g) ?? [];
  return found.some((part) => !part.startsWith('"'));
}

/** Writes a value as JSON, each character with the place of what it stands for. False if part of it is computed. */
function writeJson(text: string, value: HclValue, units: HclUnit[]): boolean {
  const put = (written: string, offset: number): void => {
    for (const unit of written.split('')) units.push({ text: unit, offset });
  };
  const putSpan = (written: string, { start, end }: Span): void => {
    put(written.slice(0, -1), start);
    put(written.slice(-1), Math.max(start, end - 1));
  };
  switch (value.kind) {
    case 'string':
      putSpan(JSON.stringify(stringText(value.units)), value.span);
      return !value.template;
    case 'literal':
      putSpan(value.text, value.span);
      return true;
    case 'list':
    case 'object': {
      const [open, close] = value.kind === 'list' ? '[]' : '{}';
      put(open ?? '', value.span.start);
      const children = value.kind === 'list' ? value.items.map((item) => ({ key: null, value: item })) : value.entries;
      for (const [index, child] of children.entries()) {
        // Where one part ends, the next begins: so the ends of spans are right too.
        if (index > 0) put(',', children[index - 1]?.value.span.end ?? value.span.start);
        if (child.key !== null) {
          putSpan(JSON.stringify(child.key.value), child.key.span);
          put(':', child.key.span.end);
        }
        if (!writeJson(text, child.value, units)) return false;
      }
      put(close ?? '', children.at(-1)?.value.span.end ?? value.span.end - 1);
      return true;
    }
    case 'call':
    case 'computed':
      return false;
    default:
      return value satisfies never;
  }
}

function inside(span: Span): Span {
  return { start: Math.min(span.start + 1, span.end), end: Math.max(span.start + 1, span.end - 1) };
}
