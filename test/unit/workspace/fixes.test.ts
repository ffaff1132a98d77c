import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { applySplices } from '../../../src/documents/embedded';
import type { Finding, Fix, RuleCode } from '../../../src/rules/finding';
import { type Checked, check, compose, create, type Files, placement } from '../rules/check';

const brokers = compose({ west: 4, east: 4, central: 1 }, { west: 2, east: 2, central: 1 });

/** The files as they are after a fix. */
function applied(files: ReadonlyMap<string, string>, fix: Fix): Files {
  const after = new Map(files);
  for (const uri of new Set(fix.edits.map(({ place }) => place.uri))) {
    const splices = fix.edits
      .filter(({ place }) => place.uri === uri)
      .map(({ place: { start, end }, newText }) => ({ span: { start, end }, newText }));
    after.set(uri, applySplices(after.get(uri) ?? '', splices));
  }
  return Object.fromEntries(after);
}

async function fixesOf(checked: Checked, code: RuleCode): Promise<readonly Fix[]> {
  return checked.workspace.fixes(checked.all(code)[0]!);
}

/** The text of a file after the preferred fix of a finding. */
async function fixed(files: Files, code: RuleCode, uri = 'p.json'): Promise<string> {
  const checked = await check(files);
  const fix = (await fixesOf(checked, code)).find(({ preferred }) => preferred);
  expect(fix).toBeDefined();
  return applied(checked.texts, fix!)[uri] ?? '';
}

const payments = {
  'docker-compose.yml': brokers,
  'p.json': placement({ replicas: { west: 2, east: 2 }, policy: 'under-min-isr' }),
  'create.sh': create('payments', 'p.json', 3),
};

