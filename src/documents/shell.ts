import type { PlacementDeclaration, ReaderProblem, TopicDeclaration } from './declaration';
import { type EmbeddedText, wholeDocument } from './embedded';
import { isPlacement, mentionsPlacement, readPlacement } from './placementJson';
import type { Found, SourceFile } from './reader';
import { runShell, type ShellCommand, type ShellRun, stepCountMax } from './shell/commands';
import { plainPath, topicCommand } from './shell/kafkaCommands';
import type { Heredoc } from './shell/scanner';
import { embeddedIn, expandParts, nestedText, type ShellText, slice } from './shell/words';
import type { Span } from './span';
import { allSteps } from './steps';

/** Commands in a string of a command in a string … are followed this far. */
const nestingMax = 4;

/** Names that shell scripts have; a text without a name of its own kind must say so in its first line. */
const scriptName = /(?:^[^.]*|\.(?:sh|bash|zsh|ksh|dash|command|env|profile))$/;
const shebang = /^\ufeff?#!.*\b(?:sh|bash|zsh|ksh|dash)\b/;
const toolMention = /kafka-(?:topics|configs)/;

/** A script that calls the tools for topics and their configurations. */
export function mayBeShell({ name, text }: SourceFile): boolean {
  if (!toolMention.test(text)) return false;
  return scriptName.test(name) || shebang.test(text.slice(0, 100));
}

/**
 * Format `shell`: the topics that a script creates and alters with Kafka's own tools, and the placement files that it
 * writes itself. Variables are followed where they hold literals; what is computed stays unknown.
 */
export function* readShell({ text }: SourceFile): Generator<void, Found | null> {
  const found = yield* shellTextInSteps(wholeDocument(text));
  return found.declarations.length + found.problems.length === 0 ? null : found;
}

/** The same for commands that stand in another file, such as a container's command. */
export function readShellText(host: EmbeddedText): Found {
  return allSteps(shellTextInSteps(host));
}

function* shellTextInSteps(host: EmbeddedText): Generator<void, Found> {
  const { commands, steps } = commandsIn(host, 0);
  yield;
  const written = new Map(commands.flatMap(writtenPlacement));
  yield;
  const topics: TopicDeclaration[] = [];
  for (const command of commands) {
    const topic = topicCommand(command, written);
    if (topic === null) continue;
    topics.push(topic);
    yield;
  }
  const used = new Set(topics.flatMap(inlinePlacement));
  const unused = [...written.values()].flatMap((file) => (file === 'unknown' || used.has(file) ? [] : [file]));
  const declarations = [...topics, ...unused].sort((a, b) => a.span.start - b.span.start);
  return { declarations, problems: steps < stepCountMax ? [] : [stepLimit(host, steps)] };
}

function stepLimit({ hostSpan }: EmbeddedText, found: number): ReaderProblem {
  return {
    kind: 'limit',
    span: { start: hostSpan.start, end: hostSpan.start },
    limit: 'declarations',
    found,
    bound: stepCountMax,
  };
}

function inlinePlacement({ placement }: TopicDeclaration): readonly PlacementDeclaration[] {
  return placement?.kind === 'inline' ? [placement.placement] : [];
}

/** All commands of a text, with those inside strings (`bash -c "…"`), here-documents and `$(…)`. */
function commandsIn(host: EmbeddedText, depth: number): Pick<ShellRun, 'commands' | 'steps'> {
  const { commands, substitutions, steps } = runShell(host);
  if (depth >= nestingMax) return { commands, steps };
  const inner = [...substitutions.filter((text) => toolMention.test(text.text)), ...commands.flatMap(innerTexts)];
  const runs = inner.map((text) => commandsIn(text, depth + 1));
  return {
    commands: [...commands, ...runs.flatMap((run) => run.commands)],
    steps: runs.reduce((most, run) => Math.max(most, run.steps), steps),
  };
}

/** Strings and here-documents that a command hands to another shell. */
function innerTexts(command: ShellCommand): readonly EmbeddedText[] {
  const words = command.words.filter((word) => /\s/.test(word.text));
  const body = command.outputs.length === 0 ? heredocText(command) : null;
  return [...words, ...(body === null ? [] : [body])]
    .filter((text) => toolMention.test(text.text))
    .map((text) => nestedText(text, command.host));
}

/**
 * What `echo TEXT` and `printf '%s\n' TEXT` print. In the format of printf, and behind `echo -e`, backslashes and `%` mean
 * something: line breaks at the end are taken off, any other makes the text unknown.
 */
function printedText({ words }: ShellCommand): ShellText | null {
  const [tool, first] = words;
  const text = words.at(-1);
  if ((tool?.text !== 'echo' && tool?.text !== 'printf') || text === undefined || text === tool) return null;
  const isFormat = tool.text === 'printf' ? words.length === 2 : /^-\w*e/.test(first?.text ?? '');
  if (!isFormat) return text;
  let end = text.text.length;
  while (text.text.endsWith('\\n', end)) end -= 2;
  const content = slice(text, 0, end);
  return /[\\%]/.test(content.text) ? { ...content, known: false } : content;
}

function heredocText({ heredoc, host }: ShellCommand): ShellText | null {
  return heredoc === null ? null : expandParts(heredoc.body, heredocSpan(heredoc, host), host, new Map());
}

function heredocSpan({ body }: Heredoc, host: EmbeddedText): Span {
  return { start: host.toHost(body[0]?.start ?? 0), end: host.toHost(body.at(-1)?.end ?? 0) };
}

/** `cat > FILE <<EOF …`, `tee FILE <<EOF …` and `echo '…' > FILE`, where what is written is a placement. */
function writtenPlacement(command: ShellCommand): readonly (readonly [string, PlacementDeclaration | 'unknown'])[] {
  const [tool, argument] = command.words;
  const file = command.outputs.at(-1) ?? (tool?.text === 'tee' ? argument : undefined);
  if (file === undefined || !file.known) return [];
  const content = heredocText(command) ?? printedText(command);
  if (content === null || !mentionsPlacement(content.text)) return [];
  const embedded = content.known ? embeddedIn(content, command.host) : null;
  if (embedded === null) return [[plainPath(file.text), 'unknown']];
  const placement = readPlacement(embedded);
  return placement !== null && isPlacement(placement) ? [[plainPath(file.text), placement]] : [];
}
