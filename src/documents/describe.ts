import type { NodeId } from '../kafka/cluster';
import type { AssignmentDeclaration, Declaration, TopicDeclaration } from './declaration';
import { type EmbeddedText, embeddedPart, wholeDocument } from './embedded';
import type { Found, SourceFile } from './reader';
import type { Located, Span } from './span';
import { type StatedConfig, topicFrom } from './topicResource';

/** The names in front of the fields, in the versions from 2.x to 8.x. Source: `kafka.admin.TopicCommand`. */
const labels =
  /\b(Topic|TopicId|PartitionCount|ReplicationFactor|Configs|Partition|Leader|Replicas|Isr|Offline|Observers|LiveObservers|Elr|LastKnownElr|Adding Replicas|Removing Replicas):/g;

type Fields = ReadonlyMap<string, Located<string>>;

/** Prose about Kafka shows such output too; it describes nobody's cluster. */
const proseName = /\.(?:md|markdown|rst|adoc|html?|java|py|js|ts|go|ipynb)$/;

/** What `kafka-topics --describe` prints, unless prose quotes it. */
export function mayBeDescribe({ name, text }: SourceFile): boolean {
  const described = text.includes('PartitionCount:') || (text.includes('Leader:') && text.includes('Isr:'));
  return described && text.includes('Topic:') && !proseName.test(name);
}

/**
 * Format `describe`: what `kafka-topics --describe` prints, pasted or piped into a file, with whatever stands around
 * it. The topics come with the configuration they have, and each partition with its replicas as they are.
 */
export function* readDescribe({ text }: SourceFile): Generator<void, Found | null> {
  const whole = wholeDocument(text);
  const declarations: Declaration[] = [];
  let line = 0;
  for (let start = 0; start < text.length; ) {
    if (++line % linesPerStep === 0) yield;
    const lineBreak = text.indexOf('\n', start);
    const end = lineBreak === -1 ? text.length : lineBreak;
    const found = readLine(whole, { start, end: text[end - 1] === '\r' ? Math.max(start, end - 1) : end });
    if (found !== null) declarations.push(found);
    start = end + 1;
  }
  return declarations.length === 0 ? null : { declarations, problems: [] };
}

/** A line of a few hundred characters takes a hundredth of a millisecond. */
const linesPerStep = 50;

function readLine(whole: EmbeddedText, line: Span): Declaration | null {
  const text = whole.text.slice(line.start, line.end);
  if (!text.includes('Topic:')) return null;
  const fields = fieldsOf(text, line.start);
  const topic = fields.get('Topic');
  if (topic === undefined || topic.value === '') return null;
  const begin = line.start + text.indexOf('Topic:');
  const span = { start: begin, end: Math.max(begin, line.start + text.trimEnd().length) };
  if (fields.has('PartitionCount')) return describedTopic(whole, span, topic, fields);
  return fields.has('Partition') && fields.has('Replicas') ? assignment(span, topic, fields) : null;
}

/** Each field's text up to the next label. `Configs` is the last one: what follows may hold anything. */
function fieldsOf(text: string, offset: number): Fields {
  const fields = new Map<string, Located<string>>();
  const found = [...text.matchAll(labels)];
  const configs = found.findIndex(([, name]) => name === 'Configs');
  const used = configs === -1 ? found : found.slice(0, configs + 1);
  for (const [index, match] of used.entries()) {
    const start = match.index + match[0].length;
    const raw = text.slice(start, used[index + 1]?.index ?? text.length);
    const value = raw.trim();
    const at = offset + start + (raw.length - raw.trimStart().length);
    if (match[1] !== undefined) fields.set(match[1], { value, span: { start: at, end: at + value.length } });
  }
  return fields;
}

function describedTopic(whole: EmbeddedText, span: Span, topic: Located<string>, fields: Fields): TopicDeclaration {
  const configs = fields.get('Configs');
  return topicFrom({
    action: 'describe',
    span,
    name: topic,
    partitions: fields.get('PartitionCount') ?? null,
    replicationFactor: fields.get('ReplicationFactor') ?? null,
    configs: configs === undefined ? [] : configsOf(whole, configs.span),
  });
}

/** `k=v,k={"json":[1,2]}`: commas inside brackets or quotes belong to the value. */
function configsOf(whole: EmbeddedText, { start, end }: Span): readonly StatedConfig[] {
  const configs: StatedConfig[] = [];
  let depth = 0;
  let quoted = false;
  let begin = start;
  for (let at = start; at <= end; at++) {
    const unit = at === end ? ',' : whole.text.charAt(at);
    if (quoted && unit === '\\') at++;
    else if (unit === '"' && depth > 0) quoted = !quoted;
    else if (!quoted && /[[{]/.test(unit)) depth++;
    else if (!quoted && /[\]}]/.test(unit)) depth--;
    const last = at >= end;
    if (!last && !(unit === ',' && depth <= 0 && !quoted && isConfigStart(whole.text, at + 1, end))) continue;
    // Output that was cut off in the middle of a placement says nothing of it, and its broken JSON is nobody's mistake.
    const isCutOff = last && (quoted || depth > 0);
    if (!isCutOff) configs.push(...configAt(whole, { start: begin, end: Math.min(at, end) }));
    begin = at + 1;
  }
  return configs;
}

/** Values such as `compact,delete` hold commas too: one that separates is followed by a key and `=`. */
function isConfigStart(text: string, from: number, end: number): boolean {
  return /^\s*[\w.-]{1,200}=/.test(text.slice(from, Math.min(end, from + 210)));
}

function configAt(whole: EmbeddedText, span: Span): readonly StatedConfig[] {
  const text = whole.text.slice(span.start, span.end);
  const equals = text.indexOf('=');
  if (equals <= 0) return [];
  const part = { start: span.start + equals + 1, end: span.start + Math.max(equals + 1, text.trimEnd().length) };
  const embedded = embeddedPart(whole, part);
  return [{ key: text.slice(0, equals).trim(), value: { value: embedded.text, span: part }, embedded }];
}

function assignment(span: Span, topic: Located<string>, fields: Fields): AssignmentDeclaration | null {
  const partition = idsOf(fields.get('Partition'))[0];
  const replicas = fields.get('Replicas');
  if (partition === undefined || replicas === undefined) return null;
  const observers = fields.get('Observers') ?? fields.get('LiveObservers');
  return {
    kind: 'assignment',
    span,
    topic,
    partition,
    leader: idsOf(fields.get('Leader'))[0] ?? null,
    replicas: { value: idsOf(replicas), span: replicas.span },
    isr: idsOf(fields.get('Isr')),
    observers: observers === undefined ? null : idsOf(observers),
    offline: idsOf(fields.get('Offline')),
    reassigning: [...idsOf(fields.get('Adding Replicas')), ...idsOf(fields.get('Removing Replicas'))].length > 0,
  };
}

function idsOf(field: Located<string> | undefined): readonly NodeId[] {
  const ids = field?.value.split(',').map((id) => id.trim()) ?? [];
  return ids.filter((id) => /^\d{1,9}$/.test(id)).map(Number);
}
