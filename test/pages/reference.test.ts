import { expect } from 'chai';
import type { Browser } from 'playwright-core';
import { openWorld, type World } from '../support/world.ts';
import { findViolations, looks, openBrowser } from './browser.ts';

describe('the API reference', function () {
  this.timeout(240_000);
  let world: World;
  let browser: Browser;

  before(async () => {
    world = await openWorld({ workers: false });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  for (const look of looks) {
    const { colorScheme, viewport } = look;
    it(`gives axe-core nothing to find, and is no wider than the screen (${colorScheme}, ${viewport.width} wide)`, async () => {
      const context = await browser.newContext({ ...look, bypassCSP: true });
      const page = await context.newPage();
      page.setDefaultTimeout(60_000);
      await page.goto(`${world.url}/docs`);
      await page.getByText('/message/send').first().waitFor();
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.be.at.most(viewport.width);
      expect(await findViolations(page)).to.deep.equal([]);
      await context.close();
    });
  }
});
