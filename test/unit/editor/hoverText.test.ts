import { describe, expect, it } from 'vitest';
import { wholeDocument } from '../../../src/documents/embedded';
import { readPlacement } from '../../../src/documents/placementJson';
import { code, describeConstraint } from '../../../src/editor/hoverText';
import type { Cluster } from '../../../src/kafka/cluster';
import { assumedCluster, statedCluster } from './clusters';

const text = `{
  "version": 2,
  "replicas": [ { "count": 1, "constraints": { "rack": "west" } }, { "count": 2, "constraints": {} } ],
  "observers": [ { "count": 1, "constraints": { "rack": "west" } }, { "count": 1, "constraints": { "rack": "east" } } ]
}`;

function hover(index: number, cluster: Cluster, topics: readonly string[] = ['orders']): string {
  const { placement, constraints } = readPlacement(wholeDocument(text))!;
  return describeConstraint({ constraint: constraints[index]!, placement, cluster, topics });
}

describe('a hover over a constraint', () => {
  it('says what it places where', () => {
    expect(hover(0, statedCluster)).toBe(
      [
        '**1 sync replica** on rack `west`. acks=all waits for each of them that is in sync.',
        'Datacenter `west`: brokers 1, 2. Each partition takes 2 of these 2.',
        'Used by `orders`.',
      ].join('\n\n'),
    );
  });

  it('says when observers are promoted', () => {
    expect(hover(2, statedCluster)).toContain('when the ISR falls under `min.insync.replicas`');
  });

  it('names every datacenter where there is no rack condition', () => {
    expect(hover(1, statedCluster)).toContain('**2 sync replicas** on any rack');
    expect(hover(1, statedCluster)).toContain('Datacenters `west`, `east`: brokers 1, 2, 3, 4.');
  });

  it('says that a rack does not exist', () => {
    expect(hover(3, statedCluster)).toContain('No broker has this rack: the topic cannot be created.');
  });

  it('leaves open whether a rack exists where brokers have racks that no file says', () => {
    const brokers = statedCluster.brokers.map((broker) => ({ ...broker, rack: null }));
    expect(hover(3, { ...statedCluster, brokers })).toContain('No file says which brokers have this rack.');
    expect(hover(3, { ...statedCluster, brokers })).not.toContain('cannot be created');
  });

  it('says what was assumed', () => {
    expect(hover(0, assumedCluster)).toContain('*Assumed: each rack is a datacenter');
    expect(hover(0, assumedCluster)).toContain('*Assumed: each rack has as many brokers as the placements need');
  });

  it('names a few topics and counts the rest', () => {
    expect(hover(0, statedCluster, ['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toContain('`e` and 2 more');
  });
});

describe('a name from a file in a code span', () => {
  it.each([
    ['west', '`west`'],
    ['a`b', '``a`b``'],
    ['`', '`` ` ``'],
    ['a\nb', '`a b`'],
    ['a\u202eb\u001b', '`a\ufffdb\ufffd`'],
    ['x'.repeat(1_000), `\`${'x'.repeat(120)}\``],
  ])('%j', (name, span) => expect(code(name)).toBe(span));
});
