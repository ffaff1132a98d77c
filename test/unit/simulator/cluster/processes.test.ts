import { describe, expect, it } from 'vitest';
import { lines, simulate, three } from './scenarios';

/** Brokers 1 to 3 that are the controllers too. */
const combined = { ...three, controllers: three.brokers, activeController: 3 };

describe('a controller in a broker’s process', () => {
  it('dies with the broker, and returns with it', () => {
    const { timeline } = simulate(
      combined,
      [0, { kind: 'crash-brokers', brokers: [2] }],
      ['at-once', { kind: 'crash-brokers', brokers: [3] }],
      ['settled', { kind: 'return-brokers', brokers: [2] }],
    );
    const kinds = timeline.steps.map(({ cause }) => cause.kind);
    expect(kinds).toContain('quorum-lost');
    expect(kinds.indexOf('quorum-regained')).toBeGreaterThan(kinds.indexOf('brokers-returned'));
  });

  it('is not counted where a broker is none', () => {
    const { timeline } = simulate(three, [0, { kind: 'crash-brokers', brokers: [1, 2, 3] }]);
    expect(timeline.steps.every(({ state }) => state.quorum)).toBe(true);
  });
});

describe('a process that is killed', () => {
  it('while it shuts down does not stop what is started after it', () => {
    const { timeline } = simulate(
      three,
      [0, { kind: 'stop-brokers', brokers: [2] }],
      ['at-once', { kind: 'crash-brokers', brokers: [2] }],
      ['at-once', { kind: 'return-brokers', brokers: [2] }],
    );
    expect(timeline.steps.at(-1)?.state, lines(timeline).join('\n')).toMatchObject({ isr: [1, 2, 3], offline: [] });
  });

  it('while it waits to register stays down', () => {
    const { timeline } = simulate(
      three,
      [0, { kind: 'crash-brokers', brokers: [2] }],
      ['at-once', { kind: 'return-brokers', brokers: [2] }],
      [1_000, { kind: 'crash-brokers', brokers: [2] }],
    );
    expect(timeline.steps.at(-1)?.state).toMatchObject({ isr: [1, 3], offline: [2] });
  });
});

it('a broker that stops while nobody hears it gives up after five minutes, and the run does not end before', () => {
  const { timeline, limitReached } = simulate(
    three,
    [0, { kind: 'isolate-datacenter', datacenter: 'dc2' }],
    ['at-once', { kind: 'stop-brokers', brokers: [2] }],
  );
  expect(limitReached).toBe(false);
  expect(timeline.steps.at(-1)?.state).toMatchObject({ isr: [1, 3], offline: [2] });
});
