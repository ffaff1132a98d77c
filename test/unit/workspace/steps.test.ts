import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drain } from '../../../src/analysis/steps';
import type { DocumentReading } from '../../../src/documents/declaration';
import { readDocument } from '../../../src/documents/read';
import type { Placement } from '../../../src/kafka/placement';
import { checkClusterInSteps } from '../../../src/rules/check';
import type { Analysis, Workspace } from '../../../src/workspace/api';
import { link, linkInSteps } from '../../../src/workspace/link';
import { LinkMemory } from '../../../src/workspace/linkMemory';
import { createWorkspace, defaultSettings } from '../../../src/workspace/workspace';
import { compose, create, placement as placementText } from '../rules/texts';

const placement = (count: number): string =>
  `{ "version": 2, "replicas": [{ "count": ${count}, "constraints": { "rack": "west" } }, { "count": 2, "constraints": { "rack": "east" } }] }`;

async function workspaceOf(texts: Readonly<Record<string, string>>) {
  const workspace = createWorkspace();
  for (const [name, text] of Object.entries(texts)) await workspace.setFile(`file:///${name}.json`, text);
  return workspace;
}

/** All that an analysis says of topics, as data. */
function answersOf({ assessments }: Analysis) {
  return assessments.map(({ deployment, topics }) => ({
    deployment,
    topics: topics.map(({ everyFailure, everyFailureInSteps: _, ...answer }) => ({ ...answer, ...everyFailure() })),
  }));
}

const three = { a: placement(1), b: placement(2), c: placement(3) };

describe('the cheap rules in steps', () => {
  it('find what they find at once, with pauses while a large workspace is linked', async () => {
    const many = Object.fromEntries(Array.from({ length: 200 }, (_, index) => [`p${index}`, placement(1)]));
    const broken = { ...three, ...many, b: placement(2).replace('"count": 2', '"count": "two"') };
    const steps = (await workspaceOf(broken)).lintInSteps('file:///b.json');
    let step = steps.next();
    let count = 0;
    for (; step.done !== true; step = steps.next()) count += 1;
    expect(count).toBeGreaterThan(3);
    expect(step.value).not.toEqual([]);
    expect(step.value).toEqual((await workspaceOf(broken)).lint('file:///b.json'));
  });
});

describe('an analysis in steps', () => {
  it('comes to what an analysis at once comes to', async () => {
    const steps = (await workspaceOf(three)).analyseInSteps();
    let step = steps.next();
    let count = 0;
    for (; step.done !== true; step = steps.next()) count += 1;

    const atOnce = (await workspaceOf(three)).analyse();
    const losses = atOnce.assessments.flatMap(({ topics }) => topics.flatMap((topic) => topic.losses));
    expect(count).toBeGreaterThanOrEqual(losses.length);
    expect(answersOf(step.value)).toEqual(answersOf(atOnce));
    expect(step.value.findings).toEqual(atOnce.findings);
  });

  it('has no steps when nothing changed', async () => {
    const workspace = await workspaceOf(three);
    const analysis = workspace.analyse();
    expect(workspace.analyseInSteps().next()).toEqual({ done: true, value: analysis });
  });

  it('sees what changes under it', async () => {
    const workspace = await workspaceOf(three);
    const steps = workspace.analyseInSteps();
    steps.next();
    workspace.removeFile('file:///c.json');
    let step = steps.next();
    while (step.done !== true) step = steps.next();
    expect(step.value.assessments.flatMap(({ topics }) => topics)).toHaveLength(2);
    expect(workspace.analyse()).toBe(step.value);
  });
});

/** A folder with something for every part of an analysis: a cluster, commands, a description, and placements of nobody. */
const folder: Readonly<Record<string, string>> = {
  'docker-compose.yml': compose({ west: 3, east: 3 }, { west: 2, east: 1 }),
  'spread.json': placementText({ replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 } }),
  'lonely.json': placementText({ replicas: { west: 3, esat: 1 } }),
  'create.sh': create('orders', 'spread.json', 3) + create('payments', 'spread.json') + create('orders', 'spread.json'),
  'apart/one.json': placementText({ replicas: { north: 2 } }),
  'apart/described.txt': `Topic: audit\tPartitionCount: 1\tReplicationFactor: 2\tConfigs: min.insync.replicas=2,confluent.placement.constraints={"version":1,"replicas":[{"count":2,"constraints":{"rack":"north"}}]}\n\tTopic: audit\tPartition: 0\tLeader: 1\tReplicas: 1,2\tIsr: 1,2\n`,
};

type Change = (workspace: Workspace) => unknown;

const write =
  (name: string, text: string): Change =>
  (workspace) =>
    workspace.setFile(`file:///w/${name}`, text);

