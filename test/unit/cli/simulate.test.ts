import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Ran, runIn } from './files';

/** The workspace that comes with the project, as files under `/w/samples`. */
const samples = Object.fromEntries(
  readdirSync('samples', { recursive: true, encoding: 'utf8', withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).replaceAll('\\', '/'))
    .map((path) => [`/w/${path}`, readFileSync(path, 'utf8')]),
);

/** Three brokers in one place, min ISR 1, and whatever is said beyond that. */
function threeBrokers(
  steps: readonly object[],
  more: { readonly topic?: object; readonly settings?: object } = {},
): string {
  return JSON.stringify({
    name: 'Three brokers',
    cluster: { datacenters: { west: { brokers: [1, 2, 3] } } },
    topic: { name: 'orders', replicas: [1, 2, 3], 'min.insync.replicas': 1, ...more.topic },
    settings: more.settings ?? {},
    steps,
  });
}

/** All but the last replica are down, and that one loses power and the end of its log. */
const lastReplicaStanding = threeBrokers([
  { at: '0 s', do: 'stop-brokers', brokers: [2, 3] },
  { when: 'settled', do: 'power-loss', brokers: [1], lostRecords: 3 },
  { when: 'settled', do: 'return-brokers', brokers: [1] },
]);

const simulate = (text: string, ...options: readonly string[]): Promise<Ran> =>
  runIn({ '/w/a.kafka-scenario.json': text }, ['simulate', 'a.kafka-scenario.json', ...options]);

/** What `--format json` prints, as far as these tests look at it. */
interface Played {
  readonly version: number;
  readonly steps: readonly { readonly cause: { readonly kind: string }; readonly describe: string }[];
  readonly clients: { readonly lost: readonly { readonly acks: string; readonly reason: string }[] };
  readonly ifNeverReturned: { readonly clients: { readonly writesAtEnd: boolean } } | null;
}

const played = async (text: string): Promise<Played> => JSON.parse((await simulate(text, '--format', 'json')).out);

describe('simulate prints', () => {
  it.each(['west-lost-and-back', 'link-cut'])('the sample %s', async (name) => {
    const { code, out, err } = await runIn(samples, ['simulate', `samples/scenarios/${name}.kafka-scenario.json`]);
    expect([code, err]).toEqual([0, '']);
    await expect(out).toMatchFileSnapshot(`__snapshots__/${name}.txt`);
  });

  it('the loss of acknowledged records', async () => {
    const { code, out } = await simulate(lastReplicaStanding);
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot('__snapshots__/last-replica-standing.txt');
  });

  it('the same for programs', async () => {
    const { code, out } = await simulate(lastReplicaStanding, '--format', 'json');
    expect(code).toBe(1);
    await expect(out).toMatchFileSnapshot('__snapshots__/last-replica-standing.json.snap');
  });

  it('the same bytes for the same input', async () => {
    const kinds = [
      'crash-brokers',
      'stop-brokers',
      'return-brokers',
      'freeze-brokers',
      'resume-brokers',
      'slow-replicas',
    ];
    const step = fc.record({
      when: fc.constant('settled'),
      do: fc.constantFrom(...kinds),
      brokers: fc.uniqueArray(fc.constantFrom(1, 2, 3), { minLength: 1 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 5 }), fc.constantFrom('text', 'json'), async (steps, format) => {
        const [one, other] = [
          await simulate(threeBrokers(steps), '--format', format),
          await simulate(threeBrokers(steps), '--format', format),
        ];
        expect(one.code).toBeLessThan(2);
        expect(one).toEqual(other);
      }),
      { numRuns: 15 },
    );
  });
});

describe('simulate ends', () => {
  const crash = { at: '0 s', do: 'crash-brokers', brokers: [1] };

  it('with 0 where nothing is lost and writes came back', async () => {
    expect((await simulate(threeBrokers([crash]))).code).toBe(0);
  });

  it('with 1 where writes stay away', async () => {
    const { code, out } = await simulate(threeBrokers([crash], { topic: { 'min.insync.replicas': 3 } }));
    expect(code).toBe(1);
    expect(out).toContain('At the end acks=all writes are not accepted.');
  });

  it('with 1 where records are lost, though writes came back', async () => {
    const { clients } = await played(lastReplicaStanding);
    expect(clients.lost).toContainEqual(expect.objectContaining({ acks: 'all', reason: 'last-replica-standing' }));
  });

  it('with what would be if nothing came back, where something does', async () => {
    expect((await played(threeBrokers([crash]))).ifNeverReturned).toBeNull();
    const all = { at: '0 s', do: 'crash-brokers', brokers: [1, 2, 3] };
    const back = { when: 'settled', do: 'return-brokers', brokers: [1, 2, 3] };
    expect((await played(threeBrokers([all, back]))).ifNeverReturned?.clients.writesAtEnd).toBe(false);
  });
});

