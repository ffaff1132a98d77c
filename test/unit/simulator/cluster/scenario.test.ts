import { describe, expect, it } from 'vitest';
import { rulesOf } from '../../../../src/simulator/cluster/rules';
import { lines, seconds, simulate, step, stretched, three } from './scenarios';

describe('a broker', () => {
  it('killed: fenced 7.0 to 10.125 s after, its leadership taken over in the same record', () => {
    const report = simulate(three, [0, { kind: 'crash-brokers', brokers: [1] }]);
    expect(lines(report.timeline)).toEqual([
      '0 s: healthy | leader 1, isr 1,2,3, accepted',
      '0 s: brokers-crashed 1 | leader 1, isr 1,2,3, waiting',
      '7..10.125 s: broker-fenced 1 | leader 1, isr 1,2,3, waiting',
      '7..10.125 s: leader-elected 2 clean | leader 2, isr 2,3, accepted',
      '7..10.65 s: settled | leader 2, isr 2,3, accepted',
    ]);
    expect(report.clients.blockedMs).toEqual({ best: 7_000, worst: 10_150 });
  });

  it('killed, while it follows: writes wait for its fencing, though the leader is alive', () => {
    const report = simulate(three, [0, { kind: 'crash-brokers', brokers: [2] }]);
    expect(seconds(step(report, 'isr-shrunk').at)).toBe('7..10.125');
    expect(report.clients.steps[1]).toMatchObject({
      produce: 'waiting',
      blocked: { kind: 'isr-not-answering', replicas: [2] },
      produceToLeader: 'accepted',
      read: 'frozen',
    });
  });

  it('stopped in order: leadership moves within a second, and writes never wait', () => {
    const report = simulate(three, [0, { kind: 'stop-brokers', brokers: [1] }]);
    expect(seconds(step(report, 'leader-elected').at)).toBe('0..1');
    expect(report.clients.blockedMs).toBeNull();
    expect(report.clients.lost).toEqual([]);
  });

  it('frozen past its session: replaced, unfenced by its next heartbeat, truncated, back in the ISR', () => {
    const report = simulate(
      three,
      [0, { kind: 'freeze-brokers', brokers: [1] }],
      [20_000, { kind: 'resume-brokers', brokers: [1] }],
    );
    expect(seconds(step(report, 'leader-elected').at)).toBe('7..10.125');
    expect(seconds(step(report, 'broker-unfenced').at)).toBe('20.01..22');
    expect(step(report, 'truncated').cause).toMatchObject({ replica: 1, lostAcknowledged: false });
    // What it acknowledged alone, before it knew that it had been replaced.
    expect(report.clients.lost.map(({ acks, lostAt }) => [acks, seconds(lostAt)])).toContainEqual([1, '20..20.525']);
    expect(lines(report.timeline).at(-2)).toBe(
      '20.01..322.525 s: leader-elected 1 preferred | leader 1, isr 1,2,3, accepted',
    );
  });

  it('restarted at once: refused until its old session has lapsed', () => {
    const report = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [3] }],
      [2_000, { kind: 'return-brokers', brokers: [3] }],
    );
    expect(seconds(step(report, 'registration-refused').at)).toBe('2');
    expect(seconds(step(report, 'isr-shrunk').at)).toBe('7..9');
  });

  it('too slow: the leader drops it 30 to 45 s after it was last caught up', () => {
    const report = simulate(three, [0, { kind: 'slow-replicas', brokers: [3] }]);
    expect(lines(report.timeline).slice(1, 3)).toEqual([
      '0 s: replicas-slowed 3 | leader 1, isr 1,2,3, waiting',
      '30..45.025 s: isr-shrunk 3 leader | leader 1, isr 1,2, accepted',
    ]);
  });

  it('cut off from brokers, not from controllers: dropped by the leader, not fenced', () => {
    const report = simulate(three, [0, { kind: 'cut-off-brokers', brokers: [3], controllers: false }]);
    expect(step(report, 'isr-shrunk').cause).toMatchObject({ removed: [3], by: 'leader' });
    expect(report.timeline.steps.some(({ cause }) => cause.kind === 'broker-fenced')).toBe(false);
  });

  it('cut off, leading: refused no acks=1 write, all of which are lost when it hears of its successor', () => {
    const report = simulate(
      three,
      [0, { kind: 'cut-off-brokers', brokers: [1], controllers: true }],
      [60_000, { kind: 'reconnect-brokers', brokers: [1] }],
    );
    expect(step(report, 'leader-elected').state.leader).toBe(2);
    expect(report.clients.lost.map(({ acks, reason }) => ({ acks, reason }))).toContainEqual({
      acks: 1,
      reason: 'acknowledged-by-leader-alone',
    });
    expect(report.clients.acknowledgedReadable).toBe(true);
  });
});

