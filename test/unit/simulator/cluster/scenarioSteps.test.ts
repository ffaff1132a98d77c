import { describe, expect, it } from 'vitest';
import type { Fault } from '../../../../src/simulator/cluster/scenario/scenario';
import type { Timeline } from '../../../../src/simulator/timeline';
import { lines, seconds, simulate, step, stretched, three } from './scenarios';

/* Which steps a run consists of: what hits nobody, what is refused, and what only one of its two cases does. */

describe('what finds things as it would make them', () => {
  const everything: readonly Fault[] = [
    { kind: 'return-brokers', brokers: [1] },
    { kind: 'resume-brokers', brokers: [1] },
    { kind: 'recover-replicas', brokers: [1] },
    { kind: 'reconnect-brokers', brokers: [1] },
    { kind: 'return-datacenter', datacenter: 'dc1' },
    { kind: 'rejoin-datacenter', datacenter: 'dc1' },
    { kind: 'heal-link', between: ['dc1', 'dc2'] },
    { kind: 'return-controllers', controllers: [101] },
    { kind: 'set-min-isr', minIsr: 2 },
    { kind: 'reassign', replicas: [1, 2, 3], observers: [] },
  ];

  it.each(everything.map((fault) => [fault.kind, fault] as const))('%s is told as without effect', (_, fault) => {
    const report = simulate(three, [0, fault]);
    expect(step(report, 'without-effect').state).toEqual(step(report, 'healthy').state);
    expect(report.timeline.steps).toHaveLength(3);
  });

  it('names only those whom it hits', () => {
    const report = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [1] }],
      [1_000, { kind: 'crash-brokers', brokers: [1, 3] }],
      [2_000, { kind: 'stop-brokers', brokers: [1] }],
      [3_000, { kind: 'freeze-brokers', brokers: [1] }],
    );
    const causes = report.timeline.steps.map(({ cause }) => cause);
    expect(causes).toContainEqual({ kind: 'brokers-crashed', brokers: [3] });
    expect(causes.filter(({ kind }) => kind === 'without-effect')).toEqual([
      { kind: 'without-effect', why: 'down', brokers: [1] },
      { kind: 'without-effect', why: 'down', brokers: [1] },
    ]);
  });

  it('a broker that dies again before it could register does not start', () => {
    const report = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [3] }],
      [1_000, { kind: 'return-brokers', brokers: [3] }],
      [2_000, { kind: 'crash-brokers', brokers: [3] }],
    );
    expect(step(report, 'settled').state.offline).toEqual([3]);
    expect(report.timeline.steps.filter(({ cause }) => cause.kind === 'brokers-crashed')).toHaveLength(2);
  });
});

describe('the loss of power', () => {
  const lostWith = (...how: readonly Fault[]) =>
    simulate(
      { ...three, minIsr: 1 },
      [0, { kind: 'crash-brokers', brokers: [2, 3] }],
      ['settled', how[0]!],
      ...how.slice(1).map((fault) => ['settled', fault] as const),
      ['settled', { kind: 'return-brokers', brokers: [1] }],
    ).clients.lost.filter(({ acks }) => acks === -1).length;

  it('takes what a crashed process had left in the page cache, but not what a stopped one had flushed', () => {
    const power: Fault = { kind: 'power-loss', brokers: [1], lostRecords: 20 };
    expect(lostWith({ kind: 'crash-brokers', brokers: [1] })).toBe(0);
    expect(lostWith({ kind: 'crash-brokers', brokers: [1] }, power)).toBeGreaterThan(0);
    expect(lostWith({ kind: 'stop-brokers', brokers: [1] }, power)).toBe(0);
  });
});

describe('registration', () => {
  it('is a step of its own: a broker back within its session leaves the ISR by it, not by its fencing', () => {
    const report = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [3] }],
      [2_000, { kind: 'return-brokers', brokers: [3] }],
    );
    expect(lines(report.timeline).slice(3, 6)).toEqual([
      '2 s: registration-refused 3 | leader 1, isr 1,2,3, waiting',
      '7..9 s: broker-registered 3 false | leader 1, isr 1,2, accepted',
      '7..9 s: isr-shrunk 3 controller | leader 1, isr 1,2, accepted',
    ]);
  });

  it('takes a replica that did not stop in order out of the ELR, and says so', () => {
    const report = simulate(
      { ...three, elrEnabled: true },
      [0, { kind: 'crash-brokers', brokers: [2] }],
      ['settled', { kind: 'crash-brokers', brokers: [3] }],
      ['settled', { kind: 'return-brokers', brokers: [3] }],
    );
    expect(step(report, 'elr-shrunk')).toMatchObject({ cause: { removed: [3] }, state: { isr: [1], elr: [] } });
  });

  it('of one that stopped in order keeps it there', () => {
    const report = simulate(
      { ...three, elrEnabled: true },
      [0, { kind: 'stop-brokers', brokers: [2] }],
      ['settled', { kind: 'stop-brokers', brokers: [3] }],
      ['settled', { kind: 'crash-brokers', brokers: [1] }],
      ['settled', { kind: 'return-brokers', brokers: [3] }],
    );
    expect(report.timeline.steps.some(({ cause }) => cause.kind === 'elr-shrunk')).toBe(false);
    expect(step(report, 'broker-registered').cause).toMatchObject({ broker: 3, clean: true });
  });
});

