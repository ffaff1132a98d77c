import { append } from '../append';
import { type EmbeddedText, embeddedPart } from '../embedded';
import type { Heredoc, ShellToken, Word } from './scanner';
import { scanShell } from './scanner';
import { expandWord, type ShellText, slice } from './words';

/** One simple command as it would run, its variables put in as far as they are known. */
export interface ShellCommand {
  readonly words: readonly ShellText[];
  /** Files that the command's output goes to. */
  readonly outputs: readonly ShellText[];
  readonly heredoc: Heredoc | null;
  /** The text that the command was read from: the file, or a string or here-document in it. */
  readonly host: EmbeddedText;
}

/** Loops over names are followed item by item, up to this many commands and rounds in all; the rest is left. */
export const stepCountMax = 100_000;
/** Characters of all commands after their variables were put in. A word costs as much as so many characters. */
const expandedLengthMax = 20_000_000;
const wordCost = 100;
/** Loops inside loops, and commands inside strings of commands. */
const loopDepthMax = 8;

/** POSIX.1-2017, Shell Command Language, 2.4: reserved words. */
const opening = new Set(['if', 'case', 'while', 'until', 'for', 'select', '{']);
const closing = new Set(['fi', 'esac', 'done', '}']);
const skippedWords = new Set([...opening, ...closing, 'then', 'elif', 'else', 'do', '!', 'time']);
/** Commands that give variables values which nobody knows, or take them away. */
const assigningWords = new Set(['read', 'unset', 'mapfile', 'readarray', 'let', 'getopts']);
const declaringWords = new Set(['export', 'local', 'readonly', 'declare', 'typeset']);

/**
 * Follows a script from top to bottom and yields its commands. A variable is known where it was given a literal before,
 * outside of branches; what a branch, a loop's body or a function assigns is unknown behind it.
 */
export function runShell(host: EmbeddedText): ShellRun {
  const tokens = scanShell(host.text);
  const runner = new ShellRunner(host, tokens);
  runner.run();
  const substitutions = tokens.flatMap((token) => substitutionsIn(token, host));
  return { commands: runner.commands, substitutions, steps: runner.steps };
}

export interface ShellRun {
  readonly commands: readonly ShellCommand[];
  /** The insides of each `$(…)` and `` `…` ``, which are commands too. */
  readonly substitutions: readonly EmbeddedText[];
  /** Commands and rounds of loops that were gone through. */
  readonly steps: number;
}

function substitutionsIn(token: ShellToken, host: EmbeddedText): readonly EmbeddedText[] {
  if (token.kind !== 'word') return [];
  return token.parts.flatMap((part) => {
    if (part.kind !== 'computed') return [];
    const [opens, closes] = host.text.startsWith('$(', part.start) ? [2, ')'] : [1, '`'];
    if (opens === 1 && host.text[part.start] !== '`') return [];
    const end = host.text[part.end - 1] === closes ? part.end - 1 : part.end;
    return [embeddedPart(host, { start: Math.min(part.start + opens, end), end })];
  });
}

/** A part of a script that may run or not. */
interface Branch {
  /** The names that it has assigned, with what was known of each before. No more: scripts may open thousands of branches. */
  readonly before: Map<string, readonly ShellText[] | undefined>;
  /** In `( … )`: nothing of what it assigns is left behind it. */
  readonly subshell?: boolean;
  /** The function whose body it is. */
  readonly name?: string | null;
}

class ShellRunner {
  readonly commands: ShellCommand[] = [];
  steps = 0;
  private units = 0;
  private readonly host: EmbeddedText;
  private readonly tokens: readonly ShellToken[];
  private readonly branches: Branch[] = [];
  /** What the functions of the script assign wherever they are called. */
  private readonly functions = new Map<string, ReadonlyMap<string, unknown>>();
  private readonly variables = new Map<string, readonly ShellText[]>();
  /** Whether the command runs only if another one fails, or in a process of its own. */
  private conditional = false;
  /** What was assigned behind `&&`: known to the commands of the same list, which run only if that ran. */
  private readonly untilListEnds = new Set<string>();
  private afterAnd = false;

