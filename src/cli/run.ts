import { isAbsolute, relative, resolve } from 'node:path';
import { version } from '../../package.json';
import { visible } from '../analysis/visible';
import { createWorkspace } from '../workspace/workspace';
import { type CheckOptions, help, parseCommand } from './options';
import { printJson } from './printJson';
import { printText } from './printText';
import { type Report, reportOf } from './report';
import { simulate } from './simulate';
import type { ExitCode, Surroundings } from './surroundings';
import { walk } from './walk';

/** Runs one command line. */
export async function run(argv: readonly string[], around: Surroundings): Promise<ExitCode> {
  const command = parseCommand(argv);
  switch (command.kind) {
    case 'help':
      around.out(help);
      return 0;
    case 'version':
      around.out(`${version}\n`);
      return 0;
    case 'wrong':
      around.err(`kafka-failover-lens: ${command.message}\n`);
      return 2;
    case 'check':
      return check(command.paths, command.options, around);
    case 'simulate':
      return simulate(command.path, command.format, around);
  }
}

async function check(paths: readonly string[], options: CheckOptions, around: Surroundings): Promise<ExitCode> {
  const missing = await missingPaths(paths, around);
  if (missing.length > 0) {
    around.err(missing.map((path) => `kafka-failover-lens: There is no file or folder "${path}".\n`).join(''));
    return 2;
  }
  const { report, unread } = await analyse(paths, options, around);
  around.out(
    options.format === 'json' ? printJson(report) : printText(report, { colour: around.colour, all: options.all }),
  );
  // Half an answer must not pass for a whole one.
  if (unread > 0) return 2;
  return report.findings.some(({ finding }) => finding.level === 'warning' || finding.level === 'error') ? 1 : 0;
}

async function missingPaths(paths: readonly string[], { disk, cwd }: Surroundings): Promise<readonly string[]> {
  const kinds = await Promise.all(paths.map((path) => disk.kind(resolve(cwd, path), true)));
  return paths.filter((_, index) => kinds[index] === null || kinds[index] === 'other');
}

async function analyse(
  paths: readonly string[],
  options: CheckOptions,
  around: Surroundings,
): Promise<{ readonly report: Report; readonly unread: number }> {
  const workspace = createWorkspace(options.settings);
  const texts = new Map<string, string>();
  let unread = 0;
  const links: string[] = [];
  for (const path of paths) {
    for await (const found of walk(around.disk, resolve(around.cwd, path))) {
      if ('problem' in found) {
        around.err(`kafka-failover-lens: ${visible(found.path)} was not read: ${visible(found.problem)}\n`);
        unread++;
      } else if ('left' in found) links.push(found.path);
      else if (await workspace.setFile(found.path, found.text)) {
        // Only texts with something of ours in them are needed again, to tell lines and columns.
        texts.set(found.path, found.text);
      }
    }
  }
  const [firstLink] = links;
  if (firstLink !== undefined) {
    around.err(`kafka-failover-lens: links are not followed: ${visible(firstLink)}${others(links.length - 1)}\n`);
  }
  const report = reportOf(workspace.analyse(), texts, (file) => shownPath(around.cwd, file, paths));
  return { report, unread };
}

function others(count: number): string {
  return count === 0 ? '' : ` and ${count} more`;
}

/** As the person would type it from where they are; absolute if they gave it so. */
function shownPath(cwd: string, file: string, paths: readonly string[]): string {
  const givenAbsolute = paths.some((path) => isAbsolute(path) && file.startsWith(path.replaceAll('\\', '/')));
  return givenAbsolute ? file : relative(cwd, file).replaceAll('\\', '/');
}
