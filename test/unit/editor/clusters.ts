import type { Cluster } from '../../../src/kafka/cluster';
import { assumed, type Origin } from '../../../src/kafka/origin';

const file: Origin = { kind: 'stated', place: { uri: 'file:///docker-compose.yml', start: 10, end: 20 } };

/** Two sites with brokers, one of them of two racks, and a third with a controller alone. */
export const statedCluster: Cluster = {
  datacenters: [
    { name: 'west', racks: ['west'] },
    { name: 'east', racks: ['east-a', 'east-b'] },
    { name: '"central"', racks: [] },
  ],
  brokers: [
    { id: 1, rack: 'west', datacenter: 'west' },
    { id: 2, rack: 'west', datacenter: 'west' },
    { id: 3, rack: 'east-a', datacenter: 'east' },
    { id: 4, rack: 'east-b', datacenter: 'east' },
  ],
  controllers: [
    { id: 101, datacenter: 'west' },
    { id: 102, datacenter: 'east' },
    { id: 103, datacenter: '"central"' },
  ],
  goal: assumed('durable-first', 'settings'),
  origins: { datacenters: file, brokers: file, controllers: file },
};

/** What is taken for granted where only placements are known. */
export const assumedCluster: Cluster = {
  datacenters: [
    { name: 'west', racks: ['west'] },
    { name: 'east', racks: ['east'] },
  ],
  brokers: [
    { id: 1, rack: 'west', datacenter: 'west' },
    { id: 2, rack: 'west', datacenter: 'west' },
    { id: 3, rack: 'east', datacenter: 'east' },
  ],
  controllers: null,
  goal: assumed('durable-first', 'settings'),
  origins: {
    datacenters: { kind: 'assumed', assumption: 'racks-are-datacenters' },
    brokers: { kind: 'assumed', assumption: 'enough-brokers' },
    controllers: { kind: 'assumed', assumption: 'quorum-stands' },
  },
};