const changes: Readonly<Record<string, Change>> = {
  'a placement changes': write('spread.json', placementText({ replicas: { west: 4 }, observers: { east: 2 } })),
  'a placement breaks': write('spread.json', '{ "version": 2, "replicas": ['),
  'a placement goes': (workspace) => workspace.removeFile('file:///w/spread.json'),
  'a placement comes': write('more.json', placementText({ replicas: { east: 1 } })),
  'the cluster changes': write('docker-compose.yml', compose({ west: 2, east: 2, esat: 1 })),
  'the cluster goes': (workspace) => workspace.removeFile('file:///w/docker-compose.yml'),
  'commands change': write('create.sh', create('orders', 'lonely.json', 1)),
  'a description goes': (workspace) => workspace.removeFile('file:///w/apart/described.txt'),
  'settings change': (workspace) => workspace.configure({ ...defaultSettings, assumedMinIsr: 2 }),
  'an analysis at once is asked for': (workspace) => workspace.analyse(),
  'a file is looked over': (workspace) => workspace.lint('file:///w/lonely.json'),
};

async function wholeFolder(): Promise<Workspace> {
  const workspace = createWorkspace();
  for (const [name, text] of Object.entries(folder)) await workspace.setFile(`file:///w/${name}`, text);
  return workspace;
}

/** What is said of the files, with how many states were examined for it: whatever was asked before makes no difference. */
function saidOf(analysis: Analysis) {
  return { answers: answersOf(analysis), findings: analysis.findings, readings: [...analysis.readings.keys()] };
}

describe('an analysis in steps under which files change', () => {
  it('is that of the files as they are in the end, wherever the changes happen', async () => {
    const steps = (await wholeFolder()).analyseInSteps();
    let count = 1;
    while (steps.next().done !== true) count += 1;
    const happening = fc.tuple(fc.nat(count), fc.constantFrom(...Object.keys(changes)));
    await fc.assert(
      fc.asyncProperty(fc.array(happening, { minLength: 1, maxLength: 3 }), async (happenings) => {
        const workspace = await wholeFolder();
        const afterwards = await wholeFolder();
        const inSteps = workspace.analyseInSteps();
        let step = { done: false } as IteratorResult<void, Analysis>;
        for (const [after, name] of happenings) {
          for (let n = 0; n < after && step.done !== true; n++) step = inSteps.next();
          await changes[name]!(workspace);
          await changes[name]!(afterwards);
        }
        // What comes after the end is for the next analysis.
        const analysis = step.done === true ? drain(workspace.analyseInSteps()) : drain(inSteps);
        expect(saidOf(analysis)).toEqual(saidOf(afterwards.analyse()));
        expect(workspace.analyse()).toBe(analysis);
      }),
      { numRuns: 60 },
    );
  });
});

/** The most that a count grows between two yields. */
function mostBetweenYields(steps: Iterator<void, unknown>, count: () => number): number {
  let most = 0;
  for (let done = false, before = count(); !done; before = count()) {
    done = steps.next().done === true;
    most = Math.max(most, count() - before);
  }
  return most;
}

const itemsPerStepMax = 50;

describe('between two steps', async () => {
  const inline = JSON.stringify(JSON.parse(placementText({ replicas: { west: 2, east: 2 } })));
  const commands = Array.from(
    { length: 400 },
    (_, n) => `kafka-topics --create --topic t${n} --config confluent.placement.constraints='${inline}'\n`,
  );
  const readings = new Map<string, DocumentReading>();
  readings.set('a.sh', await readDocument('a.sh', commands.join('')));
  readings.set('docker-compose.yml', await readDocument('docker-compose.yml', compose({ west: 3, east: 3 })));

  it('no more than so many topics are linked', () => {
    class CountingMemory extends LinkMemory {
      linked = 0;

      override interned(placed: Placement): Placement {
        this.linked += 1;
        return super.interned(placed);
      }
    }
    const memory = new CountingMemory();
    const most = mostBetweenYields(linkInSteps(readings, defaultSettings, memory), () => memory.linked);
    expect(memory.linked).toBe(400);
    expect(most).toBeLessThanOrEqual(itemsPerStepMax);
  });

  it('no more than so many placements and commands are checked', () => {
    const [linked] = link(readings, defaultSettings);
    expect([linked!.placements.length, linked!.commands.length]).toEqual([400, 400]);
    const checked = new Set<unknown>();
    const counting = <T extends { readonly drafts: (...given: never[]) => unknown }>(facts: T): T => ({
      ...facts,
      drafts: (...given: never[]) => {
        checked.add(facts);
        return facts.drafts(...given);
      },
    });
    const steps = checkClusterInSteps({
      facts: linked!.facts,
      nodes: linked!.source!,
      placements: linked!.placements.map(counting),
      commands: linked!.commands.map(counting),
      described: [],
      topics: [],
    });
    expect(mostBetweenYields(steps, () => checked.size)).toBeLessThanOrEqual(itemsPerStepMax);
    expect(checked.size).toBe(800);
  });
});
