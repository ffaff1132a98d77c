import fc from 'fast-check';
import { drain } from '../../../src/analysis/steps';
import type { Finding } from '../../../src/rules/finding';
import type { Analysis, Settings, Workspace } from '../../../src/workspace/api';
import { createWorkspace, defaultSettings } from '../../../src/workspace/workspace';
import { compose, create, placement } from '../rules/texts';

/** What happens to a workspace over its life, at random, and what is held against a workspace that had no life before. */

const inline = (json: string): string => JSON.stringify(JSON.parse(json));
const alter = (topic: string, config: string): string =>
  `kafka-configs --bootstrap-server b:9092 --alter --entity-type topics --entity-name ${topic} --add-config ${config}\n`;
const createInline = (topic: string, json: string): string =>
  `kafka-topics --create --topic ${topic} --config confluent.placement.constraints='${inline(json)}'\n`;
const described = (topic: string, json: string, minIsr: number, rows: readonly string[]): string =>
  [
    `Topic: ${topic}\tPartitionCount: ${rows.length}\tReplicationFactor: 2\tConfigs: min.insync.replicas=${minIsr},confluent.placement.constraints=${inline(json)}`,
    ...rows.map(
      (ids, partition) =>
        `\tTopic: ${topic}\tPartition: ${partition}\tLeader: ${ids[0]}\tReplicas: ${ids}\tIsr: ${ids}`,
    ),
    '',
  ].join('\n');

const west = placement({ replicas: { west: 2 } });
const spread = placement({ replicas: { west: 2, east: 1 }, observers: { east: 1 }, policy: 'under-min-isr' });

const placements: readonly string[] = [
  west,
  spread,
  placement({ replicas: { east: 2 } }),
  placement({ replicas: { west: 1, east: 1, north: 1 } }),
  placement({ version: 1, replicas: { west: 2 }, observers: { east: 1 } }),
  placement({ replicas: { west: 2, esat: 1 } }),
  placement({ replicas: { west: 1 }, observers: {} }),
  placement({ replicas: {}, observers: { west: 1 } }),
  placement({ replicas: { '': 1, east: 1 } }),
  placement({ replicas: { 'west\neast': 1 } }),
  `\ufeff${west}`,
  inline(west),
  west.replace('version', 'verison'),
  spread.replace('"west"', '"*"'),
  spread.replace('"replicas"', '"replica"'),
  spread.slice(0, 90),
  placement({ replicas: { west: 2, east: 1 }, observers: { east: 1 } }),
];

const clusterFile = (name: string, more: string): string =>
  `{ ${name}"datacenters": { "west": { "brokers": [1, 2], "controllers": [11] }, "east": { "brokers": [3, 4], "controllers": [12] } }${more} }`;

const composeWith = (environment: Readonly<Record<string, string>>, mount = ''): string =>
  compose({ west: 2, east: 2 }, { west: 1 }, undefined, environment).replaceAll(
    '    environment:',
    `${mount === '' ? '' : `    volumes:\n      - ${mount}\n`}    environment:`,
  );

const clusters: readonly string[] = [
  compose({ west: 2, east: 2 }, { west: 1, east: 1 }),
  compose({ west: 1, east: 1, north: 1 }),
  compose({ west: 2 }).replaceAll(/ {6}KAFKA_BROKER_RACK: .*\n/g, ''),
  compose({ west: 1, east: 1 }).replace('"west"', `"\${RACK}"`),
  composeWith({ KAFKA_MIN_INSYNC_REPLICAS: '2' }, './a:/etc/placements'),
  composeWith({ KAFKA_MIN_INSYNC_REPLICAS: '1', KAFKA_UNCLEAN_LEADER_ELECTION_ENABLE: 'true' }),
  composeWith(
    { KAFKA_CONFLUENT_LOG_PLACEMENT_CONSTRAINTS: inline(west), KAFKA_NUM_PARTITIONS: '3' },
    '.:/etc/placements',
  ),
  composeWith({ KAFKA_CONFLUENT_OFFSETS_TOPIC_PLACEMENT_CONSTRAINTS: inline(spread) }),
  'services:\n  broker-west-1:\n    environment:\n      KAFKA_NODE_ID: 1\n      KAFKA_BROKER_RACK: north\n',
  clusterFile('', ''),
  clusterFile('"name": "shop", ', ', "topicDefaults": { "min.insync.replicas": 2 }'),
  clusterFile('', ', "survivalGoal": "available-first", "confluentPlatform": "7.6"'),
  clusterFile('', `, "topicDefaults": { "placement": ${inline(spread)} }`),
  '{ "datacenters": { "west": { "racks": ["west", "north"] }, "east": { "brokers": 2, "controlers": 1 } } }',
  'node.id=1\nprocess.roles=broker\nbroker.rack=west\nmin.insync.replicas=2\ncontroller.quorum.voters=1@a:1,2@b:1\n',
  'node.id=2\nprocess.roles=broker,controller\nbroker.rack=east\nmin.insync.replicas=1\ncontroller.quorum.voters=1@a:1,2@b:1\n',
  'kafka_broker:\n  hosts:\n    a:\n      broker_id: 1\n      kafka_broker_custom_properties:\n        broker.rack: west\n    b:\n      broker_id: 2\n      kafka_broker_custom_properties:\n        broker.rack: east\n',
];

