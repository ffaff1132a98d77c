import { isRuleCode } from '../rules/catalogue';
import { type Level, levels } from '../rules/finding';
import type { Settings } from '../workspace/api';

/** What the person set, checked: a settings file is typed by hand like any other. */
export interface EditorSettings {
  readonly enable: boolean;
  readonly codeLens: boolean;
  /** For the workspace, which knows no editor. */
  readonly core: Settings;
  /** What could not be understood, in words, for the log. */
  readonly problems: readonly string[];
}

/** Reads one setting by its name behind `failoverLens.`. */
export type ReadSetting = (name: string) => unknown;

/** The section of all our settings. */
export const section = 'failoverLens';

/** The settings as they are now; whatever is not understood is named and takes its default. Never throws. */
export function readSettings(read: ReadSetting): EditorSettings {
  const problems: string[] = [];
  return {
    enable: flag('enable'),
    codeLens: flag('codeLens.enable'),
    core: {
      levels: readLevels(read('rules'), problems),
      assumedMinIsr: readMinIsr(read('assumedMinInsyncReplicas'), problems),
      survivalGoal: readGoal(read('survivalGoal'), problems),
    },
    problems,
  };

  function flag(name: string): boolean {
    const value = read(name);
    if (value !== undefined && typeof value !== 'boolean')
      problems.push(`${section}.${name} is neither true nor false`);
    return value !== false;
  }
}

function readLevels(value: unknown, problems: string[]): Readonly<Record<string, Level>> {
  if (value === undefined || value === null) return {};
  if (typeof value !== 'object' || Array.isArray(value)) {
    problems.push(`${section}.rules is not an object`);
    return {};
  }
  const known: Record<string, Level> = {};
  for (const [code, level] of Object.entries(value)) {
    if (!isRuleCode(code)) problems.push(`${section}.rules: there is no rule ${JSON.stringify(code)}`);
    else if (!isLevel(level)) problems.push(`${section}.rules: ${code} can be ${levels.join(', ')}`);
    else known[code] = level;
  }
  return known;
}

function isLevel(value: unknown): value is Level {
  return levels.some((level) => level === value);
}

function readMinIsr(value: unknown, problems: string[]): number | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'number' && Number.isInteger(value) && value >= 1) return value;
  problems.push(`${section}.assumedMinInsyncReplicas is not a whole number of at least 1`);
  return null;
}

function readGoal(value: unknown, problems: string[]): Settings['survivalGoal'] {
  if (value === undefined || value === 'durable-first') return 'durable-first';
  if (value === 'available-first') return 'available-first';
  problems.push(`${section}.survivalGoal is neither durable-first nor available-first`);
  return 'durable-first';
}
