import { describe, expect, it } from 'vitest';
import { defaultClock } from '../../../../src/simulator/cluster/clock';
import { rulesOf } from '../../../../src/simulator/cluster/rules';
import type { Fault } from '../../../../src/simulator/cluster/scenario/scenario';
import { simulateScenario } from '../../../../src/simulator/cluster/scenario/timeline';
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
    { kind: 'set-unclean-election', enabled: false },
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

describe('unclean election that is turned on during an outage', () => {
  /** The last of the ISR is down; replica 3, which fell behind before, is all that lives. */
  const leaderless = [
    [0, { kind: 'crash-brokers', brokers: [3] }],
    ['settled', { kind: 'crash-brokers', brokers: [1, 2] }],
    ['settled', { kind: 'return-brokers', brokers: [3] }],
  ] as const;
  const on: Fault = { kind: 'set-unclean-election', enabled: true };
  const off: Fault = { kind: 'set-unclean-election', enabled: false };
  const uncleanly = ({ timeline }: ReturnType<typeof simulate>) =>
    timeline.steps.find(({ cause }) => cause.kind === 'leader-elected' && cause.election === 'unclean');

  it('elects nobody by itself, but within five minutes by the periodic task', () => {
    const report = simulate(three, ...leaderless, ['settled', on]);
    expect(step(report, 'unclean-election-set').state).toMatchObject({ leader: null });
    const set = step(report, 'unclean-election-set');
    const elected = uncleanly(report);
    expect(elected?.cause).toMatchObject({ leader: 3 });
    expect(elected?.at?.worst).toBeGreaterThan((set.at?.worst ?? 0) + 1_000);
    expect(elected?.at?.worst).toBeLessThanOrEqual((set.at?.worst ?? 0) + 300_000);
  });

  it('is used at once by the next unfencing', () => {
    const report = simulate(
      three,
      ...leaderless.slice(0, 2),
      ['settled', on],
      ['settled', { kind: 'return-brokers', brokers: [3] }],
    );
    const unfenced = report.timeline.steps.find(({ cause }) => cause.kind === 'broker-unfenced');
    expect(unfenced).toBeDefined();
    expect(uncleanly(report)?.at).toEqual(unfenced?.at);
  });

  it('elects nobody any more once it is turned off again', () => {
    const report = simulate(three, ...leaderless, ['settled', on], ['at-once', off]);
    expect(step(report, 'settled').state.leader).toBeNull();
    expect(uncleanly(report)).toBeUndefined();
    expect(report.timeline.steps.filter(({ cause }) => cause.kind === 'unclean-election-set')).toHaveLength(2);
  });
});