const topics: readonly string[] = [
  create('orders', 'p.json', 2),
  create('orders', 'p.json') + create('audit', 'p.json', 2) + create('orders', 'q.json', 1),
  create('orders', './a/p.json', 2, ' --config unclean.leader.election.enable=true'),
  create('orders', '../p.json', '1'),
  create('orders', '/etc/placements/p.json', 2),
  create('orders', '/etc/other/q.json'),
  create('orders', '$FILE') + create('$TOPIC', 'p.json'),
  createInline('orders', west) + createInline('orders', spread),
  createInline('audit', spread) + alter('audit', 'min.insync.replicas=2'),
  alter('orders', 'min.insync.replicas=2'),
  alter('orders', 'min.insync.replicas=1') + alter('audit', 'unclean.leader.election.enable=true'),
  `kafka-topics --alter --topic orders --replica-placement q.json\n`,
  'kafka-configs --alter --entity-type topics --entity-name orders --add-config-file p.json\n',
  'kafka-topics --create --topic orders --partitions 4\n',
  'kafka-topics --create --topic audit --partitions 4 --replication-factor 3\n',
  described('orders', west, 1, ['1,2', '2,1']),
  described('orders', spread, 2, ['1,2,3']) + described('orders', spread, 1, ['1,2,3,4']),
  described('audit', placement({ replicas: { west: 1, east: 1 } }), 2, ['1,3', '7,8']),
  JSON.stringify({ topic_name: 'orders', configs: [{ name: 'min.insync.replicas', value: 2 }] }),
  JSON.stringify({ topic_name: 'audit', configs: [{ name: 'confluent.placement.constraints', value: inline(west) }] }),
  `resource "kafka_topic" "x" {\n  name = "orders"\n  config = {\n    "confluent.placement.constraints" = file("p.json")\n    "min.insync.replicas" = "2"\n  }\n}\n`,
  `apiVersion: platform.confluent.io/v1beta1\nkind: KafkaTopic\nmetadata:\n  name: audit\nspec:\n  configs:\n    min.insync.replicas: "2"\n    confluent.placement.constraints: '${inline(spread)}'\n`,
  `min.insync.replicas=2\nconfluent.placement.constraints=${inline(west)}\n`,
];

const unrelated: readonly string[] = ['', '# notes\n', '{ "a": 1 }', 'a: b\n', 'echo kafka-topics\n', '{ "replicas": '];

const scenarios: readonly string[] = [
  '{ "steps": [] }',
  '{ "cluster": { "datacenters": { "west": { "brokers": [1] } } }, "topic": { "replicas": [1] }, "steps": [{ "at": "0 s", "do": "crash-brokers", "brokers": [1] }] }',
];

/** In several folders, some of one name. */
const names: readonly (readonly [name: string, texts: readonly string[]])[] = [
  ['p.json', placements],
  ['a/p.json', placements],
  ['b/p.json', placements],
  ['b/q.json', placements],
  ['q.json', placements],
  ['docker-compose.yml', clusters],
  ['docker-compose.override.yml', clusters],
  ['a/docker-compose.yml', clusters],
  ['b/x.kafka-cluster.json', clusters],
  ['server-1.properties', clusters],
  ['b/server-2.properties', clusters],
  ['create.sh', topics],
  ['a/create.sh', topics],
  ['a/more.sh', topics],
  ['b/described.txt', topics],
  ['b/topics.tf', topics],
  ['topic.json', topics],
  ['README.md', unrelated],
  ['west-fails.kafka-scenario.json', scenarios],
];

const uriOf = (name: string): string => `file:///w/${name}`;

export type Happening =
  | { readonly kind: 'write'; readonly uri: string; readonly text: string }
  | { readonly kind: 'edit'; readonly nth: number; readonly how: keyof typeof edits }
  | { readonly kind: 'back' | 'remove' | 'lint' | 'move'; readonly nth: number }
  | { readonly kind: 'configure'; readonly settings: Settings }
  | { readonly kind: 'analyse' | 'compare' }
  /** A job in steps begins, and goes on for a while. */
  | { readonly kind: 'begin'; readonly job: 'analysis' | 'lint'; readonly nth: number; readonly steps: number }
  | { readonly kind: 'continue'; readonly nth: number; readonly steps: number }
  | { readonly kind: 'fix'; readonly nth: number; readonly meanwhile: number | null };

