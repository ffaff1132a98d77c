import { expect, it } from 'vitest';
import { assessTopic } from '../../../src/analysis/assess';
import { scenarioId } from '../../../src/analysis/scenario';
import { topic, twoAndAHalf } from './topics';

it('x', () => {
  for (const t of [
    topic({ west: 2, east: 2 }, { west: 1, east: 1 }, { minIsr: 3 }),
    topic({ west: 2, east: 2 }, {}, { minIsr: 3 }),
    topic({ west: 3 }, { east: 2 }, { minIsr: 2 }),
  ]) {
    const start = performance.now();
    const a = assessTopic(twoAndAHalf, t);
    console.log(performance.now() - start, a.headroom, JSON.stringify(a.verdict), a.statesExamined, a.limits);
    for (const { scenario, outcome: o } of a.results)
      console.log(
        scenarioId(scenario).padEnd(32),
        o.writes,
        JSON.stringify(o.blockedMs),
        o.reads,
        o.acknowledgedData,
        o.person,
        `isr ${o.isr}/${o.minIsr} +${o.promoted} h${o.headroom}`,
      );
  }
  expect(1).toBe(1);
});