describe('add observers', () => {
  it('as few as it takes, beside the sync replicas, and says what that buys', async () => {
    const checked = await check(payments);
    const fixes = await fixesOf(checked, 'datacenter-loss-stops-writes');
    expect(fixes.map(({ title, preferred }) => [title, preferred])).toEqual([
      ['Add 1 observer in each of west and east: writes survive the loss of any one datacenter', true],
      ['Add 1 observer in central: writes survive the loss of any one datacenter', false],
    ]);
    for (const fix of fixes) {
      const after = await check(applied(checked.texts, fix));
      expect(after.summary).toEqual([]);
      expect(after.analysis.topicsIn('p.json')[0]?.verdict.stoppedBy).toEqual([]);
    }
  });
  it('as HCL where the placement is an object of Terraform, on as many lines as it took', async () => {
    const terraform = (placed: string) => `resource "kafka_topic" "payments" {
  name = "payments"
  config = {
    "min.insync.replicas" = "3"
    "confluent.placement.constraints" = jsonencode(${placed})
  }
}
`;
    const rack = (name: string, count: number) => `{ count = ${count}, constraints = { rack = "${name}" } }`;
    const lists = (open: string, close: string, between: string) => [
      `replicas = [${open}${rack('west', 2)}${between}${rack('east', 2)}${close}]`,
      `observers = [${open}${rack('west', 1)}${between}${rack('east', 1)}${close}]`,
    ];
    const fixedTo = (placed: string) =>
      fixed(
        { 'docker-compose.yml': brokers, 'topics.tf': terraform(placed) },
        'datacenter-loss-stops-writes',
        'topics.tf',
      );
    const [replicas, observers] = lists('', '', ', ');
    expect(await fixedTo(`{ version = 2, ${replicas} }`)).toBe(terraform(`{ version = 2, ${replicas}, ${observers} }`));
    const [replicaLines, observerLines] = lists('\n        ', ',\n      ', ',\n        ');
    expect(await fixedTo(`{\n      version = 2\n      ${replicaLines}\n    }`)).toBe(
      terraform(`{\n      version = 2\n      ${replicaLines}\n      ${observerLines}\n    }`),
    );
  });
  it("in the person's own formatting", async () => {
    const written = `{\t"version": 2,
\t"replicas": [
\t\t{ "count": 2, "constraints": { "rack": "west" } },
\t\t{ "count": 2, "constraints": { "rack": "east" } }
\t],
\t"observerPromotionPolicy": "under-min-isr" }
`;
    const files = { ...payments, 'docker-compose.yml': compose({ west: 4, east: 4 }), 'p.json': written };
    expect(await fixed(files, 'datacenter-loss-stops-writes')).toBe(`{\t"version": 2,
\t"replicas": [
\t\t{ "count": 2, "constraints": { "rack": "west" } },
\t\t{ "count": 2, "constraints": { "rack": "east" } }
\t],
\t"observers": [
\t\t{ "count": 1, "constraints": { "rack": "west" } },
\t\t{ "count": 1, "constraints": { "rack": "east" } }
\t],
\t"observerPromotionPolicy": "under-min-isr" }
`);
  });
  it('in a command, quoted as it was', async () => {
    const json = JSON.stringify(JSON.parse(payments['p.json']));
    const script = `kafka-topics --create --topic a --partitions 1 --config min.insync.replicas=3 --config confluent.placement.constraints='${json}'\n`;
    const after = await fixed({ 'create.sh': script }, 'datacenter-loss-stops-writes', 'create.sh');
    expect(after).toContain('\'{"version":2,"replicas":');
    expect(after).toContain(
      '"observers":[{"count":1,"constraints":{"rack":"west"}},{"count":1,"constraints":{"rack":"east"}}]',
    );
    expect(after.endsWith("}'\n")).toBe(true);
  });
  it('raises a count where observers are already', async () => {
    const files = {
      ...payments,
      'docker-compose.yml': compose({ west: 5, east: 5 }),
      'p.json': placement({ replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 }, policy: 'under-min-isr' }),
      'create.sh': create('payments', 'p.json', 4),
    };
    expect(JSON.parse(await fixed(files, 'datacenter-loss-stops-writes'))).toMatchObject({
      observers: [
        { count: 2, constraints: { rack: 'west' } },
        { count: 2, constraints: { rack: 'east' } },
      ],
    });
  });
  it('only where brokers are left for them', async () => {
    const full = { ...payments, 'docker-compose.yml': compose({ west: 2, east: 2 }) };
    expect(await fixesOf(await check(full), 'datacenter-loss-stops-writes')).toEqual([]);
  });
  it('not where a lost quorum is what stops writes: no observer helps', async () => {
    const files = { ...payments, 'docker-compose.yml': compose({ west: 4, east: 4 }, { west: 2, east: 2 }) };
    const checked = await check(files);
    for (const finding of checked.findings) {
      const titles = (await checked.workspace.fixes(finding)).map(({ title }) => title);
      expect(titles.filter((title) => title.includes('survive'))).toEqual([]);
    }
  });
  it('for all topics of the placement: the neediest decides', async () => {
    const script = create('a', 'p.json', 3) + create('b', 'p.json', 4);
    const files = { ...payments, 'docker-compose.yml': compose({ west: 5, east: 5 }), 'create.sh': script };
    const [fix] = await fixesOf(await check(files), 'datacenter-loss-stops-writes');
    expect(fix?.title).toBe('Add 2 observers in each of west and east: writes survive the loss of any one datacenter');
  });
  it('in a rack of their own before Confluent Platform 7.3', async () => {
    const cluster =
      '{ "confluentPlatform": "7.1", "datacenters": { "west": { "racks": { "west-f": 2, "west-o": 2 } }, "east": { "racks": { "east-f": 2, "east-o": 2 } } } }';
    const files = {
      'shop.kafka-cluster.json': cluster,
      'p.json': placement({ replicas: { 'west-f': 2, 'east-f': 2 }, policy: 'under-min-isr' }),
      'create.sh': create('payments', 'p.json', 3),
    };
    expect(JSON.parse(await fixed(files, 'datacenter-loss-stops-writes'))).toMatchObject({
      observers: [{ constraints: { rack: 'west-o' } }, { constraints: { rack: 'east-o' } }],
    });
  });
});

describe('version 2 with a policy', () => {
  const inventory = {
    ...payments,
    'p.json': placement({ version: 1, replicas: { west: 2, east: 2 }, observers: { west: 1, east: 1 } }),
  };
  it('says that writes survive where they then do', async () => {
    const checked = await check(inventory);
    const fixes = await fixesOf(checked, 'version-1-with-observers');
    expect(fixes[0]).toMatchObject({
      title: 'Use version 2 with "under-min-isr": writes survive the loss of any one datacenter',
      preferred: true,
    });
    expect(fixes.filter(({ preferred }) => preferred)).toHaveLength(1);
    expect(JSON.parse(await fixed(inventory, 'datacenter-loss-stops-writes'))).toMatchObject({
      version: 2,
      observerPromotionPolicy: 'under-min-isr',
    });
  });
  it('claims no more than it buys', async () => {
    const local = {
      ...inventory,
      'p.json': placement({ version: 1, replicas: { west: 2 }, observers: { east: 1 } }),
      'create.sh': create('a', 'p.json', 2),
    };
    const fixes = await fixesOf(await check(local), 'version-1-with-observers');
    expect(fixes.map(({ title }) => title)).toEqual([
      'Use version 2 with "under-min-isr", which promotes observers automatically',
    ]);
  });
});

