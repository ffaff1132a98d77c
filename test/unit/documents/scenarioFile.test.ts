import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readDocument } from '../../../src/documents/read';
import {
  openQuestions,
  type ScenarioAction,
  scenarioLimits,
  timeSettings,
} from '../../../src/documents/scenarioDeclaration';
import { readScenarioFile } from '../../../src/documents/scenarioFile';
import { actionNames } from '../../../src/documents/scenarioSteps';

const cluster =
  '"cluster": { "datacenters": { "west": { "brokers": [1, 2, 3], "controllers": [101] }, "east": { "brokers": [4, 5] } } }';
const topic = '"topic": { "replicas": [1, 2, 4, 5], "observers": [5], "min.insync.replicas": 2 }';

/** A scenario with one part written, the others as they should be. */
const withSteps = (steps: string): string => `{ ${cluster}, ${topic}, "steps": ${steps} }`;
const withTopic = (written: string): string => `{ ${cluster}, "topic": ${written}, "steps": [] }`;
const withCluster = (written: string): string => `{ "cluster": ${written}, ${topic}, "steps": [] }`;
const withSettings = (settings: string): string => `{ ${cluster}, ${topic}, "settings": ${settings}, "steps": [] }`;

/** What is wrong, each with the text it stands at. */
function problems(text: string): readonly string[] {
  return readScenarioFile(text).problems.map(({ span, ...problem }) => {
    const said = 'message' in problem ? problem.message : problem.limit;
    return `${text.slice(span.start, span.end)}: ${said}`;
  });
}

/** The actions of the steps, without the places they were read from. */
function actions(steps: string): readonly unknown[] {
  const text = withSteps(steps);
  expect(problems(text)).toEqual([]);
  const plain = (action: ScenarioAction): unknown =>
    JSON.parse(JSON.stringify(action, (_, value) => (value?.span === undefined ? value : value.value)));
  return readScenarioFile(text).scenario?.steps.map(({ when, action }) => [when, plain(action)]) ?? [];
}

describe('a scenario file', () => {
  it('says which cluster, which topic, and what befalls them', () => {
    const text = `{
      // Comments and trailing commas are welcome.
      "name": "A bad day",
      ${cluster},
      ${topic},
      "steps": [{ "at": "0 s", "do": "lose-datacenter", "datacenter": "west" }],
    }`;
    const { scenario, problems: found } = readScenarioFile(text);
    expect(found).toEqual([]);
    expect(scenario?.name?.value).toBe('A bad day');
    expect(scenario?.cluster.kind).toBe('inline');
    expect(scenario?.topic).toMatchObject({ replicas: { kind: 'listed' }, minIsr: { value: 2 }, leader: null });
  });

  it('names the files of a cluster and of a placement', () => {
    const text =
      '{ "cluster": ["a.kafka-cluster.json", "compose.yml"], "topic": { "placement": "p.json" }, "steps": [] }';
    const { scenario, problems: found } = readScenarioFile(text);
    expect(found).toEqual([]);
    expect(scenario?.cluster).toMatchObject({ paths: [{ value: 'a.kafka-cluster.json' }, { value: 'compose.yml' }] });
    expect(scenario?.topic.replicas).toMatchObject({ kind: 'placement-file', path: { value: 'p.json' } });
  });

  it('takes a placement as it stands in a topic', () => {
    const placement = '{ "version": 2, "replicas": [{ "count": 2, "constraints": { "rack": "west" } }] }';
    const { scenario } = readScenarioFile(withTopic(`{ "placement": ${placement} }`));
    expect(scenario?.topic.replicas).toMatchObject({
      placement: { placement: { replicas: [{ count: 2, rack: 'west' }] } },
    });
  });
});