const edits = {
  pushDown: (text: string) => `\n${text}`,
  cut: (text: string) => text.slice(0, -1),
  west: (text: string) => text.replace('east', 'west'),
  east: (text: string) => text.replaceAll('west', 'east'),
  twice: (text: string) => text + text,
  count: (text: string) => text.replace('2', '1'),
  topic: (text: string) => text.replace('orders', 'audit'),
  file: (text: string) => text.replace('p.json', 'q.json'),
} satisfies Readonly<Record<string, (text: string) => string>>;

const nth = fc.nat(20);
const steps = fc.nat(30);

function write(more: readonly string[]): fc.Arbitrary<Happening> {
  const all = [...names.flatMap(([, texts]) => texts), ...more];
  const matching = fc.oneof(
    ...names.map(([name, texts]) => fc.record({ name: fc.constant(name), text: fc.constantFrom(...texts) })),
  );
  const any = fc.record({ name: fc.constantFrom(...names.map(([name]) => name)), text: fc.constantFrom(...all) });
  return fc
    .oneof({ arbitrary: matching, weight: 5 }, { arbitrary: any, weight: 1 })
    .map(({ name, text }) => ({ kind: 'write', uri: uriOf(name), text }) as const);
}

const settings: fc.Arbitrary<Settings> = fc.record({
  levels: fc.constantFrom<Settings['levels']>({}, { 'rack-unknown': 'off' }, { 'min-isr-unset': 'error' }),
  assumedMinIsr: fc.constantFrom(null, 2, 3),
  survivalGoal: fc.constantFrom('durable-first' as const, 'available-first' as const),
});

/** @param more texts to write besides those of this file */
export function happenings(more: readonly string[] = [], maxLength = 25): fc.Arbitrary<readonly Happening[]> {
  const weighted = <T>(weight: number, arbitrary: fc.Arbitrary<T>) => ({ weight, arbitrary });
  const kind = <K extends string>(...kinds: [K, ...K[]]) => fc.constantFrom(...kinds);
  const one: fc.Arbitrary<Happening> = fc.oneof(
    weighted(10, write(more)),
    weighted(
      6,
      fc.record({
        kind: kind('edit'),
        nth,
        how: fc.constantFrom(...(Object.keys(edits) as (keyof typeof edits)[])),
      }),
    ),
    weighted(5, fc.record({ kind: kind('back', 'remove', 'lint', 'move'), nth })),
    weighted(1, fc.record({ kind: kind('configure'), settings })),
    weighted(5, fc.record({ kind: kind('analyse', 'compare') })),
    weighted(
      2,
      fc.record({ kind: kind('begin'), job: fc.constantFrom('analysis' as const, 'lint' as const), nth, steps }),
    ),
    weighted(2, fc.record({ kind: kind('continue'), nth, steps })),
    weighted(1, fc.record({ kind: kind('fix'), nth, meanwhile: fc.option(fc.nat(20)) })),
  );
  return fc
    .tuple(
      fc.array(write(more), { minLength: 3, maxLength: 10 }),
      fc.array(one, { minLength: 1, maxLength, size: 'max' }),
    )
    .map(([first, then]) => [...first, ...then]);
}

/** All that an analysis says, as data. */
export function saidBy({ assessments, findings, refused, readings, topicsIn }: Analysis): unknown {
  const uris = [...readings.keys()];
  return {
    assessments: assessments.map(({ deployment, topics: assessed }) => ({
      deployment,
      topics: assessed.map(({ topic, losses, verdict, headroom, limits }) => ({
        topic,
        losses,
        verdict,
        headroom,
        limits,
      })),
    })),
    findings: Object.fromEntries(uris.map((uri) => [uri, findings.get(uri) ?? []])),
    found: [...findings.keys()],
    refused: [...refused],
    topicsIn: Object.fromEntries(
      uris.map((uri) => [uri, topicsIn(uri).map(({ topic, verdict, headroom }) => ({ topic, verdict, headroom }))]),
    ),
    readings: [...readings.values()].map(({ uri, format, declarations }) => ({
      uri,
      format,
      count: declarations.length,
    })),
  };
}

/** Holds what is said after all that happened against what is said of the same files for the first time. */
export type Hold = (told: unknown, expected: unknown, what: string) => void;