describe('a datacenter', () => {
  it('lost at once: an observer of the other takes the third place in the ISR, and writes go on', () => {
    const report = simulate(stretched, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(lines(report.timeline)).toEqual([
      '0 s: healthy | leader 1, isr 1,2,3,4, accepted',
      '0 s: datacenter-lost west 1,2,5 101,102 | leader 1, isr 1,2,3,4, waiting',
      '7..10.125 s: broker-fenced 1 | leader 1, isr 1,2,3,4, waiting',
      '7..10.125 s: leader-elected 2 clean | leader 2, isr 2,3,4, waiting',
      '7.01..10.135 s: broker-fenced 2 | leader 2, isr 2,3,4, waiting',
      '7.01..10.135 s: leader-elected 3 clean | leader 3, isr 3,4, waiting',
      '7.02..10.145 s: broker-fenced 5 | leader 3, isr 3,4, refused',
      '7.01..10.675 s: observer-promoted 6 2 3 | leader 3, isr 3,4,6, accepted',
      '7.02..11.175 s: settled | leader 3, isr 3,4,6, accepted',
    ]);
    expect(report.clients).toMatchObject({ writesAtEnd: true, acknowledgedReadable: true });
  });

  it('lost with the active controller: sessions start anew with the next one, 10.5 to 15.125 s', () => {
    const setup = { ...stretched, activeController: 101 };
    const report = simulate(setup, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(seconds(step(report, 'controller-elected').at)).toBe('1.5..5');
    expect(seconds(step(report, 'broker-fenced').at)).toBe('10.5..15.125');
  });

  it('back: its replicas rejoin, the observer leaves, leadership returns within 300 s of that', () => {
    const report = simulate(
      stretched,
      [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }],
      ['settled', { kind: 'return-datacenter', datacenter: 'west' }],
    );
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 1, isr: [1, 2, 3, 4] });
    expect(step(report, 'observer-demoted').cause).toMatchObject({ observer: 6 });
    expect(report.ifNeverReturned?.clients).toMatchObject({ writesAtEnd: true, acknowledgedReadable: true });
  });

  it('isolated: its leader goes on alone, is replaced on the other side, and follows after the cut', () => {
    const report = simulate(
      stretched,
      [0, { kind: 'isolate-datacenter', datacenter: 'west' }],
      ['settled', { kind: 'rejoin-datacenter', datacenter: 'west' }],
    );
    expect(step(report, 'observer-promoted').state).toMatchObject({ leader: 3, isr: [3, 4, 6] });
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 1, isr: [1, 2, 3, 4] });
    expect(report.clients.acknowledgedReadable).toBe(true);
  });

  it('with all sync replicas, lost at once: nobody is left to promote anybody', () => {
    const setup = { ...stretched, replicas: [1, 2, 3, 4], observers: [3, 4], minIsr: 2 };
    const report = simulate(setup, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: null, produce: 'offline' });
    expect(report.clients).toMatchObject({ writesAtEnd: false, acknowledgedReadable: false, blockedMs: null });
  });

  it('with all sync replicas, lost one broker after another: the promoted observers take over', () => {
    const setup = { ...stretched, replicas: [1, 2, 3, 4], observers: [3, 4], minIsr: 2 };
    const report = simulate(
      setup,
      [0, { kind: 'crash-brokers', brokers: [1] }],
      ['settled', { kind: 'crash-brokers', brokers: [2] }],
    );
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ isr: [3, 4], produce: 'accepted' });
    expect(report.clients.acknowledgedReadable).toBe(true);
  });
});

describe('a link between datacenters', () => {
  it('cut for brokers alone: nobody is fenced; the leader drops the far side, and promotes an observer of its own', () => {
    const report = simulate(stretched, [0, { kind: 'cut-link', between: ['west', 'east'], scope: 'brokers' }]);
    expect(lines(report.timeline).slice(1, 4)).toEqual([
      '0 s: link-cut west,east false | leader 1, isr 1,2,3,4, waiting',
      '30..45.025 s: isr-shrunk 3,4 leader | leader 1, isr 1,2, refused',
      '30..45.55 s: observer-promoted 5 2 3 | leader 1, isr 1,2,5, accepted',
    ]);
  });

  it("cut for brokers alone, as Confluent's documentation tells it: the ISR stays, writes wait for a person", () => {
    const setup = { ...stretched, brokerLinkCut: 'isr-stays' } as const;
    const report = simulate(setup, [0, { kind: 'cut-link', between: ['west', 'east'], scope: 'brokers' }]);
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ isr: [1, 2, 3, 4], produce: 'waiting' });
  });

  it('cut for controllers alone: brokers that the active controller no longer hears are fenced, though they serve', () => {
    const setup = { ...stretched, activeController: 103 };
    const report = simulate(setup, [0, { kind: 'cut-link', between: ['west', 'east'], scope: 'controllers' }]);
    expect(step(report, 'controller-link-cut').state.produce).toBe('accepted');
    expect(step(report, 'leader-elected').state.leader).toBe(2);
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 3, isr: [3, 4, 6] });
  });
});

