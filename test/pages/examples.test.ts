import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { build } from '../../dev/build.mjs';
import { startExamples } from '../../dev/examples/server.ts';
import { showSteps } from '../../dev/progress.mjs';
import { freePort } from '../../dev/stack/port.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { until } from '../support/rows.ts';
import { openWorld, type World } from '../support/world.ts';
import { findViolations, looks, openBrowser } from './browser.ts';

describe('the inbox among the examples', function () {
  this.timeout(240_000);
  let world: World;
  let group: TestGroup;
  let browser: Browser;
  let examples: Awaited<ReturnType<typeof startExamples>>;
  before(async () => {
    const port = await freePort();
    await build(process.cwd(), showSteps());
    world = await openWorld({ env: { HOOKS_TO_PRIVATE: '1', CORS_ORIGINS: `http://127.0.0.1:${port}` } });
    group = await startGroup(world, ['Ann', 'Bob', 'Cy', 'Dee', 'Eve'], { name: 'Hikers' });
    examples = await startExamples({ api: world.url, port, root: process.cwd() });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await examples?.close();
    await world?.close();
  });

  // Each somebody else: a person may ask for few PINs.
  for (const [at, look] of looks.entries()) {
    const who = ['Bob', 'Cy', 'Dee', 'Eve'][at] ?? '';
    const name = `${look.colorScheme}, ${look.viewport.width} wide`;
    it(`lets a member log in, read and say something, live (${name})`, async () => {
      const context = await browser.newContext({ ...look, bypassCSP: true });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      const wrong: string[] = [];
      page.on('pageerror', ({ message }) => wrong.push(message));
      await page.goto(examples.url);
      await check(page, 'sign-in');
      await logIn(page, who);
      await page.getByRole('button', { name: 'Hikers' }).click();
      await world.text(group.phones.Ann ?? '', group.number, `Live, ${name}`);
      await page.getByText(`Live, ${name}`).waitFor();
      await page.getByLabel('Message', { exact: true }).fill(`From the page, ${name}`);
      await page.getByRole('button', { name: 'Send' }).click();
      await page
        .locator('.mine', { hasText: `From the page, ${name}` })
        .getByText('4 have it')
        .waitFor();
      await check(page, 'chat');
      expect(wrong).to.deep.equal([]);
      await context.close();
    });

    async function check(page: Page, what: string): Promise<void> {
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS) {
        mkdirSync(SCREENSHOTS, { recursive: true });
        const file = `inbox-${what}-${look.colorScheme}-${look.viewport.width}.png`;
        await page.screenshot({ path: path.join(SCREENSHOTS, file) });
      }
      expect(await page.evaluate('document.documentElement.scrollWidth'), what).to.be.at.most(look.viewport.width);
      expect(await findViolations(page), what).to.deep.equal([]);
    }
  }

  it('brings the bot into a group of the owner', async () => {
    const page = await browser.newPage();
    await page.goto(examples.url);
    await logIn(page, 'Ann');
    await page.getByRole('button', { name: 'Hikers' }).click();
    await page.getByRole('button', { name: 'Add the bot' }).click();
    await page.getByRole('button', { name: 'Add the bot' }).waitFor({ state: 'hidden' });
    await world.text(group.phones.Bob ?? '', group.number, '!roll 1');
    await page.getByText('Dice: 1').waitFor();
    await page.close();
  });

  async function logIn(page: Page, who: string): Promise<void> {
    const phone = group.phones[who] ?? '';
    const pins = () => world.textsTo(phone).flatMap(({ text }) => text.match(/PIN\D*(\d{4,})/)?.[1] ?? []);
    const before = pins().length;
    await page.getByLabel('Your mobile number').fill(phone);
    await page.getByRole('button', { name: 'Go on' }).click();
    await until('the PIN is there', async () => pins().length > before);
    await page.getByLabel('PIN').fill(pins().at(-1) ?? '');
    await page.getByRole('button', { name: 'Go on' }).click();
    await page.getByRole('button', { name: 'Log out' }).waitFor();
  }
});