describe('a step', () => {
  it('happens at a time, or once all has settled; the first at once', () => {
    const when = actions(`[
      { "do": "crash-brokers", "brokers": [1] },
      { "at": "500 ms", "do": "crash-brokers", "brokers": [2] },
      { "at": "1.5 min", "do": "return-brokers", "brokers": [1] },
      { "when": "settled", "do": "return-brokers", "brokers": [2] },
      { "at": "2 h", "do": "stop-brokers", "brokers": [4] }
    ]`).map((step) => (Array.isArray(step) ? step[0] : step));
    expect(when).toEqual([0, 500, 90_000, 'settled', 7_200_000]);
  });

  it('does what it is told, with what is usual where it does not say', () => {
    expect(
      actions(`[
        { "at": "0 s", "do": "lose-datacenter", "datacenter": "west" },
        { "at": "1 s", "do": "power-loss", "brokers": [4] },
        { "at": "2 s", "do": "cut-link", "between": ["west", "east"] },
        { "at": "3 s", "do": "cut-off-brokers", "brokers": [5], "withControllers": false },
        { "at": "4 s", "do": "set-min-isr", "min.insync.replicas": 1 },
        { "at": "4 s", "do": "set-unclean-election", "unclean.leader.election.enable": true },
        { "at": "5 s", "do": "elect-leader", "election": "unclean" },
        { "at": "6 s", "do": "lose-controllers", "controllers": [101] },
        { "at": "7 s", "do": "reassign", "replicas": [1, 2, 3], "observers": [3] }
      ]`),
    ).toEqual([
      [0, { do: 'lose-datacenter', datacenter: 'west', withControllers: true, lostRecords: 0 }],
      [1_000, { do: 'power-loss', brokers: [4], lostRecords: 1 }],
      [2_000, { do: 'cut-link', between: ['west', 'east'], scope: 'both' }],
      [3_000, { do: 'cut-off-brokers', brokers: [5], withControllers: false }],
      [4_000, { do: 'set-min-isr', minIsr: 1 }],
      [4_000, { do: 'set-unclean-election', enabled: true }],
      [5_000, { do: 'elect-leader', election: 'unclean' }],
      [6_000, { do: 'lose-controllers', controllers: [101] }],
      [7_000, { do: 'reassign', replicas: [1, 2, 3], observers: [3] }],
    ]);
  });

  it.each([
    [
      '[{ "do": "loose-datacenter" }]',
      '"loose-datacenter": Nothing is called "loose-datacenter". Did you mean lose-datacenter?',
    ],
    [
      '[{ "do": "heal-link", "betwen": ["west", "east"] }]',
      '"betwen": "betwen" is not a name that "heal-link" knows. Did you mean between?',
    ],
    ['[{ "do": "crash-brokers" }]', '{: "brokers" is missing: "brokers": [1, 2].'],
    ['[{ "do": "crash-brokers", "brokers": [] }]', '[]: brokers is empty: name at least one.'],
    ['[{ "do": "crash-brokers", "brokers": [1, 1] }]', '1: 1 is listed twice.'],
    ['[{ "do": "crash-brokers", "brokers": [7] }]', '7: No broker has the id 7; there are 1, 2, 3, 4, 5.'],
    ['[{ "do": "lose-controllers", "controllers": [1] }]', '1: No controller has the id 1; there are 101.'],
    [
      '[{ "do": "lose-datacenter", "datacenter": "Wset" }]',
      '"Wset": No datacenter is called "Wset". Did you mean west?',
    ],
    ['[{ "do": "cut-link", "between": ["west"] }]', '["west"]: A link is between two datacenters: ["west", "east"].'],
    [
      '[{ "do": "elect-leader", "election": "dirty" }]',
      '"dirty": "dirty" is no election. Write one of preferred, unclean.',
    ],
    [
      '[{ "at": 12, "do": "crash-brokers", "brokers": [1] }]',
      '12: A time has a number and its unit: "500 ms", "12 s", "2 min" or "1 h".',
    ],
    ['[{ "at": "25 h", "do": "crash-brokers", "brokers": [1] }]', '"25 h": A scenario lasts at most "24 h".'],
    [
      '[{ "when": "setled", "do": "crash-brokers", "brokers": [1] }]',
      '"setled": "setled" is no moment. Write "settled".',
    ],
    [
      '["west burns"]',
      '"west burns": A step is an object: { "at": "0 s", "do": "lose-datacenter", "datacenter": "west" }.',
    ],
    ['{}', '{}: steps is a list: [{ "at": "0 s", "do": "lose-datacenter", … }].'],
  ])('is told what is wrong: %s', (steps, problem) => {
    expect(problems(withSteps(steps))).toContain(problem);
  });

  it('says when it happens, in order', () => {
    const crash = '"do": "crash-brokers", "brokers": [1]';
    expect(problems(withSteps(`[{ ${crash} }, { ${crash} }]`))).toEqual([
      '{: Say when: "at": "12 s", or "when": "settled".',
    ]);
    expect(problems(withSteps(`[{ "at": "9 s", ${crash} }, { "at": "8 s", ${crash} }]`))).toEqual([
      '"8 s": Steps stand in the order of their times; this one is earlier than the step before.',
    ]);
    expect(problems(withSteps(`[{ "at": "9 s", "when": "settled", ${crash} }]`))).toEqual([
      '"when": A step has either a time, "at", or "when": "settled".',
    ]);
  });
});

