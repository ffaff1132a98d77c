import { isAbsolute, join, relative, resolve } from 'node:path';
import { visible } from '../analysis/visible';
import type { DocumentReading, ReaderProblem } from '../documents/declaration';
import { limits } from '../documents/limits';
import { readDocument } from '../documents/read';
import { readScenarioFile } from '../documents/scenarioFile';
import { type ScenarioReport, simulateScenario } from '../simulator/cluster/scenario/timeline';
import { neededPaths, prepareScenario } from '../workspace/scenario';
import type { Format } from './options';
import type { PlayedScenario } from './playedScenario';
import { printTimeline } from './printTimeline';
import { Positions } from './report';
import type { ExitCode, Surroundings } from './surroundings';
import { timelineJson } from './timelineJson';

/** Plays out a scenario file and prints what it does. */
export async function simulate(path: string, format: Format, around: Surroundings): Promise<ExitCode> {
  const file = resolve(around.cwd, path);
  const text = await readText(file, around);
  if (text === null) {
    around.err(`kafka-failover-lens: There is no file "${visible(path)}" that could be read.\n`);
    return 2;
  }
  const { scenario, problems } = readScenarioFile(text);
  if (scenario === null || problems.length > 0) return refuse(path, text, problems, around);
  const readings = new Map<string, DocumentReading | null>();
  for (const { value } of neededPaths(scenario)) readings.set(value, await readNeeded(file, value, around));
  const preparation = prepareScenario(slashes(file), scenario, readings);
  if (preparation.kind === 'problems') return refuse(path, text, preparation.problems, around);
  const { prepared } = preparation;
  const played: PlayedScenario = { ...prepared, report: simulateScenario(prepared.setup, prepared.scenario) };
  around.out(format === 'json' ? timelineJson(played) : printTimeline(played, { colour: around.colour }));
  return isWell(played.report) ? 0 : 1;
}

/** No record acknowledged with acks=all is lost, and at the end such writes are accepted. */
export function isWell({ clients, limitReached }: ScenarioReport): boolean {
  return clients.lost.every(({ acks }) => acks !== -1) && clients.writesAtEnd && !limitReached;
}

/** A file that a scenario names, read by its own format; `null` where there is none. */
async function readNeeded(scenarioFile: string, path: string, around: Surroundings): Promise<DocumentReading | null> {
  if (path.includes('\0')) return null;
  const file = isAbsolute(path) ? path : join(scenarioFile, '..', path);
  const text = await readText(file, around);
  return text === null ? null : readDocument(slashes(relative(around.cwd, file)), text);
}

/** UTF-8 takes at most three bytes for each UTF-16 unit, so a larger file is certainly beyond what readers read. */
async function readText(file: string, { disk }: Surroundings): Promise<string | null> {
  if ((await disk.kind(file, true)) !== 'file' || (await disk.size(file)) > limits.fileLengthMax * 3) return null;
  return disk.read(file);
}

function refuse(path: string, text: string, problems: readonly ReaderProblem[], around: Surroundings): ExitCode {
  const positions = new Positions(new Map([[path, text]]));
  for (const problem of problems) {
    const { line, column } = positions.of({ uri: path, ...problem.span }, 'start');
    const message = problem.kind === 'limit' ? `It is nested deeper than ${problem.bound} levels.` : problem.message;
    around.err(`${visible(slashes(path))}:${line}:${column} error ${visible(message)}\n`);
  }
  return 2;
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/');
}
