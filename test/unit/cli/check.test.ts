import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { version } from '../../../package.json';
import { parseCommand } from '../../../src/cli/options';
import { run } from '../../../src/cli/run';
import { compose, create, placement } from '../rules/check';
import { diskOf, runIn } from './files';

const shop = {
  '/w/shop/docker-compose.yml': compose({ west: 4, east: 4 }),
  '/w/shop/create.sh': create('orders', 'orders.json', 3) + create('payments', 'payments.json', 3),
  '/w/shop/orders.json': placement({
    replicas: { west: 2, east: 2 },
    observers: { west: 1, east: 1 },
    policy: 'under-min-isr',
  }),
  '/w/shop/payments.json': placement({ replicas: { west: 2, east: 2 } }),
};

describe('check', () => {
  it('prints findings as file:line:column, then what each failure does, then a sum', async () => {
    const { code, out, err } = await runIn(shop, ['check', 'shop']);
    expect(err).toBe('');
    expect(code).toBe(1);
    expect(out).toContain(
      'shop/payments.json:3:3 warning Losing west or east stops acks=all writes to topic payments: 2 replicas stay in sync and min.insync.replicas is 3. No observer outside it could take the place of what is lost. (datacenter-loss-stops-writes)\n    shop/create.sh:2:144 min.insync.replicas is set here\n',
    );
    expect(out).toContain(
      'orders (shop/orders.json, min ISR 3): Survives any one datacenter · writes pause up to 10.7 s · headroom 0\n',
    );
    expect(out).toMatch(/west, all at once +stop: ISR 2 of 3/);
    expect(out.trimEnd().split('\n').at(-1)).toBe('2 topics: 1 warning, 1 hint');
  });
  it('says once that links are not followed', async () => {
    const { code, err } = await runIn({ ...shop, '/w/shop/loop': null, '/w/shop/other': null }, ['check', 'shop']);
    expect(err).toBe('kafka-failover-lens: links are not followed: /w/shop/loop and 1 more\n');
    expect(code).toBe(1);
  });
  it('ends with 0 where nothing is above information', async () => {
    const { '/w/shop/payments.json': _, ...good } = {
      ...shop,
      '/w/shop/create.sh': create('orders', 'orders.json', 3),
    };
    expect((await runIn(good, ['check', 'shop'])).code).toBe(0);
    expect(await runIn({ '/w/a.txt': 'nothing' }, ['check', '.'])).toEqual({
      code: 0,
      out: 'No replica placement found.\n',
      err: '',
    });
  });
  it('shows paths as they were given: from here, from above, or absolute', async () => {
    const first = async (path: string): Promise<string> => (await runIn(shop, ['check', path])).out.split(':')[0] ?? '';
    expect(await first('.')).toBe('shop/orders.json');
    expect(await first('/w/shop')).toBe('/w/shop/orders.json');
    const around = {
      disk: diskOf(shop),
      cwd: '/w/other',
      out: (text: string) => printed.push(text),
      err: () => {},
      colour: false,
    };
    const printed: string[] = [];
    await run(['check', '../shop'], around);
    expect(printed.join('')).toMatch(/^\.\.\/shop\/orders\.json:/);
  });
  it('takes several paths as one workspace', async () => {
    const { out } = await runIn(shop, ['check', 'shop/payments.json', 'shop/create.sh', 'shop/docker-compose.yml']);
    expect(out).toContain('payments (shop/payments.json, min ISR 3): Loss of west or east stops writes');
  });
  it('says what cannot be created instead of a verdict', async () => {
    const files = { ...shop, '/w/shop/orders.json': placement({ replicas: { west: 2, East: 2 } }) };
    const { code, out } = await runIn(files, ['check', 'shop']);
    expect(code).toBe(1);
    expect(out).toContain('orders (shop/orders.json, min ISR 3): Cannot be created, see the error above');
  });
  it('leaves out what others made, binaries and links', async () => {
    const files = {
      '/w/node_modules/x/p.json': placement({ replicas: { west: 0 } }),
      '/w/.git/p.json': placement({ replicas: { west: 0 } }),
      '/w/p.png': placement({ replicas: { west: 0 } }),
      '/w/blob': `\0${placement({ replicas: { west: 0 } })}`,
    };
    expect((await runIn(files, ['check', '.'])).out).toBe('No replica placement found.\n');
    const linked = diskOf({ '/w/link/p.json': placement({ replicas: { west: 0 } }) });
    const disk = {
      ...linked,
      kind: async (path: string, follow: boolean) =>
        path === '/w/link' && !follow ? ('other' as const) : linked.kind(path, follow),
    };
    const printed: string[] = [];
    const around = { disk, cwd: '/w', out: (text: string) => printed.push(text), err: () => {}, colour: false };
    await run(['check', '.'], around);
    expect(printed.join('')).toBe('No replica placement found.\n');
    await run(['check', 'link'], around);
    expect(printed.join('')).toContain('count-invalid');
  });
  it('does not take half an answer for a whole one', async () => {
    const disk = { ...diskOf(shop), read: async () => Promise.reject(new Error('EACCES: permission denied')) };
    const printed: string[] = [];
    const around = { disk, cwd: '/w', out: () => {}, err: (text: string) => printed.push(text), colour: false };
    expect(await run(['check', 'shop'], around)).toBe(2);
    expect(printed[0]).toBe('kafka-failover-lens: /w/shop/create.sh was not read: EACCES: permission denied\n');
  });
  it('lets no name in a file move the cursor', async () => {
    const evil = { ...shop, '/w/shop/create.sh': create('a\u001b[2Jb', 'payments.json', 3) };
    const { out } = await runIn(evil, ['check', 'shop']);
    expect(out).not.toContain('\u001b');
  });
  it('colours only where it is asked to', async () => {
    expect((await runIn(shop, ['check', 'shop'], true)).out).toContain('\u001b[33mwarning\u001b[0m');
  });
  it('prints one line for each topic where there are many', async () => {
    const many = Object.fromEntries(
      Array.from({ length: 30 }, (_, n) => [`/w/p${n}.json`, placement({ replicas: { west: 2 } })]),
    );
    const { out } = await runIn(many, ['check', '.', '--rule', 'min-isr-not-set=off']);
    expect(out.trimEnd().split('\n')).toHaveLength(32);
    expect((await runIn(many, ['check', '.', '--all'])).out.length).toBeGreaterThan(out.length * 5);
  });
});