describe('set min.insync.replicas', () => {
  const files = {
    ...payments,
    'p.json': placement({ replicas: { west: 2, east: 2 }, policy: 'under-min-isr' }),
    'create.sh': create('payments', 'p.json', 2),
  };
  it('where it always spans two datacenters, with the observers that writes then need', async () => {
    const checked = await check(files);
    const [fix] = await fixesOf(checked, 'min-isr-within-datacenter');
    expect(fix?.title).toBe(
      'Set min.insync.replicas to 3 and add 1 observer in each of west and east: any one datacenter may be lost, and no acknowledged write with it',
    );
    const after = applied(checked.texts, fix!);
    expect(after['create.sh']).toContain('min.insync.replicas=3');
    const again = await check(after);
    expect(again.summary).toEqual([]);
    expect(again.analysis.topicsIn('p.json')[0]?.verdict).toMatchObject({ stoppedBy: [], dataAtRiskBy: [] });
  });
  it('and lets others have the thread while each is tried', async () => {
    const { workspace, all } = await check(files);
    const [finding] = all('min-isr-within-datacenter');
    let breaths = 0;
    const slowly = await workspace.fixes(finding!, async () => {
      breaths += 1;
    });
    expect(breaths).toBeGreaterThan(slowly.length);
    expect(slowly).toEqual(await workspace.fixes(finding!));
  });
  it('alone, where nothing else is needed', async () => {
    const three = {
      ...files,
      'docker-compose.yml': compose({ west: 3, east: 3, central: 3 }),
      'p.json': placement({ replicas: { west: 2, east: 2, central: 2 } }),
    };
    const fixes = await fixesOf(await check(three), 'min-isr-within-datacenter');
    expect(fixes.map(({ title }) => title)).toEqual([
      'Set min.insync.replicas to 3: any one datacenter may be lost, and no acknowledged write with it',
    ]);
  });
  it('not where other topics would get it too', async () => {
    const shared = {
      'docker-compose.yml': compose({ west: 4, east: 4 }, {}, undefined, { KAFKA_MIN_INSYNC_REPLICAS: '2' }),
      'p.json': files['p.json'],
      'q.json': files['p.json'],
    };
    expect(await fixesOf(await check(shared), 'min-isr-within-datacenter')).toEqual([]);
  });
});

describe('spread sync replicas', () => {
  it('over two datacenters, so that the loss of one leaves a leader', async () => {
    const clickstream = {
      ...payments,
      'p.json': placement({ replicas: { west: 3 }, observers: { east: 2 }, policy: 'under-min-isr' }),
      'create.sh': create('clickstream', 'p.json', 2),
    };
    const checked = await check(clickstream);
    const fixes = await fixesOf(checked, 'datacenter-loss-offline');
    expect(fixes[0]?.title).toMatch(
      /^Move 1 sync replica from "west" to "(east|central)".*: writes survive the loss of any one datacenter$/,
    );
    expect(fixes.every(({ preferred, mechanical }) => !preferred && !mechanical)).toBe(true);
    for (const fix of fixes) {
      const after = await check(applied(checked.texts, fix));
      expect(after.analysis.topicsIn('p.json')[0]?.verdict.stoppedBy).toEqual([]);
    }
  });
});

describe('mechanical fixes', () => {
  const mechanical: readonly (readonly [RuleCode, string, string])[] = [
    [
      'rack-duplicate',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}},{"count":1,"constraints":{"rack":"west"}}]}',
      '{"version":2,"replicas":[{"count":3,"constraints":{"rack":"west"}}]}',
    ],
    [
      'unknown-field',
      '{"version":2,"replica":[{"count":2,"constraints":{"rack":"west"}}]}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
    [
      'constraint-key',
      '{"version":2,"replicas":[{"count":2,"constraints":{"racks":"west"}}]}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
    [
      'version-string',
      '{"version":"2","replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
    [
      'json-duplicate-key',
      '{"version":1,"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
    [
      'json-syntax',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}],}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
    [
      'json-syntax',
      '// ours\n{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
      '{"version":2,"replicas":[{"count":2,"constraints":{"rack":"west"}}]}',
    ],
  ];
  it.each(mechanical)('%s', async (code, before, after) => {
    const checked = await check({ 'p.json': before });
    const [fix] = await fixesOf(checked, code);
    expect(fix).toMatchObject({ mechanical: true, preferred: true });
    expect(applied(checked.texts, fix!)['p.json']).toBe(after);
  });
});

