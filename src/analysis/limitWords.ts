import type { LimitHit } from './assessment';

/** What a bound kept from being looked at: the middle of a sentence. */
export function limitWords({ limit, examined, bound }: LimitHit): string {
  const number = (value: number): string => value.toLocaleString('en');
  switch (limit) {
    case 'assignments':
      return `only ${number(bound)} ways to assign its replicas were simulated`;
    case 'states':
      return `only ${number(bound)} states after each failure were examined`;
    case 'replicas':
      return `it has more replicas and controllers than the ${number(bound)} that are simulated`;
    case 'datacenters':
      return `two datacenters lost at once were simulated for ${number(examined)} of ${number(bound)} datacenters only`;
  }
}