  constructor(host: EmbeddedText, tokens: readonly ShellToken[]) {
    this.host = host;
    this.tokens = tokens;
  }

  run(): void {
    this.runRange(0, this.tokens.length, 0);
  }

  private runRange(start: number, end: number, depth: number): void {
    let at = start;
    while (at < end && this.steps < stepCountMax) {
      const token = this.tokens[at];
      const loop =
        depth < loopDepthMax && token?.kind === 'word' && bareText(token) === 'for' ? this.loopAt(at, end) : null;
      if (loop !== null) {
        this.runLoop(loop, depth);
        at = loop.end;
      } else {
        at = this.runCommand(at, end);
      }
    }
  }

  /** `for NAME in WORDS; do BODY done`. */
  private loopAt(at: number, end: number): Loop | null {
    const name = this.tokens[at + 1];
    const keyword = this.tokens[at + 2];
    if (name?.kind !== 'word' || keyword?.kind !== 'word' || bareText(keyword) !== 'in') return null;
    let next = at + 3;
    const items: ShellText[] = [];
    for (let token = this.tokens[next]; token?.kind === 'word' && next < end; token = this.tokens[++next]) {
      append(items, this.expand(token));
    }
    while (next < end && this.isSeparator(next)) next++;
    const first = this.tokens[next];
    if (first?.kind !== 'word' || bareText(first) !== 'do') return null;
    const done = this.matchingDone(next, end);
    return { name: bareText(name), items, start: next + 1, done, end: Math.min(done + 1, end) };
  }

  private matchingDone(from: number, end: number): number {
    let depth = 0;
    for (let at = from; at < end; at++) {
      const token = this.tokens[at];
      if (token?.kind !== 'word' || !this.startsCommand(at)) continue;
      if (bareText(token) === 'do') depth++;
      else if (bareText(token) === 'done' && --depth === 0) return at;
    }
    return end;
  }

  private startsCommand(at: number): boolean {
    const before = this.tokens[at - 1];
    if (before === undefined || before.kind === 'operator') return true;
    return before.kind === 'word' && skippedWords.has(bareText(before));
  }

  private isSeparator(at: number): boolean {
    const token = this.tokens[at];
    return token?.kind === 'operator' && (token.text === '\n' || token.text === ';');
  }

