import { majority } from '../../src/kafka/cluster';
import { type Location, Network } from '../../src/simulator/cluster/network';
import { Quorum } from '../../src/simulator/cluster/quorum';
import type { Checks } from './checks';
import type { Fields } from './json';

/** Controllers, each at a site. */
export type Controllers = readonly Location[] | null | undefined;

/** A step that stops controllers and states nothing but whether a majority still stands. Returns false for all others. */
export function checkQuorumOnly(step: Fields, controllers: Controllers, checks: Checks): boolean {
  if (!step.has('action') || !step.has('expect') || !step.child('expect').has('quorum')) return false;
  const action = step.child('action');
  if (!action.has('sites') || controllers == null) return false;
  const stopped = action.list('sites').map(String);
  const quorum = new Quorum(controllers, new Network());
  quorum.stop(controllers.filter(({ datacenter }) => stopped.includes(datacenter)).map(({ id }) => id));
  const stands = quorum.electable !== undefined;
  const expected = step.child('expect').boolean('quorum');
  checks.expect(step.object, stands === expected ? [] : [`quorum: printed ${expected}, model ${stands}`]);
  return true;
}

/** Rows of `{layout, fault, alive, needed, configured, quorum}`: all but the first two follow from these. */
export function checkQuorumTable(scenario: Fields, checks: Checks): void {
  for (const row of scenario.objects('table')) {
    const sites = row.string('layout').split('-').map(Number);
    const lost = controllersLost(row.string('fault'), sites);
    const isUnderstood = lost !== undefined && sites.every(Number.isInteger);
    if (!isUnderstood) checks.skip(`fault "${row.string('fault')}" of layout "${row.string('layout')}"`);
    // Words that are not understood leave the arithmetic: what the row says is alive decides.
    const configured = isUnderstood ? sites.reduce((total, count) => total + count, 0) : row.number('configured');
    const alive = isUnderstood ? configured - lost : row.number('alive');
    const voters = Array.from({ length: configured }, (_, id) => ({ id, datacenter: 'anywhere' }));
    const quorum = new Quorum(voters, new Network());
    quorum.stop(voters.slice(alive).map(({ id }) => id));
    const model = { alive, needed: majority(configured), configured, quorum: quorum.electable !== undefined };
    const found = Object.entries(model).flatMap(([key, value]) =>
      row.value(key) === value ? [] : [`${key}: stated ${JSON.stringify(row.value(key))}, model ${value}`],
    );
    checks.expect(row.object, found);
  }
}

/** How many controllers a fault takes away; main datacenters are named first, a tiebreaker last. */
function controllersLost(fault: string, sites: readonly number[]): number | undefined {
  const pods = /^lose (\d+) pods?$/.exec(fault)?.[1];
  if (pods !== undefined) return Number(pods);
  const site = /^lose DC with (\d+)$/.exec(fault)?.[1];
  if (site !== undefined) return sites.find((count) => count === Number(site));
  const [first = 0, second = 0] = sites;
  const tiebreaker = sites.at(-1) ?? 0;
  switch (fault) {
    case 'none':
      return 0;
    case 'lose tiebreaker':
      return tiebreaker;
    case 'lose full DC':
    case 'lose one main DC':
      return first;
    case 'lose one main DC + tiebreaker':
      return first + tiebreaker;
    case 'lose both main DCs':
      return first + second;
    default:
      return undefined;
  }
}
