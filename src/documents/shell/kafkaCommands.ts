import type { PlacementDeclaration, PlacementSource, TopicDeclaration } from '../declaration';
import { readPlacement } from '../placementJson';
import { cover, type Located } from '../span';
import { placementConfigKey } from '../topicResource';
import type { ShellCommand } from './commands';
import { embeddedIn, located, type ShellText, slice } from './words';

/** Commands that only speak of others. */
const speakers = new Set([
  'echo',
  'printf',
  'grep',
  'which',
  'command',
  'type',
  'man',
  'alias',
  'log',
  'info',
  'test',
  '[',
  '[[',
]);

/** Options of both tools that take no value; all others take one. Source: `TopicCommand`, `ConfigCommand`. */
const switches = new Set([
  '--create',
  '--alter',
  '--describe',
  '--list',
  '--delete',
  '--if-exists',
  '--if-not-exists',
  '--force',
  '--exclude-internal',
  '--help',
  '--version',
  '--disable-rack-aware',
  '--entity-default',
  '--all',
]);

/** A path to a placement that a command names, resolved against the files that the same script writes. */
export type WrittenFiles = ReadonlyMap<string, PlacementDeclaration | 'unknown'>;

type Options = ReadonlyMap<string, readonly ShellText[]>;

/**
 * What a command does to a topic, or `null` if it is no such command. Source of the options: Kafka's
 * `kafka.admin.TopicCommand` and `ConfigCommand`; `--replica-placement` is Confluent Server's.
 */
export function topicCommand(command: ShellCommand, written: WrittenFiles): TopicDeclaration | null {
  const at = toolIndex(command);
  const tool = command.words[at];
  if (tool === undefined) return null;
  const options = optionsOf(command.words.slice(at + 1));
  const action = options.has('--create') ? 'create' : options.has('--alter') ? 'alter' : null;
  if (action === null) return null;
  const configures = toolName(tool) === 'kafka-configs';
  const name = configures ? configuredTopic(options) : last(options, '--topic');
  if (name === undefined || name.text === '') return null;
  const configs = configures ? addedConfigs(options) : topicConfigs(options);
  const placement = placementSource(command, options, configs, written);
  // In a function, where all comes from its arguments, nothing is said of any topic.
  if (
    name.units().quotings.every((quoting) => quoting === 'unknown') &&
    (placement === null || placement.kind === 'unknown')
  ) {
    return null;
  }
  const words = command.words.slice(at);
  return {
    kind: 'topic',
    action: configures ? 'alter' : action,
    span: words.map((word) => word.span).reduce(cover),
    name: located(name),
    placement,
    partitions: wholeNumber(last(options, '--partitions')),
    replicationFactor: wholeNumber(last(options, '--replication-factor')),
    configs: new Map([...configs].map(([key, value]) => [key, located(value)])),
  };
}

/** Index of `kafka-topics` or `kafka-configs`, be it behind `docker compose exec`, `kubectl exec --`, a path … */
function toolIndex(command: ShellCommand): number {
  const first = command.words[0];
  return first === undefined || speakers.has(first.text)
    ? -1
    : command.words.findIndex((word) => toolName(word) !== null);
}

function toolName(word: ShellText): 'kafka-topics' | 'kafka-configs' | null {
  const name = /(?:^|[/\\])(kafka-topics|kafka-configs)(?:\.sh|\.bat)?$/.exec(word.text)?.[1];
  return name === 'kafka-topics' || name === 'kafka-configs' ? name : null;
}

function optionsOf(words: readonly ShellText[]): Options {
  const options = new Map<string, ShellText[]>();
  for (let at = 0; at < words.length; at++) {
    const word = words[at];
    if (word === undefined || !word.text.startsWith('--')) continue;
    const equals = word.text.indexOf('=');
    const name = equals === -1 ? word.text : word.text.slice(0, equals);
    const next = words[at + 1];
    const values = options.get(name) ?? [];
    options.set(name, values);
    if (equals !== -1) values.push(slice(word, equals + 1));
    else if (!switches.has(name) && next !== undefined && !next.text.startsWith('--')) {
      values.push(next);
      at++;
    }
  }
  return options;
}