describe('the controllers', () => {
  it('without a majority: nothing changes, and writes go on while the ISR answers', () => {
    const report = simulate(three, [0, { kind: 'lose-controllers', controllers: [101, 102] }]);
    expect(lines(report.timeline).slice(1)).toEqual([
      '0 s: controllers-lost 101,102 | leader 1, isr 1,2,3, accepted',
      '0 s: quorum-lost 1 2 | leader 1, isr 1,2,3, accepted',
      '2.5..3 s: settled | leader 1, isr 1,2,3, accepted',
    ]);
  });

  it('without a majority when a follower dies: the shrink waits for a controller, and writes with it', () => {
    const report = simulate(
      three,
      [0, { kind: 'lose-controllers', controllers: [101, 102] }],
      [1_000, { kind: 'crash-brokers', brokers: [3] }],
      [60_000, { kind: 'return-controllers', controllers: [101, 102] }],
    );
    expect(seconds(step(report, 'controller-elected').at)).toBe('61.5..65');
    expect(seconds(step(report, 'isr-shrunk').at)).toBe('61.5..65.025');
    expect(report.ifNeverReturned?.clients.writesAtEnd).toBe(false);
  });
});

describe('acknowledged records are lost', () => {
  it('by an unclean election that a person commands', () => {
    const report = simulate(
      { ...three, minIsr: 1 },
      [0, { kind: 'crash-brokers', brokers: [2, 3] }],
      ['settled', { kind: 'crash-brokers', brokers: [1] }],
      ['settled', { kind: 'return-brokers', brokers: [2] }],
      ['settled', { kind: 'elect-leader', election: 'unclean' }],
    );
    expect(report.clients.lost).toContainEqual(expect.objectContaining({ acks: -1, reason: 'unclean-election' }));
    expect(report.clients).toMatchObject({ writesAtEnd: true, acknowledgedReadable: false });
  });

  it('by the unclean election of an observer, which had not fetched yet what the ISR had just acknowledged', () => {
    const setup = { ...stretched, replicas: [1, 2, 3, 4], observers: [3, 4], minIsr: 2 };
    const report = simulate(
      setup,
      [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }],
      ['settled', { kind: 'elect-leader', election: 'unclean' }],
    );
    expect(report.clients.lost).toContainEqual({
      acks: -1,
      reason: 'unclean-election',
      firstAcknowledgedAt: { best: 0, worst: 0 },
      lastAcknowledgedAt: { best: 0, worst: 0 },
      lostAt: { best: 8_000, worst: 11_000 },
    });
  });

  it('when the last replica standing loses the end of its log (ELR off), and not otherwise', () => {
    const losing = (lostRecords: number) =>
      simulate(
        { ...three, minIsr: 1 },
        [0, { kind: 'crash-brokers', brokers: [2, 3] }],
        ['settled', { kind: 'power-loss', brokers: [1], lostRecords }],
        ['settled', { kind: 'return-brokers', brokers: [1] }],
      ).clients.lost.filter(({ acks }) => acks === -1);
    expect(losing(20).map(({ reason }) => reason)).toEqual(['last-replica-standing']);
    expect(losing(0)).toEqual([]);
  });

  it('with acks=1, whenever the leader dies before another replica has them', () => {
    const report = simulate(three, [0, { kind: 'crash-brokers', brokers: [1] }]);
    expect(report.clients.lost).toEqual([
      {
        acks: 1,
        reason: 'acknowledged-by-leader-alone',
        firstAcknowledgedAt: { best: 0, worst: 0 },
        lastAcknowledgedAt: { best: 0, worst: 0 },
        lostAt: { best: 7_000, worst: 10_125 },
      },
    ]);
  });
});

