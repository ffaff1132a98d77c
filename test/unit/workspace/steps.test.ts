import { describe, expect, it } from 'vitest';
import type { Analysis } from '../../../src/workspace/api';
import { createWorkspace } from '../../../src/workspace/workspace';

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