describe('without a majority of the controllers', () => {
  const noQuorum = [0, { kind: 'lose-controllers', controllers: [101, 102] }] as const;

  it.each<Fault>([
    { kind: 'elect-leader', election: 'unclean' },
    { kind: 'set-min-isr', minIsr: 1 },
    { kind: 'set-unclean-election', enabled: true },
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

describe('registration of a broker that stopped in order', () => {
  const back = [
    [0, { kind: 'stop-brokers', brokers: [1] }],
    ['settled', { kind: 'return-brokers', brokers: [1] }],
  ] as const;

  it('is refused too while its session lasts', () => {
    const report = simulate(three, ...back);
    expect(seconds(step(report, 'registration-refused').at)).toBe('1..4');
    expect(seconds(step(report, 'broker-registered').at)).toBe('9.05..12.05');
  });

  it('is not once another controller is active, which starts sessions for brokers that are not fenced', () => {
    // In combined mode the active controller goes with the broker.
    const controllers = three.brokers;
    const report = simulate({ ...three, controllers, activeController: 1 }, ...back);
    expect(report.timeline.steps.map(({ cause }) => cause.kind)).not.toContain('registration-refused');
  });
});

describe('before 4.1, with eligible leader replicas', () => {
  const setup = { ...three, elrEnabled: true, rules: rulesOf('3.7-4.0') };
  const report = simulate(
    setup,
    [0, { kind: 'crash-brokers', brokers: [2] }],
    ['settled', { kind: 'crash-brokers', brokers: [3] }],
    ['settled', { kind: 'crash-brokers', brokers: [1] }],
    ['settled', { kind: 'return-brokers', brokers: [2, 3] }],
    ['settled', { kind: 'return-brokers', brokers: [1] }],
  );
  const causes = report.timeline.steps.map(({ cause }) => cause);

  it('the last known leader is elected as it registers, while it is fenced (KAFKA-19522), and admits nobody until it is not', () => {
    const elected = causes.findIndex(
      (cause) => cause.kind === 'leader-elected' && cause.election === 'last-known-leader',
    );
    const unfenced = causes.findIndex((cause) => cause.kind === 'broker-unfenced' && cause.broker === 1);
    expect(elected).toBeGreaterThan(0);
    expect(elected).toBeLessThan(unfenced);
    expect(causes).toContainEqual({ kind: 'alter-partition-rejected', error: 'INELIGIBLE_REPLICA' });
    expect(report.limitReached).toBe(false);
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 1, isr: [1, 2, 3], produce: 'accepted' });
  });

  it('from 4.1 it is elected once it is unfenced', () => {
    const { timeline } = simulateScenario(
      { ...setup, rules: rulesOf('4.1+') },
      {
        name: '',
        steps: [
          { when: 0, fault: { kind: 'power-loss', brokers: [1, 2, 3], lostRecords: 1 } },
          { when: 'settled', fault: { kind: 'return-brokers', brokers: [1, 2, 3] } },
        ],
      },
    );
    const kinds = timeline.steps.map(({ cause }) => cause.kind);
    expect(kinds.lastIndexOf('leader-elected')).toBeGreaterThan(kinds.indexOf('broker-unfenced'));
    expect(kinds).not.toContain('alter-partition-rejected');
  });
});

describe('a process that is a broker and a controller', () => {
  const setup = { ...three, controllers: three.brokers, activeController: 1 };

  it.each<readonly [string, Fault, Fault]>([
    ['frozen', { kind: 'freeze-brokers', brokers: [1] }, { kind: 'resume-brokers', brokers: [1] }],
    [
      'cut off',
      { kind: 'cut-off-brokers', brokers: [1], controllers: true },
      { kind: 'reconnect-brokers', brokers: [1] },
    ],
  ])('%s is missed as both: another controller is elected first, and fences it', (_, fault, repair) => {
    const report = simulate(setup, [0, fault], [60_000, repair]);
    expect(seconds(step(report, 'controller-elected').at)).toBe('1.5..5');
    expect(seconds(step(report, 'broker-fenced').at)).toBe('10.5..15.125');
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 1, isr: [1, 2, 3], produce: 'accepted' });
  });

  it('whom only brokers no longer hear stays the active controller', () => {
    const report = simulate(setup, [0, { kind: 'cut-off-brokers', brokers: [1], controllers: false }]);
    expect(report.timeline.steps.map(({ cause }) => cause.kind)).not.toContain('controller-elected');
  });

  it('frozen for a moment stays the active controller, and two of them frozen leave no quorum', () => {
    const moment = simulate(
      setup,
      [0, { kind: 'freeze-brokers', brokers: [1] }],
      [1_000, { kind: 'resume-brokers', brokers: [1] }],
    );
    expect(moment.timeline.steps.map(({ cause }) => cause.kind)).toEqual([
      'healthy',
      'brokers-frozen',
      'brokers-resumed',
      'settled',
    ]);
    const two = simulate(setup, [0, { kind: 'freeze-brokers', brokers: [1, 2] }]);
    expect(step(two, 'quorum-lost').cause).toMatchObject({ standing: 1, needed: 2 });
  });
});

describe('how long a run goes on', () => {
  const leaderBack = [
    [0, { kind: 'crash-brokers', brokers: [1] }],
    ['settled', { kind: 'return-brokers', brokers: [1] }],
  ] as const;

  it('covers settings that are longer than it would go on else', () => {
    const clock = {
      ...defaultClock,
      leaderImbalanceCheckIntervalMs: 7_200_000,
      catchUpMs: { best: 0, worst: 3_600_000 },
    };
    const report = simulate({ ...three, clock }, ...leaderBack);
    expect(report.limitReached).toBe(false);
    expect(report.timeline.steps.at(-1)?.state.leader).toBe(1);
  });

  it('is a quarter of an hour beyond the last fault where something goes on for ever', () => {
    const report = simulate({ ...three, minIsr: 3 }, [60_000, { kind: 'slow-replicas', brokers: [3] }]);
    expect(report.limitReached).toBe(true);
    expect(report.timeline.steps.at(-1)?.at?.worst).toBeGreaterThan(900_000);
    expect(report.timeline.steps.at(-1)?.at?.worst).toBeLessThan(60_000 + 900_000);
  });
});

describe('a replica that returns', () => {
  it('is not caught up before it has copied what it missed, though nothing was acknowledged meanwhile', () => {
    const clock = { ...defaultClock, catchUpMs: { best: 60_000, worst: 60_000 } };
    const report = simulate(
      { ...three, minIsr: 3, clock },
      [0, { kind: 'crash-brokers', brokers: [3] }],
      [20_000, { kind: 'return-brokers', brokers: [3] }],
    );
    expect(step(report, 'caught-up').at?.best).toBe(80_000);
  });

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
