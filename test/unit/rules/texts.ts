/** Texts as people write them, for tests and benchmarks. */

export type Racks = Readonly<Record<string, number>>;

export interface PlacementParts {
  readonly version?: number;
  readonly replicas: Racks;
  readonly observers?: Racks;
  readonly policy?: string;
}

/** A placement as a person writes it: `placement({ replicas: { west: 2, east: 2 }, observers: { west: 1 } })`. */
export function placement({ version = 2, replicas, observers, policy }: PlacementParts): string {
  const list = (racks: Racks): readonly object[] =>
    Object.entries(racks).map(([rack, count]) => ({ count, constraints: { rack } }));
  return JSON.stringify(
    {
      version,
      replicas: list(replicas),
      ...(observers === undefined ? {} : { observers: list(observers) }),
      ...(policy === undefined ? {} : { observerPromotionPolicy: policy }),
    },
    null,
    2,
  );
}

/** A command that creates a topic with a placement file. */
export function create(topic: string, file: string, minIsr?: number | string, more = ''): string {
  const config = minIsr === undefined ? '' : ` --config min.insync.replicas=${minIsr}`;
  return `kafka-topics --bootstrap-server b:9092 --create --topic ${topic} --partitions 6 --replica-placement ${file}${config}${more}\n`;
}

/** A compose file with so many brokers in each rack, and controllers by the rack they stand in. */
export function compose(
  racks: Racks,
  controllers: Racks = {},
  image = 'confluentinc/cp-server:7.9.1',
  environment: Readonly<Record<string, string>> = {},
): string {
  const services: string[] = [];
  let id = 0;
  const service = (name: string, role: string, rack: string): void => {
    id++;
    const more = Object.entries(environment).map(([key, value]) => `      ${key}: '${value}'`);
    services.push(
      `  ${name}-${rack}-${id}:`,
      `    image: ${image}`,
      '    environment:',
      `      KAFKA_NODE_ID: ${id}`,
      `      KAFKA_PROCESS_ROLES: ${role}`,
      `      KAFKA_BROKER_RACK: ${JSON.stringify(rack)}`,
      ...more,
    );
  };
  for (const [rack, count] of Object.entries(controllers))
    for (let n = 0; n < count; n++) service('controller', 'controller', rack);
  for (const [rack, count] of Object.entries(racks)) for (let n = 0; n < count; n++) service('broker', 'broker', rack);
  return ['services:', ...services, ''].join('\n');
}
