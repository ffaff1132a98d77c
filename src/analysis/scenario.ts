/** Which failures are tried. The ids are a contract: they appear in JSON, links and documentation. */
export type Scenario =
  | { readonly kind: 'any-broker' }
  /** All brokers and controllers of each datacenter crash at the same instant. */
  | { readonly kind: 'datacenters'; readonly datacenters: readonly [string, ...string[]] }
  | { readonly kind: 'datacenter-brokers'; readonly datacenter: string }
  /** Broker by broker in the worst order, each settled before the next, controllers last. */
  | { readonly kind: 'datacenter-rolling'; readonly datacenter: string }
  | { readonly kind: 'datacenter-then-broker'; readonly datacenter: string }
  /** Brokers of the two no longer hear each other; everybody still hears the controllers. */
  | { readonly kind: 'link'; readonly between: readonly [string, string] }
  /** Cut off from all other datacenters, controllers included. */
  | { readonly kind: 'isolated'; readonly datacenter: string }
  /** The smallest loss of controllers that breaks the quorum, brokers untouched. */
  | { readonly kind: 'controllers' }
  /** Every broker restarted cleanly, one after another. */
  | { readonly kind: 'rolling-restart' };

/** The stable id of a scenario, with datacenter names as the deployment has them. */
export function scenarioId(scenario: Scenario): string {
  switch (scenario.kind) {
    case 'any-broker':
      return 'broker:any';
    case 'datacenters':
      return scenario.datacenters.length === 1
        ? `datacenter:${scenario.datacenters[0]}`
        : `datacenters:${scenario.datacenters.join('+')}`;
    case 'datacenter-brokers':
      return `datacenter-brokers:${scenario.datacenter}`;
    case 'datacenter-rolling':
      return `datacenter-rolling:${scenario.datacenter}`;
    case 'datacenter-then-broker':
      return `datacenter:${scenario.datacenter},broker:any`;
    case 'link':
      return `link:${scenario.between.join('|')}`;
    case 'isolated':
      return `isolated:${scenario.datacenter}`;
    case 'controllers':
      return 'controllers';
    case 'rolling-restart':
      return 'restart:rolling';
  }
}
