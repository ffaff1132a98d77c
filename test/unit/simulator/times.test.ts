import { expect, it } from 'vitest';
import {
  defaultTimes,
  fencingAfterControllerFailoverMs,
  fencingMs,
  isrShrinkMs,
  promotionMs,
} from '../../../src/simulator/times';

it("Kafka's defaults give the times that are documented and measured", () => {
  expect(fencingMs(defaultTimes)).toEqual({ best: 7_000, worst: 10_125 });
  expect(fencingAfterControllerFailoverMs(defaultTimes)).toEqual({ best: 10_500, worst: 15_125 });
  expect(isrShrinkMs(defaultTimes)).toEqual({ best: 30_000, worst: 45_000 });
  expect(promotionMs(defaultTimes)).toEqual({ best: 0, worst: 525 });
});

it('a longer session is noticed later, a shorter heartbeat interval no sooner than it', () => {
  expect(fencingMs({ ...defaultTimes, brokerSessionTimeoutMs: 18_000 })).toEqual({ best: 16_000, worst: 20_250 });
  expect(fencingMs({ ...defaultTimes, brokerHeartbeatIntervalMs: 500 }).best).toBe(8_500);
});