describe('the topic of a scenario', () => {
  it.each([
    ['{ "replicas": [1, 9] }', '9: No broker has the id 9; there are 1, 2, 3, 4, 5.'],
    [
      '{ "replicas": [1, 2], "observers": [3] }',
      '3: Observer 3 is not among the replicas; they list all, observers last.',
    ],
    [
      '{ "replicas": [1, 2, 3], "observers": [1] }',
      '1: Observer 1 stands before a sync replica; replicas list observers last.',
    ],
    ['{ "replicas": [1], "observers": [1] }', '1: A partition has at least one replica that is no observer.'],
    ['{ "replicas": [1, 2], "isr": [3] }', '3: 3 is in the ISR, but not among the replicas.'],
    ['{ "replicas": [1, 2], "isr": [1], "leader": 2 }', '2: 2 leads, but is not in the ISR 1.'],
    ['{ "min.insync.replicas": 2 }', '{: Say where the replicas are: "replicas": [1, 2, 3], or a "placement".'],
    [
      '{ "replicas": [1], "min.insync.replica": 2 }',
      '"min.insync.replica": "min.insync.replica" is not a name that a topic knows. Did you mean min.insync.replicas?',
    ],
    ['{ "replicas": [1], "min.insync.replicas": 0 }', '0: min.insync.replicas is a whole number from 1 to 50.'],
    [
      '{ "replicas": [1], "observerPromotionPolicy": "under_min_isr" }',
      '"under_min_isr": "under_min_isr" is no observer promotion policy. Write "under-min-isr".',
    ],
    [
      '{ "placement": "p.json", "leader": 1 }',
      '"leader": leader cannot stand beside a placement: list the replicas by id.',
    ],
  ])('is told what is wrong: %s', (written, problem) => {
    expect(problems(withTopic(written))).toContain(problem);
  });
});

describe('the cluster of a scenario', () => {
  it('is read as a cluster file is', () => {
    expect(
      problems(withCluster('{ "datacenters": { "west": { "brokers": [1, 2, 4, 5], "controlers": [9] } } }')),
    ).toEqual(['"controlers": "controlers" is not a name that a datacenter knows. Did you mean controllers?']);
    expect(problems(withCluster('7'))).toEqual([
      '7: A cluster is the path of its file, a list of such paths, or { "datacenters": { … } }.',
    ]);
  });

  it('has a bound', () => {
    const [problem] = problems(withCluster('{ "datacenters": { "west": { "brokers": 501 } } }'));
    expect(problem).toContain('A scenario has at most 500 brokers and controllers.');
  });
});