function last(options: Options, name: string): ShellText | undefined {
  return options.get(name)?.at(-1);
}

/** `--entity-type topics --entity-name T`, or the short `--topic T`. */
function configuredTopic(options: Options): ShellText | undefined {
  const type = last(options, '--entity-type')?.text;
  return type === 'topics' ? last(options, '--entity-name') : last(options, '--topic');
}

/** Each `--config key=value`. */
function topicConfigs(options: Options): ReadonlyMap<string, ShellText> {
  return new Map((options.get('--config') ?? []).flatMap(keyAndValue));
}

/** `--add-config k1=v1,k2=[v2,v3]`: commas inside brackets belong to the value. Source: `ConfigCommand`. */
function addedConfigs(options: Options): ReadonlyMap<string, ShellText> {
  const pairs = (options.get('--add-config') ?? []).flatMap(splitAtCommas).flatMap(keyAndValue);
  return new Map(
    pairs.map(([key, value]) => [key, /^\[.*\]$/s.test(value.text) ? slice(value, 1, value.text.length - 1) : value]),
  );
}

function splitAtCommas(value: ShellText): readonly ShellText[] {
  const parts: ShellText[] = [];
  let depth = 0;
  let start = 0;
  for (let at = 0; at <= value.text.length; at++) {
    const unit = value.text[at];
    if (unit === '[' || unit === '{') depth++;
    else if (unit === ']' || unit === '}') depth--;
    else if (unit === undefined || (unit === ',' && depth <= 0)) {
      parts.push(slice(value, start, at));
      start = at + 1;
    }
  }
  return parts;
}

function keyAndValue(pair: ShellText): readonly (readonly [string, ShellText])[] {
  const equals = pair.text.indexOf('=');
  if (equals <= 0) return [];
  const value = slice(pair, equals + 1);
  const blanks = value.text.length - value.text.trimStart().length;
  return [[pair.text.slice(0, equals).trim(), slice(value, blanks, Math.max(blanks, value.text.trimEnd().length))]];
}

function placementSource(
  command: ShellCommand,
  options: Options,
  configs: ReadonlyMap<string, ShellText>,
  written: WrittenFiles,
): PlacementSource | null {
  const file = last(options, '--replica-placement');
  if (file !== undefined) return fromFile(file, written);
  const json = configs.get(placementConfigKey);
  if (json === undefined || json.text === '') return fromConfigFile(last(options, '--add-config-file'));
  const path = /^\$\((?:cat\s+|<\s*|jq\s+-c\s+\.\s+)([^\s$`"'|)]+)\s*(?:\|[^)]*)?\)$/d.exec(json.text);
  const [start, end] = path?.indices?.[1] ?? [];
  if (start !== undefined && end !== undefined) {
    const part = slice(json, start, end);
    const { offsets, ends } = part.units();
    return {
      kind: 'file',
      path: { value: part.text, span: { start: offsets[0] ?? json.span.start, end: ends.at(-1) ?? json.span.end } },
    };
  }
  const embedded = embeddedIn(json, command.host);
  const placement = embedded && readPlacement(embedded);
  return placement ? { kind: 'inline', placement } : { kind: 'unknown', span: located(json).span };
}

function fromFile(file: ShellText, written: WrittenFiles): PlacementSource {
  const path = located(file);
  if (!file.known) return { kind: 'unknown', span: path.span };
  const content = written.get(plainPath(path.value));
  if (content === 'unknown') return { kind: 'unknown', span: path.span };
  return content === undefined ? { kind: 'file', path } : { kind: 'inline', placement: content };
}

/** `--add-config-file F`: a properties file, in which a placement may stand. Source: `ConfigCommand`. */
function fromConfigFile(file: ShellText | undefined): PlacementSource | null {
  return file?.known === true ? { kind: 'file', path: located(file), ofConfigs: true } : null;
}

/** A path without what does not change it. */
export function plainPath(path: string): string {
  return path.replace(/^(?:\.\/)+/, '');
}

function wholeNumber(value: ShellText | undefined): Located<number> | null {
  if (value === undefined || !/^-?\d{1,9}$/.test(value.text)) return null;
  return { value: Number(value.text), span: located(value).span };
}
