import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { endpoints } from '../../api/endpoints/index.ts';
import { row } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';
import { findViolations, looks, openBrowser } from './browser.ts';

describe('the API reference', function () {
  this.timeout(240_000);
  let pictures: string;
  let world: World;
  let browser: Browser;

  before(async () => {
    pictures = await mkdtemp(path.join(tmpdir(), 'reference-'));
    world = await openWorld({ env: { MEDIA_FOLDER: pictures } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await rm(pictures, { recursive: true });
  });

  for (const look of looks) {
    const { colorScheme, viewport } = look;
    it(`gives axe-core nothing to find, and is no wider than the screen (${colorScheme}, ${viewport.width} wide)`, async () => {
      const context = await browser.newContext({ ...look, bypassCSP: true });
      const page = await context.newPage();
      for (const path of ['/docs', '/docs/guide', '/docs/tasks', '/docs/errors']) {
        await page.goto(`${world.url}${path}`);
        // A call that is looked at: its fields, and the place to try it.
        if (path === '/docs')
          await page.evaluate("for (const one of document.querySelectorAll('#sendMessage details')) one.open = true");
        expect(await page.evaluate('document.documentElement.scrollWidth'), path).to.be.at.most(viewport.width);
        expect(await findViolations(page), path).to.deep.equal([]);
        const folder = process.env.SCREENSHOTS;
        if (folder !== undefined)
          await page.screenshot({
            path: `${folder}/${path.replaceAll('/', '-')}-${colorScheme}-${viewport.width}.png`,
          });
      }
      await context.close();
    });
  }

  it('opens from the page of handsets logged in, with a call that works as it stands', async () => {
    const group = await startGroup(world, ['Eve', 'Fay'], { name: 'Rowers' });
    const page = await browser.newPage();
    try {
      for (const id of [1, 2]) {
        const asked = await fetch(`${world.simulator.url}/demo/session`, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify({ phone: group.phones.Eve }),
        });
        const { address } = (await asked.json()) as { address: string };
        // The second time there is a session already, and no other PIN.
        await page.goto('about:blank');
        await page.goto(address);
        expect(page.url()).to.equal(`${world.url}/docs`);
        const place = page.locator('#sendMessage .try');
        await place.locator('summary').click();
        await place.locator('button').click();
        await place
          .locator('output')
          .filter({ hasText: `"message_id": ${id}` })
          .waitFor();
      }
      const pins = world.textsTo(group.phones.Eve ?? '').filter(({ from }) => from === world.serviceNumber);
      expect(pins).to.have.length(1);
      await world.quiet();
      expect(world.textsTo(group.phones.Fay ?? '').at(-1)?.text).to.equal('Eve: Lunch at noon?');
    } finally {
      await page.close();
    }
  });

  it('takes no sid from the address of a server elsewhere', async () => {
    const page = await browser.newPage();
    await page.route('http://texting.example/**', async (route) => {
      const { pathname } = new URL(route.request().url());
      await route.fulfill({ response: await route.fetch({ url: world.url + pathname }) });
    });
    await page.goto('http://texting.example/docs#token=somebody&number=%2B14445550000');
    await page.locator('#token').waitFor();
    expect(await page.locator('#token').inputValue()).to.equal('');
    expect(await page.content()).to.not.contain('+14445550000');
    await page.close();
  });

  describe('tries each call as it stands', () => {
    let group: TestGroup;
    let page: Page;
    before(async () => {
      group = await startGroup(world, ['Ann', 'Bob', 'Cid'], { name: 'Hikers' });
      page = await browser.newPage();
      await page.goto(`${world.url}/docs`);
    });
    after(() => page?.close());

    const settings = () =>
      row(
        world.runtime.db,
        'SELECT name, is_public, invite_code, description, reply_to_owner, disable_who, disable_add, notify_on_add FROM `groups` WHERE id = ?',
        [group.id],
      );

    /** Presses Send of a call with a session of Ann’s. In its body only the people and the group are others. */
    async function send(name: string): Promise<{ http: string; body: Record<string, unknown> }> {
      await page.locator('#token').fill(await openSid(world, group.phones.Ann ?? ''));
      const place = page.locator(`#${name} .try`);
      if ((await place.getAttribute('open')) === null) await place.locator('summary').click();
      const field = place.locator('textarea');
      const written = (await field.inputValue())
        .replaceAll('+14445557777', group.number)
        .replaceAll('+14445558888', group.phones.Bob ?? '');
      await field.fill(written);
      await place.locator('button').click();
      const output = place.locator('output');
      await output.filter({ hasText: /^(HTTP|No answer)/ }).waitFor();
      const [http = '', ...answer] = (await output.innerText()).split('\n');
      return { http, body: JSON.parse(answer.join('\n')) };
    }

    it('and /group/set changes nothing, /message/send sends', async () => {
      const before = await settings();
      expect((await send('setGroup')).body.status).to.equal('OK');
      expect(await settings()).to.deep.equal(before);
      expect((await send('sendMessage')).body).to.include({ status: 'OK', message_id: 1 });
      await world.quiet();
      expect(world.textsTo(group.phones.Bob ?? '').at(-1)?.text).to.equal('Ann: Lunch at noon?');
    });

    it('and no call is refused for what stands in its body', async () => {
      // Last, those after which there is less to ask about.
      const ending = ['leaveGroup', 'removeMember', 'deleteGroup'];
      const names = endpoints.map(({ name }) => name).filter((name) => !ending.includes(name));
      for (const name of [...names, ...ending]) {
        const { http, body } = await send(name);
        expect(http, name).to.equal('HTTP 200');
        expect(body.error_type ?? 'OK', name).to.not.match(/^(MISSING_FIELDS|BAD_REQUEST|INVALID_NUMBER)$/);
      }
    });
  });
});
