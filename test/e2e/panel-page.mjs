/**
 * The panel's page by itself, in Chromium: what only a browser can answer. Keyboard, focus, widths, contrast, and that
 * text from a workspace can do nothing under the content security policy. Run it with `node --test`.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { after, before, describe, it } from 'node:test';
import { launchChromium } from './lib/browser.mjs';
import { load, openPanel, panelFiles, showing } from './lib/panelPage.mjs';

const { models, sixTopics, topicChoices } = await load('test/fixtures/panel/all.ts');
const files = await panelFiles();
/** @type {import('playwright-core').Browser} */
let browser;

before(async () => {
  browser = await launchChromium();
});
after(() => browser.close());

/**
 * Opens the panel, lets the test work with it, and expects that the page had nothing to complain of.
 *
 * @param {import('./lib/panelPage.mjs').PanelOptions} options
 * @param {(panel: Awaited<ReturnType<typeof openPanel>>) => Promise<void>} use
 */
async function withPanel(options, use) {
  const panel = await openPanel(browser, files, options);
  try {
    await use(panel);
    assert.deepEqual(panel.complaints, []);
  } finally {
    await panel.close();
  }
}

/** Text or id of what has the focus. @param {import('playwright-core').Page} page */
const focused = (page) =>
  page.evaluate(() => document.activeElement?.getAttribute('data-arg') ?? document.activeElement?.id ?? '');

/** The numbers of the chosen step: in the list and in the drawing. @param {import('playwright-core').Page} page */
async function chosenStep(page) {
  const inList = await page.locator('[aria-current="step"]').getAttribute('data-arg');
  const inDrawing = await page.getByRole('slider').getAttribute('aria-valuenow');
  return [Number(inList) + 1, Number(inDrawing)];
}

describe('with the keyboard only', () => {
  it('each row is reached and chosen, and the steps follow', () =>
    withPanel({}, async ({ page, send, posts }) => {
      await send(showing(models.orders, sixTopics));
      await page.getByRole('grid').locator('[tabindex="0"]').focus();
      assert.equal(await focused(page), 'datacenter:west');
      await page.keyboard.press('Home');
      const reached = [];
      for (let row = 0; row < 7; row++) {
        reached.push(await focused(page));
        await page.keyboard.press('ArrowDown');
      }
      const standard = models.orders.rows.filter((/** @type {{ folded: boolean }} */ row) => !row.folded);
      assert.deepEqual(
        reached,
        standard.map((/** @type {{ id: string }} */ row) => row.id),
      );

      await page.keyboard.press('Home');
      await page.keyboard.press('Enter');
      assert.deepEqual((await posts()).at(-1), { kind: 'selectScenario', scenario: 'broker:any' });
      assert.equal(await page.locator('[role="row"][aria-selected="true"]').getAttribute('data-arg'), 'broker:any');
      const play = { ...models.payments.play, scenario: 'broker:any', title: 'any one broker' };
      await send(showing({ ...models.orders, play }, sixTopics));
      assert.equal(await page.locator('#play-title').textContent(), 'any one broker');
      assert.equal(await page.getByRole('list', { name: 'Steps' }).getByRole('listitem').count(), 3);
      assert.equal(await focused(page), 'broker:any');
    }));

  it('everything is reached in the order it is read', () =>
    withPanel({}, async ({ page, send }) => {
      await send(showing(models.payments, sixTopics));
      const stops = [];
      for (let stop = 0; stop < 12; stop++) {
        await page.keyboard.press('Tab');
        stops.push(
          await page.evaluate(() => {
            const element = document.activeElement;
            return element?.id || element?.getAttribute('aria-label') || element?.getAttribute('data-arg') || '';
          }),
        );
      }
      assert.deepEqual(stops, [
        'topic',
        'link:placement-payments.json:9',
        'link:create-topics.sh:19',
        'link:placement-payments.json:2',
        'link:docker-compose.yml',
        'datacenter:west',
        'Step back',
        'Play',
        'Step forward',
        'Timeline',
        '0',
        'Copy as kafka-topics --describe prints it',
      ]);
    }));

  it('the drawing and the list move each other', () =>
    withPanel({}, async ({ page, send }) => {
      await send(showing(models.orders));
      await page.getByRole('slider').focus();
      await page.keyboard.press('ArrowRight');
      await page.keyboard.press('ArrowRight');
      assert.deepEqual(await chosenStep(page), [3, 3]);
      await page.keyboard.press('End');
      assert.deepEqual(await chosenStep(page), [8, 8]);
      await page.locator('[aria-current="step"]').focus();
      await page.keyboard.press('ArrowUp');
      assert.deepEqual(await chosenStep(page), [7, 7]);
      assert.equal(await focused(page), '6');
      assert.match((await page.getByRole('slider').getAttribute('aria-valuetext')) ?? '', /^\+5 s: Replica 2 rejoins/);
    }));

  it('a step is copied as kafka-topics --describe prints it', () =>
    withPanel({}, async ({ page, send, posts }) => {
      await send(showing(models.orders));
      await page.getByRole('button', { name: 'Copy as kafka-topics' }).focus();
      await page.keyboard.press('Enter');
      assert.deepEqual((await posts()).at(-1), { kind: 'copy', text: models.orders.play.steps[0].describe });
      assert.equal(await page.locator('#status').textContent(), 'Copied');
    }));

  it('one of 2,000 topics is found by a part of its name', () =>
    withPanel({}, async ({ page, send, posts }) => {
      await send(showing(models.payments, [...sixTopics, ...topicChoices(2000)]));
      await page.getByRole('combobox').focus();
      await page.keyboard.type('stream-1777');
      assert.equal(await page.getByRole('option').count(), 1);
      await page.keyboard.press('Enter');
      assert.deepEqual((await posts()).at(-1), { kind: 'selectTopic', topic: 'topic-1777' });
      assert.equal(await page.getByRole('option').count(), 0);
      await page.keyboard.press('ArrowDown');
      assert.equal(await page.getByRole('option').count(), 50);
      await page.keyboard.press('Escape');
      assert.equal(await page.getByRole('combobox').inputValue(), 'payments');
    }));
});