  private runLoop(loop: Loop, depth: number): void {
    const listed = loop.items.every((item) => item.known && !/[*?[{]/.test(item.text));
    const values = listed && loop.items.length > 0 ? loop.items : [undefined];
    for (const value of values) {
      if (++this.steps >= stepCountMax) break;
      this.branches.push({ before: new Map() });
      this.conditional = this.afterAnd = false;
      this.assign(loop.name, value === undefined ? undefined : [value]);
      this.runRange(loop.start, loop.done, depth + 1);
      this.leaveBranch();
    }
  }

  /** Runs the simple command that begins at a token; returns where the next one begins. */
  private runCommand(start: number, end: number): number {
    this.steps++;
    const words: ShellText[] = [];
    const assignments: { readonly token: Word; readonly at: number }[] = [];
    const outputs: ShellText[] = [];
    let heredoc: Heredoc | null = null;
    let at = start;
    for (; at < end; at++) {
      const token = this.tokens[at];
      if (token === undefined) break;
      if (token.kind === 'operator') {
        if (token.text === ';;') this.enterOrLeave('else', at);
        break;
      }
      if (token.kind === 'heredoc') heredoc = token;
      else if (token.kind === 'redirect') {
        const target = this.tokens[at + 1];
        if (target?.kind !== 'word') continue;
        if (token.text.startsWith('>') && token.text !== '>&') append(outputs, this.expand(target));
        at++;
      } else if (words.length === 0 && skippedWords.has(bareText(token))) this.enterOrLeave(bareText(token), at);
      else if (bareText(token) === '{' && this.functionAt(at) !== null) {
        words.length = 0;
        this.enterOrLeave('{', at);
      } else if (words.length === 0 && this.assignedName(token) !== null) {
        assignments.push({ token, at });
        at = this.endOfArray(at, end);
      } else append(words, this.expand(token));
    }
    const empty = words.length + assignments.length === 0;
    if (!empty) this.enterCommand(start, at);
    // In front of a command, assignments hold for that command alone: POSIX.1-2017, Shell Command Language, 2.9.1.
    if (words.length === 0) for (const { token, at: place } of assignments) this.assignment(token, place);
    if (words.length > 0) this.command({ words, outputs, heredoc, host: this.host });
    if (this.isOperator(at, '(') && empty) this.enterParenthesis(at);
    else if (this.isOperator(at, ')') && this.branches.at(-1)?.subshell !== undefined) this.leaveBranch();
    if (!empty && !this.isOperator(at, '&&')) this.endList();
    return at + 1;
  }

  /** Notes whether it is certain that a command runs: not behind `&&`, `||` and `|`, nor before `|` and `&`. */
  private enterCommand(start: number, end: number): void {
    let at = start - 1;
    while (this.isOperator(at, '\n')) at--;
    const piped = this.isOperator(end, '|') || this.isOperator(end, '&') || this.isOperator(at, '|');
    this.conditional = piped || this.isOperator(at, '||');
    this.afterAnd = this.isOperator(at, '&&');
  }

  private endList(): void {
    this.afterAnd = false;
    for (const name of this.untilListEnds) this.assign(name, undefined);
    this.untilListEnds.clear();
  }

  private isOperator(at: number, text: string): boolean {
    const token = this.tokens[at];
    return token?.kind === 'operator' && token.text === text;
  }

  /** `(` where a command begins: what it assigns ends with it. `((` computes numbers. */
  private enterParenthesis(at: number): void {
    const subshell = !this.isOperator(at + 1, '(') && !this.isOperator(at - 1, '(');
    this.branches.push({ before: new Map(), subshell });
  }

  /** The function whose body `{` begins: `NAME() {` or `function NAME {`. */
  private functionAt(at: number): string | null {
    const word = (index: number): string => {
      const token = this.tokens[index];
      return token?.kind === 'word' ? bareText(token) : '';
    };
    let end = at - 1;
    while (this.isOperator(end, '\n')) end--;
    const name = this.isOperator(end, ')') && this.isOperator(end - 1, '(') ? word(end - 2) : '';
    if (name !== '') return name;
    return word(end - 1) === 'function' && word(end) !== '' ? word(end) : null;
  }

  /** Small texts can stand for large ones by their variables; what they come to in all is bounded too. */
  private expand(word: Word): readonly ShellText[] {
    if (this.steps >= stepCountMax) return [];
    const words = expandWord(word, this.host, this.variables);
    for (const { text } of words) this.units += text.length + wordCost;
    if (this.units > expandedLengthMax) this.steps = stepCountMax;
    return words;
  }

  private command(command: ShellCommand): void {
    const [first, ...rest] = command.words;
    if (first !== undefined && declaringWords.has(first.text)) for (const word of rest) this.assignWord(word);
    if (first?.text === 'eval') for (const name of [...this.variables.keys()]) this.assign(name, undefined);
    if (first?.text === 'printf' && rest[0]?.text === '-v') this.assign(rest[1]?.text ?? '', undefined);
    if (first !== undefined && assigningWords.has(first.text)) {
      for (const word of rest) this.assign(word.text.replace(/=.*$/s, ''), undefined);
    }
    for (const name of this.functions.get(first?.text ?? '')?.keys() ?? []) {
      this.steps++;
      this.assign(name, undefined);
    }
    if (command.outputs.length > 0 || command.heredoc !== null || command.words.some(mentionsTool)) {
      this.commands.push(command);
    }
  }

  private assignWord(word: ShellText): void {
    const name = /^([A-Za-z_]\w*)=/.exec(word.text)?.[1];
    if (name === undefined) return;
    const value = slice(word, name.length + 1);
    this.assign(name, value.known ? [value] : undefined);
  }

  private assignedName(token: Word): string | null {
    return /^([A-Za-z_]\w*)\+?=/.exec(this.host.text.slice(token.start, token.end))?.[1] ?? null;
  }

  /** `NAME=value` or `NAME=(a b c)` at the start of a command. */
  private assignment(token: Word, at: number): void {
    const written = this.host.text.slice(token.start, token.end);
    const name = this.assignedName(token) ?? '';
    const opens = this.tokens[at + 1];
    if (written === `${name}=` && opens?.kind === 'operator' && opens.text === '(') {
      this.assign(name, this.arrayItems(at + 2));
      return;
    }
    if (written.startsWith(`${name}+=`)) this.assign(name, undefined);
    else {
      // An assignment is not split at blanks: POSIX.1-2017, Shell Command Language, 2.9.1.
      const quoted = {
        ...token,
        parts: token.parts.map((part) => (part.kind === 'variable' ? { ...part, quoted: true } : part)),
      };
      for (const word of this.expand(quoted)) this.assignWord(word);
    }
  }

  private arrayItems(from: number): readonly ShellText[] | undefined {
    const items: ShellText[] = [];
    for (let at = from; at < this.tokens.length; at++) {
      const token = this.tokens[at];
      if (token?.kind === 'word') append(items, this.expand(token));
      else if (!(token?.kind === 'operator' && token.text === '\n')) break;
    }
    // `[index]=value` puts items elsewhere than they stand.
    return items.every((item) => item.known && !item.text.startsWith('[')) ? items : undefined;
  }

  private endOfArray(at: number, end: number): number {
    const opens = this.tokens[at + 1];
    if (opens?.kind !== 'operator' || opens.text !== '(') return at;
    for (let next = at + 2; next < end; next++) {
      const token = this.tokens[next];
      if (token?.kind === 'operator' && token.text === ')') return next;
    }
    return end;
  }

  private assign(name: string, value: readonly ShellText[] | undefined): void {
    const before = this.branches.at(-1)?.before;
    if (before !== undefined && !before.has(name)) before.set(name, this.variables.get(name));
    if (this.afterAnd) this.untilListEnds.add(name);
    if (value === undefined || this.conditional) this.variables.delete(name);
    else this.variables.set(name, value);
  }

  private enterOrLeave(keyword: string, at: number): void {
    const name = keyword === '{' ? this.functionAt(at) : null;
    if (opening.has(keyword)) this.branches.push({ before: new Map(), name });
    else if (closing.has(keyword)) this.leaveBranch();
    else if (keyword === 'else' || keyword === 'elif') {
      const branch = this.branches.at(-1);
      if (branch !== undefined) this.restore(branch);
    }
  }

  private leaveBranch(): void {
    const branch = this.branches.pop();
    if (branch === undefined) return;
    this.restore(branch);
    if (branch.name) this.functions.set(branch.name, branch.before);
    if (branch.subshell !== true) for (const name of branch.before.keys()) this.assign(name, undefined);
  }

  private restore({ before }: Branch): void {
    for (const [name, value] of before) {
      if (value === undefined) this.variables.delete(name);
      else this.variables.set(name, value);
    }
  }
}

/** Other commands declare nothing, so they are not kept. */
function mentionsTool({ text }: ShellText): boolean {
  return text.includes('kafka-topics') || text.includes('kafka-configs');
}

interface Loop {
  readonly name: string;
  readonly items: readonly ShellText[];
  /** First token of the body, its `done`, and the token behind that. */
  readonly start: number;
  readonly done: number;
  readonly end: number;
}

/** The text of a word that is written without quotes; keywords are only recognised so. */
function bareText(word: Word): string {
  const part = word.parts.length === 1 ? word.parts[0] : undefined;
  return part?.kind === 'text' && part.quoting === 'none' ? part.text : '';
}
