import { majority } from '../kafka/cluster';
import { type Mask, members, size } from '../simulator/partition/mask';
import type { Shape } from '../simulator/partition/shape';
import { votersOfSlots, type World } from '../simulator/partition/world';
import type { Cause } from '../simulator/timeline';
import type { Leg } from './courses';
import type { Names } from './names';

/** What broke or came back in one strike, as people speak of it: whole datacenters, else single brokers. */
export function causesOfStrike(shape: Shape, names: Names, before: World, leg: Leg): readonly Cause[] {
  const down = { slots: before.state.up & ~leg.struck.state.up, voters: votersLost(before, leg.struck) };
  const back = { slots: leg.struck.state.up & ~before.state.up, voters: votersLost(leg.struck, before) };
  if (leg.blow.stop !== undefined) return [{ kind: 'brokers-stopped', brokers: names.brokers(down.slots) }];
  return [
    ...networkCauses(names, before, leg.struck),
    ...lossCauses(shape, names, leg, down),
    ...returnCauses(shape, names, before, back),
    ...quorumCauses(shape, before, leg.struck),
  ];
}

/** Processes that died or came back at once. */
interface Processes {
  readonly slots: Mask;
  readonly voters: Mask;
}

function votersLost(before: World, after: World): Mask {
  return before.surroundings.conditions.voters & ~after.surroundings.conditions.voters;
}

/** Datacenters of which nothing runs in a world, and whose brokers here, if any, are all among these processes. */
function wholeDatacenters(
  shape: Shape,
  { state, surroundings }: World,
  { slots, voters }: Processes,
): readonly number[] {
  return shape.slotsIn.flatMap((here, index) => {
    const votersHere = shape.votersIn[index] ?? 0;
    const concerned = here === 0 ? (votersHere & voters) !== 0 : (here & ~slots) === 0;
    const dark = (here & state.up) === 0 && (votersHere & surroundings.conditions.voters) === 0;
    return concerned && dark ? [index] : [];
  });
}

/** What is left of the processes when those of whole datacenters are taken out, and controllers that fell with a broker. */
function withoutDatacenters(shape: Shape, processes: Processes, whole: readonly number[]): Processes {
  const slots = whole.reduce((mask, index) => mask & ~(shape.slotsIn[index] ?? 0), processes.slots);
  const voters = whole.reduce((mask, index) => mask & ~(shape.votersIn[index] ?? 0), processes.voters);
  return { slots, voters: voters & ~votersOfSlots(shape, slots) };
}

function lossCauses(shape: Shape, names: Names, { blow, struck }: Leg, down: Processes): readonly Cause[] {
  // Where controllers alone were struck, nobody would call that the loss of a datacenter.
  const whole = blow.crash === undefined ? [] : names.inOrder(wholeDatacenters(shape, struck, down));
  const single = withoutDatacenters(shape, down, whole);
  const causes = whole.map(
    (index): Cause => ({
      kind: 'datacenter-lost',
      datacenter: names.datacenter(index),
      brokers: names.brokersIn(index),
      controllers: names.controllers(shape.votersIn[index] ?? 0),
    }),
  );
  if (single.slots !== 0) causes.push({ kind: 'brokers-crashed', brokers: names.brokers(single.slots) });
  if (single.voters !== 0) causes.push({ kind: 'controllers-lost', controllers: names.controllers(single.voters) });
  return causes;
}

function returnCauses(shape: Shape, names: Names, before: World, back: Processes): readonly Cause[] {
  const whole = names.inOrder(wholeDatacenters(shape, before, back)).filter((index) => shape.slotsIn[index] !== 0);
  const single = withoutDatacenters(shape, back, whole);
  const causes = whole.map(
    (index): Cause => ({
      kind: 'datacenter-returned',
      datacenter: names.datacenter(index),
      brokers: names.brokersIn(index),
      controllers: names.controllers(shape.votersIn[index] ?? 0),
    }),
  );
  if (single.slots !== 0) {
    causes.push({ kind: 'brokers-returned', brokers: names.brokers(single.slots), clean: false });
  }
  if (single.voters !== 0) {
    causes.push({ kind: 'controllers-returned', controllers: names.controllers(single.voters) });
  }
  return causes;
}

function networkCauses(names: Names, before: World, after: World): readonly Cause[] {
  const was = before.surroundings.conditions;
  const is = after.surroundings.conditions;
  const between = (pair: readonly [number, number]): [string, string] => {
    const [one = pair[0], other = pair[1]] = names.inOrder(pair);
    return [names.datacenter(one), names.datacenter(other)];
  };
  const named = (mask: Mask): readonly string[] => names.inOrder(members(mask)).map(names.datacenter);
  return [
    ...named(is.isolated & ~was.isolated).map((datacenter): Cause => ({ kind: 'datacenter-isolated', datacenter })),
    ...named(was.isolated & ~is.isolated).map((datacenter): Cause => ({ kind: 'datacenter-rejoined', datacenter })),
    ...newCuts(was.cutFrom, is.cutFrom).map(
      (pair): Cause => ({ kind: 'link-cut', between: between(pair), controllers: false }),
    ),
    ...newCuts(is.cutFrom, was.cutFrom).map((pair): Cause => ({ kind: 'link-healed', between: between(pair) })),
  ];
}

/** Pairs of datacenters that are cut in `after` but not in `before`. */
function newCuts(before: readonly Mask[], after: readonly Mask[]): readonly [number, number][] {
  return after.flatMap((cut, one) =>
    members(cut & ~(before[one] ?? 0))
      .filter((other) => other > one)
      .map((other): [number, number] => [one, other]),
  );
}

function quorumCauses(shape: Shape, before: World, after: World): readonly Cause[] {
  const had = before.surroundings.quorum;
  const has = after.surroundings.quorum;
  if (had === has) return [];
  if (has) return [{ kind: 'quorum-regained' }];
  const { voters, isolated } = after.surroundings.conditions;
  const cutOff = members(isolated).reduce((mask, index) => mask | (shape.votersIn[index] ?? 0), 0);
  return [{ kind: 'quorum-lost', standing: size(voters & ~cutOff), needed: majority(shape.voterCount) }];
}