describe('with the pointer', () => {
  it('a press on the drawing chooses the step under it', () =>
    withPanel({}, async ({ page, send }) => {
      await send(showing(models.orders));
      await page.getByText('promoted', { exact: true }).click();
      assert.deepEqual(await chosenStep(page), [4, 4]);
    }));

  it('links, fixes and topics post what they stand for', () =>
    withPanel({}, async ({ page, send, posts }) => {
      await send(showing(models.assumed, sixTopics));
      await page.getByRole('link', { name: 'placement-clicks.json:16' }).click();
      await page.getByRole('button', { name: 'Write a cluster file' }).click();
      await page.getByRole('combobox').click();
      await page.getByRole('option', { name: 'audit' }).click();
      await send(showing(models.orders));
      await page.getByRole('button', { name: 'Apply: Add 1 observer per datacenter' }).click();
      assert.deepEqual((await posts()).slice(1), [
        { kind: 'open', link: 'link:placement-clicks.json:16' },
        { kind: 'createClusterFile' },
        { kind: 'selectTopic', topic: 'audit' },
        { kind: 'apply', help: 'observers' },
      ]);
      assert.equal(page.url(), 'http://panel.test/');
    }));
});

describe('an update', () => {
  it('keeps focus, scrolling and elements: nothing flickers', () =>
    withPanel({ height: 400 }, async ({ page, send }) => {
      await send(showing(models.orders, sixTopics));
      await page.locator('[data-arg="controllers"]').focus();
      await page.evaluate(() => window.scrollTo(0, 250));
      await page.evaluate(() => Object.assign(window, { rows: [...document.querySelectorAll('tr')] }));
      // A notice appears above, a row's words change, another row comes first.
      const rows = [models.orders.rows[1], models.orders.rows[0], ...models.orders.rows.slice(2)];
      await send(showing({ ...models.orders, rows, notices: models.payments.notices }, sixTopics));
      assert.equal(await focused(page), 'controllers');
      assert.equal(
        await page.evaluate(() => Reflect.get(window, 'rows').every((/** @type {Element} */ row) => row.isConnected)),
        true,
      );
      assert.equal(await page.locator('tbody tr').first().getAttribute('data-arg'), 'datacenter:west');
    }));

  it('that takes long is announced after 200 ms, and not before', () =>
    withPanel({ stopClock: true }, async ({ page, send }) => {
      await send({ kind: 'busy' });
      await page.clock.fastForward(199);
      assert.equal(await page.getByText('Simulating…').count(), 0);
      await page.clock.fastForward(1);
      assert.equal(await page.getByText('Simulating…').count(), 1);
      await send(showing(models.orders));
      assert.equal(await page.locator('.progress').count(), 0);
    }));

  it('plays step by step to the end', () =>
    withPanel({ stopClock: true }, async ({ page, send }) => {
      await send(showing(models.payments));
      await page.getByRole('button', { name: 'Play', exact: true }).click();
      await page.clock.runFor(1600);
      assert.deepEqual(await chosenStep(page), [2, 2]);
      await page.clock.runFor(1600);
      assert.deepEqual(await chosenStep(page), [3, 3]);
      assert.equal(await page.getByRole('button', { name: 'Play', exact: true }).count(), 1);
    }));
});

