import { parseArgs } from 'node:util';
import { nearestName } from '../documents/nearestName';
import type { SurvivalGoal } from '../kafka/cluster';
import { isRuleCode, ruleCodes } from '../rules/catalogue';
import { type Level, levels } from '../rules/finding';
import type { Settings } from '../workspace/api';
import { defaultSettings } from '../workspace/workspace';

/** What a person asked for, understood; or what is wrong with it, in their words. */
export type Command =
  | { readonly kind: 'help' }
  | { readonly kind: 'version' }
  | { readonly kind: 'check'; readonly paths: readonly string[]; readonly options: CheckOptions }
  | { readonly kind: 'simulate'; readonly path: string; readonly format: Format }
  | { readonly kind: 'wrong'; readonly message: string };

/** How to print what was found. */
export type Format = 'text' | 'json';

export interface CheckOptions {
  readonly format: Format;
  /** Every failure of every topic, not only the standard ones. */
  readonly all: boolean;
  readonly settings: Settings;
}

export const help = `Usage: kafka-failover-lens check PATH… [options]
       kafka-failover-lens simulate SCENARIO.json [--format text|json]

check says what the loss of each datacenter would do to each Kafka topic whose replica placement
is found below PATH (files or folders), and where the files are wrong.

simulate plays out a scenario file, faults and repairs with their times: every state the partition
goes through, what clients meet, and what would be if nothing that was lost came back.

Options:
  --format text|json     how to print it; json is stable and meant for programs (default: text)
  --all                  check: every failure of every topic, not only the standard ones
  --rule CODE=LEVEL      check: off, hint, information, warning or error; may be given several times
  --assume-min-isr N     check: what to assume where no file sets min.insync.replicas (default: 1)
  --goal GOAL            check: durable-first or available-first, where no cluster file says (default: durable-first)
  -h, --help             print this
  -v, --version          print the version

Exit code of check:    0 nothing above information, 1 warnings or errors, 2 could not run.
Exit code of simulate: 0 nothing lost and writes came back, 1 otherwise, 2 could not run.
Rules are explained in docs/rules.md, scenario files in docs/scenario-file.md, the output in docs/cli.md.
`;

const known = {
  format: { type: 'string' },
  all: { type: 'boolean' },
  rule: { type: 'string', multiple: true },
  'assume-min-isr': { type: 'string' },
  goal: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean', short: 'v' },
} as const;

/** Understands a command line. */
export function parseCommand(argv: readonly string[]): Command {
  const { values, positionals, tokens } = parseArgs({
    args: [...argv],
    options: known,
    allowPositionals: true,
    strict: false,
    tokens: true,
  });
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    const problem = optionProblem(token.name, token.rawName, token.value);
    if (problem !== null) return wrong(problem);
  }
  if (values.help === true) return { kind: 'help' };
  if (values.version === true) return { kind: 'version' };
  const [command, ...paths] = positionals;
  if (command === undefined) return wrong('Say what to do: kafka-failover-lens check PATH… or simulate SCENARIO.json');
  if (command === 'simulate') {
    const given = [...new Set(tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])))];
    return simulateCommand(paths, text(values.format), given);
  }
  if (command !== 'check') return wrong(`There is no command "${command}"; there are check and simulate.`);
  if (paths.length === 0) return wrong('Say where to look: kafka-failover-lens check PATH…');
  return checkCommand(paths, {
    format: text(values.format),
    goal: text(values.goal),
    minIsr: text(values['assume-min-isr']),
    rules: (values.rule ?? []).filter((rule) => typeof rule === 'string'),
    all: values.all === true,
  });
}

function simulateCommand(paths: readonly string[], format: string | undefined, given: readonly string[]): Command {
  const [path, other] = paths;
  if (path === undefined) return wrong('Say which scenario: kafka-failover-lens simulate SCENARIO.json');
  if (other !== undefined) return wrong('One scenario at a time: kafka-failover-lens simulate SCENARIO.json');
  const foreign = given.find((name) => name !== 'format');
  if (foreign !== undefined) return wrong(`--${foreign} is for check; simulate knows --format alone.`);
  const wanted = format ?? 'text';
  return isFormat(wanted) ? { kind: 'simulate', path, format: wanted } : wrongFormat(wanted);
}

function isFormat(format: string): format is Format {
  return format === 'text' || format === 'json';
}

function wrongFormat(format: string): Command {
  return wrong(`--format is text or json, not "${format}".`);
}

interface RawOptions {
  readonly format: string | undefined;
  readonly goal: string | undefined;
  readonly minIsr: string | undefined;
  readonly rules: readonly string[];
  readonly all: boolean;
}

function checkCommand(paths: readonly string[], raw: RawOptions): Command {
  const format = raw.format ?? 'text';
  if (!isFormat(format)) return wrongFormat(format);
  const goal = raw.goal ?? defaultSettings.survivalGoal;
  if (!isGoal(goal)) return wrong(`--goal is durable-first or available-first, not "${goal}".`);
  if (raw.minIsr !== undefined && !/^[1-9]\d{0,4}$/.test(raw.minIsr)) {
    return wrong(`--assume-min-isr is a whole number of at least 1, not "${raw.minIsr}".`);
  }
  const ruleLevels: Record<string, Level> = {};
  for (const rule of raw.rules) {
    const [code = '', level = ''] = rule.split('=', 2);
    const problem = ruleProblem(code, level);
    if (problem !== null) return wrong(problem);
    const parsed = levels.find((candidate) => candidate === level);
    if (parsed !== undefined) ruleLevels[code] = parsed;
  }
  const assumedMinIsr = raw.minIsr === undefined ? null : Number(raw.minIsr);
  return {
    kind: 'check',
    paths,
    options: { format, all: raw.all, settings: { levels: ruleLevels, assumedMinIsr, survivalGoal: goal } },
  };
}

function optionProblem(name: string, rawName: string, value: string | undefined): string | null {
  const found = Object.entries(known).find(([key]) => key === name)?.[1];
  if (found === undefined) {
    const nearest = nearestName(name, Object.keys(known));
    return `There is no option ${rawName}${nearest === undefined ? '; --help lists them' : `; probably --${nearest} is meant`}.`;
  }
  if (found.type === 'string' && value === undefined) return `${rawName} needs a value; --help says which.`;
  if (found.type === 'boolean' && value !== undefined) return `${rawName} takes no value.`;
  return null;
}

function ruleProblem(code: string, level: string): string | null {
  if (!isRuleCode(code)) {
    const nearest = nearestName(code, ruleCodes);
    return `There is no rule "${code}"${nearest === undefined ? '; docs/rules.md lists them' : `; probably ${nearest} is meant`}.`;
  }
  return levels.some((candidate) => candidate === level)
    ? null
    : `--rule ${code}=${level}: the level is one of ${levels.join(', ')}.`;
}

function isGoal(goal: string): goal is SurvivalGoal {
  return goal === 'durable-first' || goal === 'available-first';
}

function text(value: string | boolean | undefined): string | undefined {
  return typeof value === 'string' ? value : undefined;
}

function wrong(message: string): Command {
  return { kind: 'wrong', message };
}
