import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import type { TestGroup } from '../support/group.ts';
import { openOperated } from '../support/operator.ts';
import type { World } from '../support/world.ts';
import { findViolations, looks, openBrowser } from './browser.ts';

const PASSWORD = 'Correct-Horse-9';

describe('the console of operators in a browser', function () {
  this.timeout(240_000);
  let world: World;
  let group: TestGroup;
  let browser: Browser;
  before(async () => {
    ({ world, group } = await openOperated(
      ['Ann', 'Bob', 'Cy'],
      { name: 'Hikers' },
      { env: { OPS_PASSWORD: PASSWORD } },
    ));
    await world.text(group.phones.Ann ?? '', group.number, 'Meet at nine');
    await world.quiet();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  for (const look of looks) {
    const { colorScheme, viewport } = look;
    const name = `${colorScheme}, ${viewport.width} wide`;

    it(`gives axe-core nothing to find, and is no wider than the screen (${name})`, async () => {
      const context = await browser.newContext({ ...look, bypassCSP: true });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`${world.url}/ops`);
      await check(page, 'sign-in');
      await page.getByLabel('Name').fill('ops');
      await page.getByLabel('Password').fill(PASSWORD);
      await page.getByRole('button', { name: 'Sign in' }).press('Enter');
      await page.locator('[data-plot=most] output', { hasNotText: '–' }).waitFor();
      await check(page, 'home');
      await world.simulator.fault({ kind: 'no_credit' });
      await world.text(group.phones.Ann ?? '', group.number, 'To be stopped');
      await page.goto(`${world.url}/ops/running?more-than=0`);
      await page.getByText('Stop it…').first().click();
      await check(page, 'running');
      await page.getByRole('button', { name: 'Stop message' }).first().click();
      await page.getByText('cancelled by an operator').waitFor();
      await check(page, 'message');
      world.simulator.clearFaults();
      for (const place of ['numbers', 'acts', 'queues', `group?id=${group.id}`, 'person?id=1']) {
        await page.goto(`${world.url}/ops/${place}`);
        // The forms of what an operator may do there.
        for (const summary of await page.locator('summary').all()) await summary.click();
        await check(page, place.replace(/\W.*/, ''));
      }
      await page.goto(`${world.url}/ops/find`);
      await page.getByRole('textbox').fill('555');
      await page.getByRole('button', { name: 'Find' }).click();
      await page.getByRole('heading', { name: 'People' }).waitFor();
      await check(page, 'find');
      await context.close();
    });

    async function check(page: Page, what: string): Promise<void> {
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS) {
        mkdirSync(SCREENSHOTS, { recursive: true });
        await page.screenshot({
          path: path.join(SCREENSHOTS, `${what}-${colorScheme}-${viewport.width}.png`),
          fullPage: true,
        });
      }
      expect(await page.evaluate('document.documentElement.scrollWidth'), what).to.be.at.most(viewport.width);
      expect(await findViolations(page), what).to.deep.equal([]);
    }
  }

  it('draws its plots under its own policy', async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    const refused: string[] = [];
    page.on('console', (line) => line.type() === 'error' && refused.push(line.text()));
    await page.goto(`${world.url}/ops/sign-in`);
    await page.getByLabel('Name').fill('ops');
    await page.getByLabel('Password').fill(PASSWORD);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.locator('[data-plot=waiting] path[d^=M]').waitFor({ state: 'attached' });
    expect(refused).to.deep.equal([]);
    await context.close();
  });
});
