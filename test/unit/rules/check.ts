import { expect } from 'vitest';
import type { Finding, FindingLevel, RuleCode } from '../../../src/rules/finding';
import type { Analysis, Settings, Workspace } from '../../../src/workspace/api';
import { createWorkspace, defaultSettings } from '../../../src/workspace/workspace';

/** Text in, findings out. `«…»` in a text marks the span that a finding is expected to underline. */

export type Files = Readonly<Record<string, string>>;

export interface Checked {
  readonly workspace: Workspace;
  readonly analysis: Analysis;
  readonly findings: readonly Finding[];
  /** `level code`, in the order of the text; hints left out unless asked for. */
  readonly summary: readonly string[];
  /** The one finding with a code. Fails if there is none or several, or if it does not stand at the marked span. */
  only(code: RuleCode): Finding;
  all(code: RuleCode): readonly Finding[];
  /** The texts without marks. */
  readonly texts: ReadonlyMap<string, string>;
}

export async function check(files: Files, settings: Partial<Settings> = {}): Promise<Checked> {
  const workspace = createWorkspace({ ...defaultSettings, ...settings });
  const texts = new Map<string, string>();
  const marks: { readonly uri: string; readonly start: number; readonly end: number }[] = [];
  for (const [uri, marked] of Object.entries(files)) {
    const start = marked.indexOf('«');
    if (start >= 0) marks.push({ uri, start, end: marked.indexOf('»') - 1 });
    const text = marked.replace(/[«»]/g, '');
    texts.set(uri, text);
    await workspace.setFile(uri, text);
  }
  const analysis = workspace.analyse();
  const findings = [...analysis.findings.values()].flat();
  const all = (code: RuleCode): readonly Finding[] => findings.filter((finding) => finding.code === code);
  return {
    workspace,
    analysis,
    findings,
    texts,
    summary: findings.filter(({ level }) => level !== 'hint').map(({ level, code }) => `${level} ${code}`),
    all,
    only(code) {
      const found = all(code);
      expect(found.map((finding) => finding.code)).toEqual([code]);
      const finding = found[0]!;
      if (marks.length > 0) expect(marks).toContainEqual(finding.place);
      return finding;
    },
  };
}

/** Checks one placement by itself and returns what is said of it, `level code`, without hints. */
export async function checkPlacement(text: string): Promise<readonly string[]> {
  return (await check({ 'placement.json': text })).summary;
}

export type Racks = Readonly<Record<string, number>>;

export interface PlacementParts {
  readonly version?: number;
  readonly replicas: Racks;
  readonly observers?: Racks;
  readonly policy?: string;
}

/** A placement as a person writes it: `placement({ replicas: { west: 2, east: 2 }, observers: { west: 1 } })`. */
export function placement({ version = 2, replicas, observers, policy }: PlacementParts): string {
  const list = (racks: Racks): readonly object[] =>
    Object.entries(racks).map(([rack, count]) => ({ count, constraints: { rack } }));
  return JSON.stringify(
    {
      version,
      replicas: list(replicas),
      ...(observers === undefined ? {} : { observers: list(observers) }),
      ...(policy === undefined ? {} : { observerPromotionPolicy: policy }),
    },
    null,
    2,
  );
}

/** A command that creates a topic with a placement file. */
export function create(topic: string, file: string, minIsr?: number | string, more = ''): string {
  const config = minIsr === undefined ? '' : ` --config min.insync.replicas=${minIsr}`;
  return `kafka-topics --bootstrap-server b:9092 --create --topic ${topic} --partitions 6 --replica-placement ${file}${config}${more}\n`;
}

/** A compose file with so many brokers in each rack, and controllers by the rack they stand in. */
export function compose(
  racks: Racks,
  controllers: Racks = {},
  image = 'confluentinc/cp-server:7.9.1',
  environment: Readonly<Record<string, string>> = {},
): string {
  const services: string[] = [];
  let id = 0;
  const service = (name: string, role: string, rack: string): void => {
    id++;
    const more = Object.entries(environment).map(([key, value]) => `      ${key}: '${value}'`);
    services.push(
      `  ${name}-${rack}-${id}:`,
      `    image: ${image}`,
      '    environment:',
      `      KAFKA_NODE_ID: ${id}`,
      `      KAFKA_PROCESS_ROLES: ${role}`,
      `      KAFKA_BROKER_RACK: ${JSON.stringify(rack)}`,
      ...more,
    );
  };
  for (const [rack, count] of Object.entries(controllers))
    for (let n = 0; n < count; n++) service('controller', 'controller', rack);
  for (const [rack, count] of Object.entries(racks)) for (let n = 0; n < count; n++) service('broker', 'broker', rack);
  return ['services:', ...services, ''].join('\n');
}

/** The level of each finding with a code. */
export function levelsOf(checked: Checked, code: RuleCode): readonly FindingLevel[] {
  return checked.all(code).map(({ level }) => level);
}