describe('check --format json', () => {
  it('has the documented fields, in a stable order', async () => {
    const shuffled = Object.fromEntries(Object.entries(shop).reverse());
    const { out, code } = await runIn(shop, ['check', 'shop', '--format', 'json']);
    expect(code).toBe(1);
    expect((await runIn(shuffled, ['check', 'shop', '--format', 'json'])).out).toBe(out);
    const json = JSON.parse(out);
    expect(Object.keys(json)).toEqual(['version', 'topics', 'findings']);
    expect(json.version).toBe(1);
    expect(json.topics.map((topic: { name: string }) => topic.name)).toEqual(['orders', 'payments']);
    expect(json.topics[1]).toMatchObject({
      file: 'shop/payments.json',
      partitions: 6,
      minIsr: 3,
      minIsrAssumed: false,
      refused: false,
    });
    expect(json.topics[1].outcomes.find((one: { scenario: string }) => one.scenario === 'datacenter:west')).toEqual({
      scenario: 'datacenter:west',
      writes: 'stop',
      blockedMs: null,
      reads: 'stale',
      acknowledgedData: 'kept',
      person: 'lower-min-isr',
      isr: 2,
      minIsr: 3,
      promoted: 0,
      headroom: null,
    });
    expect(json.findings.find((one: { level: string }) => one.level === 'warning')).toEqual({
      code: 'datacenter-loss-stops-writes',
      level: 'warning',
      file: 'shop/payments.json',
      line: 3,
      column: 3,
      endLine: 3,
      endColumn: 13,
      message: expect.stringMatching(/^Losing west or east stops/),
      related: [
        { file: 'shop/create.sh', line: 2, column: expect.any(Number), message: 'min.insync.replicas is set here' },
      ],
    });
  });
});

describe('the command line', () => {
  it.each([
    [[], 'Say what to do: kafka-failover-lens check PATH… or simulate SCENARIO.json'],
    [['check'], 'Say where to look: kafka-failover-lens check PATH…'],
    [['check', '.', '--formt', 'json'], 'There is no option --formt; probably --format is meant.'],
    [['check', '.', '-x'], 'There is no option -x; --help lists them.'],
    [['check', '.', '--format', 'xml'], '--format is text or json, not "xml".'],
    [['check', '.', '--format'], '--format needs a value; --help says which.'],
    [['check', '.', '--all=yes'], '--all takes no value.'],
    [['check', '.', '--goal', 'fast'], '--goal is durable-first or available-first, not "fast".'],
    [['check', '.', '--assume-min-isr', '0'], '--assume-min-isr is a whole number of at least 1, not "0".'],
    [['check', '.', '--rule', 'rack-unkown=off'], 'There is no rule "rack-unkown"; probably rack-unknown is meant.'],
    [
      ['check', '.', '--rule', 'rack-unknown=loud'],
      '--rule rack-unknown=loud: the level is one of off, hint, information, warning, error.',
    ],
  ])('%j is explained', async (argv, message) => {
    expect(parseCommand(argv)).toEqual({ kind: 'wrong', message });
    expect(await runIn({}, argv)).toEqual({ code: 2, out: '', err: `kafka-failover-lens: ${message}\n` });
  });
  it('names a path that is not there', async () => {
    expect(await runIn({}, ['check', 'gone'])).toEqual({
      code: 2,
      out: '',
      err: 'kafka-failover-lens: There is no file or folder "gone".\n',
    });
  });
  it('knows --help and --version', async () => {
    expect((await runIn({}, ['--help'])).out).toMatch(/^Usage: kafka-failover-lens check PATH/);
    expect(await runIn({}, ['-v'])).toEqual({ code: 0, out: `${version}\n`, err: '' });
  });
  it('takes settings for what no file says', async () => {
    const { out } = await runIn({ '/w/p.json': shop['/w/shop/orders.json'] }, ['check', '.', '--assume-min-isr', '3']);
    expect(out).toContain('p (p.json, min ISR 3 (assumed)): Survives any one datacenter');
  });
});

const built = fileURLToPath(new URL('../../../dist/cli.js', import.meta.url));

describe.runIf(existsSync(built))('the built program', () => {
  it('runs', () => {
    expect(execFileSync(process.execPath, [built, '--version'], { encoding: 'utf8' })).toBe(`${version}\n`);
  });
});