describe('use the known rack', () => {
  it('is offered for the nearest one', async () => {
    const files = { ...payments, 'p.json': placement({ replicas: { west: 2, East: 2 } }) };
    expect(JSON.parse(await fixed(files, 'rack-unknown'))).toMatchObject({
      replicas: [{}, { constraints: { rack: 'east' } }],
    });
  });
  it('is not offered where it would make another error', async () => {
    const files = { ...payments, 'p.json': placement({ replicas: { west: 2, east: 2, East: 1 } }) };
    expect(await fixesOf(await check(files), 'rack-unknown')).toEqual([]);
  });
});

describe('a policy that does not exist', () => {
  it('has the nearest as the preferred choice', async () => {
    const files = { ...payments, 'p.json': payments['p.json'].replace('under-min-isr', 'under_min_isr') };
    const fixes = await fixesOf(await check(files), 'policy-unknown');
    expect(fixes.map(({ title, preferred }) => [title, preferred])).toEqual([
      ['Use "under-min-isr"', true],
      ['Use "under-replicated"', false],
      ['Use "leader-is-observer"', false],
    ]);
  });
});

describe('drop the replication factor', () => {
  it('with the line it stands on', async () => {
    const script =
      'kafka-topics --create --topic a \\\n  --partitions 3 \\\n  --replication-factor 4 \\\n  --replica-placement p.json --config min.insync.replicas=3\n';
    const after = await fixed({ ...payments, 'create.sh': script }, 'replication-factor-with-placement', 'create.sh');
    expect(after).toBe(
      'kafka-topics --create --topic a \\\n  --partitions 3 \\\n  --replica-placement p.json --config min.insync.replicas=3\n',
    );
  });
});

describe('whatever the placement', () => {
  const racks = fc.dictionary(
    fc.constantFrom('west', 'east', 'central', 'East', 'wset'),
    fc.integer({ min: 1, max: 3 }),
    { minKeys: 1 },
  );
  const parts = fc.record({
    version: fc.constantFrom(1, 2),
    replicas: racks,
    observers: fc.option(racks, { nil: undefined }),
    policy: fc.option(fc.constantFrom('under-min-isr', 'under-replicated', 'leader-is-observer', 'under_min_isr'), {
      nil: undefined,
    }),
  });
  const style = fc.constantFrom(0, 2, 4, '\t');
  /** What the title of a fix says, seen anew with other eyes: a workspace that knows nothing of the fix. */
  async function holdsTrue(finding: Finding, fix: Fix, before: Checked): Promise<void> {
    const after = await check(applied(before.texts, fix));
    const [verdict] = after.analysis.topicsIn('p.json').map((topic) => topic.verdict);
    if (/: (?:writes survive|any one datacenter)/.test(fix.title)) {
      expect(verdict?.stoppedBy).toEqual([]);
      if (fix.title.endsWith('no acknowledged write with it')) expect(verdict?.dataAtRiskBy).toEqual([]);
    } else {
      expect(after.all(finding.code).length).toBeLessThan(before.all(finding.code).length);
    }
    const untouched = [...before.texts].filter(([uri]) => fix.edits.every(({ place }) => place.uri !== uri));
    for (const [uri, text] of untouched) expect(after.texts.get(uri)).toBe(text);
  }
  it('every fix does what it says, and at most one of a finding is preferred', async () => {
    await fc.assert(
      fc.asyncProperty(parts, style, fc.integer({ min: 1, max: 5 }), async (random, indent, minIsr) => {
        const defined = Object.fromEntries(Object.entries(random).filter(([, value]) => value !== undefined));
        const text = JSON.stringify(JSON.parse(placement({ ...random, ...defined } as never)), null, indent);
        const checked = await check({
          'docker-compose.yml': brokers,
          'p.json': text,
          'create.sh': create('t', 'p.json', minIsr),
        });
        for (const finding of checked.findings) {
          const fixes = await checked.workspace.fixes(finding);
          expect(fixes.filter(({ preferred }) => preferred).length).toBeLessThanOrEqual(1);
          for (const fix of fixes) await holdsTrue(finding, fix, checked);
        }
      }),
      { numRuns: 10 },
    );
  }, 60_000);
});