describe('hiding and reloading', () => {
  it('brings back topic, failure, step, unfolded rows and scrolling', async () => {
    /** @type {unknown} */
    let kept;
    await withPanel({ height: 500 }, async (panel) => {
      await panel.send(showing(models.orders, sixTopics));
      await panel.page.getByRole('button', { name: 'Show 3 more failures' }).click();
      await panel.page.getByRole('slider').focus();
      await panel.page.keyboard.press('End');
      await panel.page.evaluate(() => window.scrollTo(0, 333));
      await panel.page.waitForFunction(() => Reflect.get(window, 'kept').scrollTop === 333);
      kept = await panel.kept();
    });
    await withPanel({ height: 500, kept }, async ({ page, send, posts }) => {
      assert.deepEqual(await posts(), [{ kind: 'ready', topic: 'orders', scenario: 'datacenter:west' }]);
      await send(showing(models.orders, sixTopics));
      assert.deepEqual(await chosenStep(page), [8, 8]);
      assert.equal(await page.getByRole('button', { name: 'Hide 3 more failures' }).count(), 1);
      assert.equal(await page.evaluate(() => window.scrollY), 333);
    });
  });
});

describe('text from a workspace', () => {
  it('runs nothing, loads nothing and is shown as it is', () =>
    withPanel({}, async ({ page, send, posts }) => {
      await send(showing(models.hostile));
      assert.equal(await page.locator('main :is(script, img)').count(), 0);
      assert.match(
        (await page.getByRole('heading', { level: 1 }).textContent()) ?? '',
        /^<script>alert\("1"\)<\/script>\[U\+202E\]/,
      );
      await page.getByRole('button', { name: /^Apply/ }).click();
      const [, said] = await posts();
      assert.equal(Reflect.get(Object(said), 'help'), models.hostile.help[0].id.replace('\0', '\ufffd'));
    }));
});

describe('at every width', () => {
  for (const name of ['orders', 'payments', 'assumed', 'one', 'nine', 'hostile', 'endless']) {
    it(`${name} stays within the page`, () =>
      withPanel({}, async ({ page, send }) => {
        await send(showing(models[name], sixTopics));
        for (const width of [400, 560, 700, 760, 900, 1120, 1400]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(wide <= 0, `${width} px: ${wide} px too wide`);
        }
      }));
  }
});

describe('for everybody', () => {
  /** @type {readonly import('./lib/panelPage.mjs').Theme[]} */
  const themes = ['dark', 'light', 'hc-dark', 'hc-light'];
  for (const theme of themes) {
    for (const width of [400, 1120]) {
      it(`axe finds nothing in ${theme} at ${width} px`, () =>
        withPanel({ theme, width }, async ({ page, send }) => {
          await page.evaluate(await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8'));
          for (const name of ['orders', 'payments', 'assumed']) {
            await send(showing(models[name], sixTopics));
            await page.getByRole('combobox').click();
            const found = await page.evaluate(async () => {
              const { violations } = await Reflect.get(window, 'axe').run(document, { resultTypes: ['violations'] });
              return violations.flatMap(
                (/** @type {{ id: string, nodes: { html: string, failureSummary: string }[] }} */ violation) =>
                  violation.nodes.map((node) => `${violation.id}: ${node.html.slice(0, 160)} ${node.failureSummary}`),
              );
            });
            assert.deepEqual(found, []);
          }
        }));
    }
  }
});