/** A workspace to which things happen, and what its files are. */
export class Life {
  readonly workspace = createWorkspace();
  private settings = defaultSettings;
  private readonly files = new Map<string, string>();
  private readonly before = new Map<string, string>();
  private readonly jobs: { readonly job: 'analysis' | 'lint'; readonly steps: Generator<void, unknown> }[] = [];
  private readonly hold: Hold;
  private readonly holdFixes: boolean;

  constructor(hold: Hold, holdFixes = false) {
    this.hold = hold;
    this.holdFixes = holdFixes;
  }

  async happen(happening: Happening): Promise<void> {
    const { workspace } = this;
    switch (happening.kind) {
      case 'write':
        return this.write(happening.uri, happening.text);
      case 'edit': {
        const uri = this.uri(happening.nth);
        return uri === undefined ? undefined : this.write(uri, edits[happening.how](this.files.get(uri)!));
      }
      case 'back': {
        const uri = this.uri(happening.nth);
        const text = this.before.get(uri ?? '');
        return uri === undefined || text === undefined ? undefined : this.write(uri, text);
      }
      case 'remove':
        return this.remove(this.uri(happening.nth));
      case 'move': {
        const uri = this.uri(happening.nth);
        const text = this.files.get(uri ?? '');
        if (uri === undefined || text === undefined) return;
        this.remove(uri);
        return this.write(uri, text);
      }
      case 'configure':
        this.settings = happening.settings;
        workspace.configure(happening.settings);
        return;
      case 'analyse':
        workspace.analyse();
        return;
      case 'lint': {
        const uri = this.uri(happening.nth);
        if (uri !== undefined) this.hold(workspace.lint(uri), (await this.anew()).lint(uri), `lint ${uri}`);
        return;
      }
      case 'compare':
        return this.compare();
      case 'begin': {
        const job = workspace.analyseInSteps();
        const uri = this.uri(happening.nth);
        if (happening.job === 'analysis') this.jobs.push({ job: 'analysis', steps: job });
        else if (uri !== undefined) this.jobs.push({ job: 'lint', steps: workspace.lintInSteps(uri) });
        return this.proceed(this.jobs.length - 1, happening.steps);
      }
      case 'continue':
        return this.proceed(happening.nth, happening.steps);
      case 'fix':
        return this.fix(happening.nth, happening.meanwhile);
    }
  }

  /** Holds the analysis against that of a workspace that gets the files as they are now. */
  async compare(): Promise<void> {
    this.hold(saidBy(this.workspace.analyse()), saidBy((await this.anew()).analyse()), 'analysis');
  }

  private async anew(): Promise<Workspace> {
    const fresh = createWorkspace(this.settings);
    for (const [uri, text] of this.files) await fresh.setFile(uri, text);
    return fresh;
  }

  private uri(index: number): string | undefined {
    return [...this.files.keys()][index % Math.max(1, this.files.size)];
  }

  private async write(uri: string, text: string): Promise<void> {
    this.before.set(uri, this.files.get(uri) ?? '');
    this.files.set(uri, text);
    await this.workspace.setFile(uri, text);
  }

  private remove(uri: string | undefined): void {
    if (uri === undefined) return;
    this.files.delete(uri);
    this.workspace.removeFile(uri);
  }

  private async proceed(index: number, count: number): Promise<void> {
    const running = this.jobs[index % Math.max(1, this.jobs.length)];
    if (running === undefined) return;
    for (let n = 0; n < count; n++) {
      const step = running.steps.next();
      if (step.done !== true) continue;
      this.jobs.splice(this.jobs.indexOf(running), 1);
      if (running.job === 'analysis') {
        this.hold(saidBy(step.value as Analysis), saidBy((await this.anew()).analyse()), 'analysis in steps');
      }
      return;
    }
  }

  /** Asks for the fixes of a finding; meanwhile, files may change. */
  private async fix(index: number, meanwhile: number | null): Promise<void> {
    const findings = (analysis: Analysis): readonly Finding[] => [...analysis.findings.values()].flat();
    const all = findings(this.workspace.analyse());
    const finding = all[index % Math.max(1, all.length)];
    if (finding === undefined) return;
    let pauses = 0;
    const fixes = await this.workspace.fixes(finding, async () => {
      if (meanwhile === null || pauses++ !== meanwhile) return;
      await this.happen({ kind: 'edit', nth: index, how: 'pushDown' });
      drain(this.workspace.analyseInSteps());
    });
    if (meanwhile !== null || !this.holdFixes) return;
    const fresh = await this.anew();
    const same = findings(fresh.analyse())[index % Math.max(1, all.length)]!;
    this.hold(fixes, await fresh.fixes(same), `fixes ${finding.code}`);
  }
}