describe('a state is printed', () => {
  const last = async (settings: object, topic: object = {}): Promise<string | undefined> =>
    (
      await played(threeBrokers([{ at: '0 s', do: 'crash-brokers', brokers: [1, 2, 3] }], { settings, topic }))
    ).steps.at(-1)?.describe;

  it('as Apache Kafka does, by its version', async () => {
    const state = '\tTopic: orders\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: 3';
    expect(await last({ kafkaVersion: '3.6' })).toBe(state);
    expect(await last({ kafkaVersion: '3.9' })).toBe(`${state}\tElr: N/A\tLastKnownElr: N/A`);
    expect(await last({ kafkaVersion: '4.1' })).toBe(`${state}\tElr: \tLastKnownElr: `);
  });

  it('with eligible leader replicas where the feature is on', async () => {
    expect(await last({ 'eligible.leader.replicas.version': 1 }, { 'min.insync.replicas': 2 })).toBe(
      '\tTopic: orders\tPartition: 0\tLeader: none\tReplicas: 1,2,3\tIsr: \tElr: 2,3\tLastKnownElr: 3',
    );
  });

  it('as Confluent Server does where there are observers', async () => {
    expect(await last({ kafkaVersion: '3.6' }, { observers: [3] })).toContain('\tIsr: 2\tOffline: 1,2,3\tObservers: 3');
  });
});

describe('simulate cannot run', () => {
  it.each([
    ['{', /^a\.kafka-scenario\.json:1:1 error This \{ is never closed/],
    ['{}', /1:1 error Say which cluster/],
    ['[[[[', /error/],
    ['', /error Nothing is written here/],
    [
      threeBrokers([{ at: '0 s', do: 'crash-brokers', brokers: [9] }]),
      /error No broker has the id 9; there are 1, 2, 3\./,
    ],
    [
      threeBrokers([], { settings: { kafkaVersion: '3.9', 'eligible.leader.replicas.version': 1 } }),
      /needs Apache Kafka 4\.0/,
    ],
    ['{ "cluster": "no.json", "topic": { "replicas": [1] }, "steps": [] }', /1:14 error There is no file no\.json/],
    [
      '{ "cluster": "a.kafka-scenario.json", "topic": { "replicas": [1] }, "steps": [] }',
      /error No cluster is described/,
    ],
    [
      '{ "cluster": "\\u0000\\u001b[2J", "topic": { "replicas": [1] }, "steps": [] }',
      /error There is no file \ufffd\ufffd\[2J/,
    ],
  ])('with %s', async (text, message) => {
    const { code, out, err } = await simulate(text);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(message);
  });

  it('without a file, or with more than one', async () => {
    const ran = (...argv: readonly string[]): Promise<Ran> => runIn({}, ['simulate', ...argv]);
    expect(await ran()).toMatchObject({ code: 2, err: expect.stringContaining('Say which scenario') });
    expect(await ran('a.json', 'b.json')).toMatchObject({ code: 2, err: expect.stringContaining('One scenario') });
    expect(await ran('a.json')).toMatchObject({ code: 2, err: expect.stringContaining('There is no file "a.json"') });
    expect(await ran('a.json', '--all')).toMatchObject({ code: 2, err: expect.stringContaining('--all is for check') });
    expect(await ran('a.json', '--format', 'xml')).toMatchObject({
      code: 2,
      err: expect.stringContaining('text or json'),
    });
  });

  it('where a placement does not fit the cluster', async () => {
    const scenario = {
      cluster: { datacenters: { west: { brokers: [1, 2] } } },
      topic: { placement: { version: 2, replicas: [{ count: 3, constraints: { rack: 'west' } }] } },
      steps: [],
    };
    expect((await simulate(JSON.stringify(scenario))).err).toContain('The rack west has too few brokers');
  });
});

describe('names from files', () => {
  it('cannot move the cursor of the terminal', async () => {
    const { out } = await simulate(threeBrokers([], { topic: { name: '\u001b[2Jorders\u202e' } }));
    expect(out).toContain('\ufffd[2Jorders\ufffd');
    expect(out).not.toContain('\u001b');
    expect(out).not.toContain('\u202e');
  });
});