describe('the settings of a scenario', () => {
  it('go by the names of Kafka', () => {
    const text = withSettings(`{
      "kafkaVersion": "3.9", "eligible.leader.replicas.version": 0, "auto.leader.rebalance.enable": false,
      "broker.session.timeout.ms": 18000, "catchUp": ["10 s", "2 min"], "order": [2, 1],
      "openQuestions": { "demotion": "all-at-threshold" }
    }`);
    expect(problems(text)).toEqual([]);
    const settings = readScenarioFile(text).scenario?.settings;
    expect(settings?.times.get('broker.session.timeout.ms')?.value).toBe(18_000);
    expect(settings).toMatchObject({
      kafkaVersion: { value: '3.9' },
      eligibleLeaderReplicas: { value: false },
      autoLeaderRebalance: { value: false },
      catchUpMs: { best: 10_000, worst: 120_000 },
      openQuestions: { demotion: 'all-at-threshold' },
    });
  });

  it.each([
    [
      '{ "broker.session.timeout": 1 }',
      '"broker.session.timeout": "broker.session.timeout" is not a name that settings knows. Did you mean broker.session.timeout.ms?',
    ],
    [
      '{ "broker.session.timeout.ms": "9 s" }',
      '"9 s": broker.session.timeout.ms is a whole number from 1 to 86400000.',
    ],
    [
      '{ "broker.session.timeout.ms": 1500 }',
      '1500: broker.heartbeat.interval.ms must be shorter than broker.session.timeout.ms, or every broker is fenced.',
    ],
    ['{ "kafkaVersion": 3.9 }', '3.9: Write the version in quotes, "3.9": as a number, 3.10 would be 3.1.'],
    [
      '{ "catchUp": ["2 min", "1 s"] }',
      '["2 min", "1 s"]: catchUp is a time, "30 s", or the best and the worst case, ["10 s", "2 min"].',
    ],
    [
      '{ "openQuestions": { "demotion": "all" } }',
      '"all": "all" is no reading of this. Write one of one-by-one, all-at-threshold.',
    ],
    ['{ "activeController": 1 }', '1: No controller has the id 1; there are 101.'],
  ])('are told what is wrong: %s', (settings, problem) => {
    expect(problems(withSettings(settings))).toContain(problem);
  });
});

describe('a hostile scenario file', () => {
  it('has a bound on its steps', () => {
    const step = '{ "at": "0 s", "do": "crash-brokers", "brokers": [1] }';
    const text = withSteps(`[${Array.from({ length: 10_000 }, () => step).join()}]`);
    expect(readScenarioFile(text).scenario?.steps).toHaveLength(scenarioLimits.stepsMax);
    expect(problems(text)).toHaveLength(1);
  });

  it('is not followed into its depth', () => {
    expect(readScenarioFile('['.repeat(100_000)).problems).toMatchObject([{ kind: 'limit', limit: 'nesting' }]);
  });

  it('is read to its end, whatever stands in it, and every problem stands in the text', () => {
    const pieces = [
      '{',
      '}',
      '[',
      ']',
      ',',
      ':',
      '"steps"',
      '"do"',
      '"at"',
      '"crash-brokers"',
      '"__proto__"',
      '1e99',
      '-1',
      'null',
      '"0 s"',
      '//',
    ];
    const piece = fc.oneof(fc.constantFrom(...pieces), fc.string());
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (parts) => {
        const text = parts.join(' ');
        for (const { span } of readScenarioFile(text).problems) {
          expect(0 <= span.start && span.start <= span.end && span.end <= text.length).toBe(true);
        }
      }),
    );
  });

  it('may hold any JSON in any of its places', () => {
    const good = JSON.parse(withSteps('[{ "at": "0 s", "do": "crash-brokers", "brokers": [1] }]'));
    fc.assert(
      fc.property(fc.constantFrom('cluster', 'topic', 'steps', 'settings', 'name'), fc.jsonValue(), (key, value) => {
        const text = JSON.stringify({ ...good, [key]: value });
        expect(() => readScenarioFile(text)).not.toThrow();
      }),
    );
  });
});

describe('what else knows scenario files', () => {
  it('is the table of readers: the editor shows what is wrong', async () => {
    const reading = await readDocument('file:///w/bad-day.kafka-scenario.json', '{ "steps": [] }');
    expect(reading).toMatchObject({ format: 'scenario-file', declarations: [] });
    expect(reading.problems).toHaveLength(2);
  });

  it('is the schema, by the same names', () => {
    const schema = JSON.parse(readFileSync('media/kafka-scenario.schema.json', 'utf8'));
    const { do: action } = schema.definitions.step.properties;
    expect(action.enum).toEqual(actionNames);
    expect(action.enumDescriptions).toHaveLength(actionNames.length);
    const settings = schema.properties.settings.properties;
    expect(Object.keys(settings)).toEqual(expect.arrayContaining([...timeSettings]));
    const questions = settings.openQuestions.properties;
    expect(Object.fromEntries(Object.keys(questions).map((name) => [name, questions[name].enum]))).toEqual(
      openQuestions,
    );
    expect(schema.properties.steps.maxItems).toBe(scenarioLimits.stepsMax);
  });
});