describe('with eligible leader replicas', () => {
  it('members that leave while the ISR goes under min ISR stay electable', () => {
    const setup = { ...three, elrEnabled: true };
    const report = simulate(
      setup,
      [0, { kind: 'crash-brokers', brokers: [2] }],
      ['settled', { kind: 'stop-brokers', brokers: [3] }],
      ['settled', { kind: 'stop-brokers', brokers: [1] }],
      ['settled', { kind: 'return-brokers', brokers: [3] }],
    );
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 3, isr: [3], elr: [1], produce: 'refused' });
    expect(report.clients.lost.filter(({ acks }) => acks === -1)).toEqual([]);
  });

  it('when power fails everywhere the last known leader is elected, whatever it lost', () => {
    const setup = { ...three, elrEnabled: true };
    const report = simulate(
      setup,
      [0, { kind: 'power-loss', brokers: [1, 2, 3], lostRecords: 3 }],
      ['settled', { kind: 'return-brokers', brokers: [1, 2, 3] }],
    );
    expect(step(report, 'leader-elected').cause).toMatchObject({ election: 'clean' });
    expect(report.timeline.steps.map(({ cause }) => cause)).toContainEqual(
      expect.objectContaining({ kind: 'leader-elected', election: 'last-known-leader' }),
    );
    expect(report.clients.lost).toContainEqual(expect.objectContaining({ acks: -1, reason: 'last-known-leader' }));
  });
});

describe('commands', () => {
  it('a lower min ISR during the outage lets writes in again', () => {
    const report = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [2, 3] }],
      ['settled', { kind: 'set-min-isr', minIsr: 1 }],
    );
    expect(step(report, 'min-isr-set').state.produce).toBe('accepted');
  });

  it('an election that is not needed is refused', () => {
    const report = simulate(three, [0, { kind: 'elect-leader', election: 'unclean' }]);
    expect(step(report, 'election-refused').cause).toMatchObject({ error: 'ELECTION_NOT_NEEDED' });
  });

  it('a reassignment moves the replica, then the leader, with no write lost', () => {
    const brokers = [...three.brokers, { id: 4, datacenter: 'dc1' }];
    const report = simulate({ ...three, brokers }, [0, { kind: 'reassign', replicas: [4, 2, 3], observers: [] }]);
    expect(report.timeline.steps.at(-1)?.state).toMatchObject({ leader: 4, replicas: [4, 2, 3], isr: [4, 2, 3] });
    expect(report.clients.acknowledgedReadable).toBe(true);
  });
});

describe('a client', () => {
  it('does not read what was acknowledged while the new leader is under min ISR with an older high watermark', () => {
    const setup = { ...stretched, replicas: [1, 2, 3, 4], observers: [] };
    const { clients } = simulate(setup, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(clients.steps.at(-1)).toMatchObject({
      produce: 'refused',
      read: 'acknowledged-hidden',
      readsOwnWrites: false,
    });
    expect(clients.lost.filter(({ acks }) => acks === -1)).toEqual([]);
    expect(clients.acknowledgedReadable).toBe(false);
  });

  it('reads it at once where the high watermark goes on under min ISR, to 3.6', () => {
    const setup = { ...stretched, replicas: [1, 2, 3, 4], observers: [], rules: rulesOf('<=3.6') };
    const { clients } = simulate(setup, [0, { kind: 'lose-datacenter', datacenter: 'west', controllers: true }]);
    expect(clients.steps.at(-1)).toMatchObject({ produce: 'refused', read: 'continue', readsOwnWrites: true });
  });
});

describe('by version of Kafka', () => {
  const takeover = [
    [0, { kind: 'crash-brokers', brokers: [2] }],
    ['settled', { kind: 'crash-brokers', brokers: [3] }],
  ] as const;

  it('from 3.7 acks=1 records stay invisible under min ISR', () => {
    expect(simulate(three, ...takeover).clients.steps.at(-1)).toMatchObject({ produce: 'refused', read: 'frozen' });
  });

  it('to 3.6 they are seen', () => {
    const { clients } = simulate({ ...three, rules: rulesOf('<=3.6') }, ...takeover);
    expect(clients.steps.at(-1)).toMatchObject({ produce: 'refused', read: 'continue' });
  });
});

describe('every run', () => {
  it('gives the same bytes for the same input', () => {
    const run = () => JSON.stringify(simulate(stretched, [0, { kind: 'isolate-datacenter', datacenter: 'west' }]));
    expect(run()).toBe(run());
  });

  it('ends, and says where it was cut short: a slow replica under a frozen high watermark leaves and rejoins for ever', () => {
    const setup = { ...three, minIsr: 3 };
    expect(simulate(setup, [0, { kind: 'slow-replicas', brokers: [3] }]).limitReached).toBe(true);
    expect(simulate(three, [0, { kind: 'slow-replicas', brokers: [3] }]).limitReached).toBe(false);
  });
});