describe('without a majority of the controllers', () => {
  const noQuorum = [0, { kind: 'lose-controllers', controllers: [101, 102] }] as const;

  it.each<Fault>([
    { kind: 'elect-leader', election: 'unclean' },
    { kind: 'set-min-isr', minIsr: 1 },
    { kind: 'reassign', replicas: [1, 2], observers: [] },
  ])('nobody takes a command: $kind', (command) => {
    const report = simulate(three, noQuorum, [1_000, command]);
    expect(step(report, 'command-unanswered').state).toEqual({ ...step(report, 'healthy').state, quorum: false });
  });

  it('a process that is to stop in order waits for one, and gives up after five minutes', () => {
    const report = simulate(three, noQuorum, [1_000, { kind: 'stop-brokers', brokers: [1] }]);
    expect(seconds(step(report, 'shutdown-given-up').at)).toBe('301');
    expect(step(report, 'brokers-stopped').state.offline).toEqual([]);
    expect(step(report, 'shutdown-given-up').state).toMatchObject({ offline: [1], leader: 1, isr: [1, 2, 3] });
  });
});

describe('a replica that returns', () => {
  it('is caught up once it has cut off what the leader does not hold, not before', () => {
    const report = simulate(
      { ...three, minIsr: 1 },
      [0, { kind: 'power-loss', brokers: [1, 2, 3], lostRecords: 3 }],
      ['settled', { kind: 'return-brokers', brokers: [1, 2, 3] }],
    );
    const of = (kind: string) =>
      report.timeline.steps.findIndex(({ cause }) => cause.kind === kind && 'replica' in cause && cause.replica === 1);
    expect(of('truncated')).toBeGreaterThan(0);
    expect(of('truncated')).toBeLessThan(of('caught-up'));
  });
});

describe('where the best case takes other steps than the worst', () => {
  const returning = [
    [0, { kind: 'crash-brokers', brokers: [1] }],
    [3_000, { kind: 'return-brokers', brokers: [1] }],
  ] as const;

  it('each is told with its own states: a broker that comes back before it is fenced, or is fenced just before', () => {
    const report = simulate(three, ...returning);
    const kinds = (timeline: Timeline | undefined) => timeline?.steps.map(({ cause }) => cause.kind);
    expect(kinds(report.timeline)).not.toContain('broker-fenced');
    expect(kinds(report.atBest?.timeline)).toContain('broker-fenced');
    for (const { steps } of [report.timeline, report.atBest!.timeline]) {
      const leaders = steps.map(({ state }) => state.leader).filter((leader, at, all) => leader !== all[at - 1]);
      expect(leaders).toEqual([1, 2, 1]);
    }
  });

  it('a stop in order that a crash overtakes blocks writes at worst, though not at best', () => {
    const report = simulate(
      three,
      [0, { kind: 'stop-brokers', brokers: [1] }],
      [500, { kind: 'crash-brokers', brokers: [1] }],
    );
    expect(report.clients).toMatchObject({ blockedMs: { best: 0, worst: 10_150 }, writesAtEnd: true });
    expect(report.atBest?.clients.blockedMs).toBeNull();
  });

  it('nothing more is told where both take the same steps, in whatever order', () => {
    const lost = simulate(stretched, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(lost).not.toHaveProperty('atBest');
  });

  it('a loss that only one of the two knows is told', () => {
    // At worst the process is killed before it has handed over; what it alone had acknowledged goes with it.
    const { clients, atBest } = simulate(
      three,
      [0, { kind: 'stop-brokers', brokers: [1] }],
      [500, { kind: 'crash-brokers', brokers: [1] }],
    );
    expect(clients.lost.map(({ acks }) => acks)).toEqual([1]);
    expect(atBest?.clients.lost).toEqual([]);
  });
});
