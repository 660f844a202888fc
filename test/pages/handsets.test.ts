import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Browser, Page } from 'playwright-core';
import { row } from '../../db/connect.ts';
import { openSid } from '../support/session.ts';
import { openWorld, type World } from '../support/world.ts';
import { findViolations, looks, openBrowser } from './browser.ts';

const picture = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

describe('the page of handsets', function () {
  this.timeout(240_000);
  let pictures: string;
  let world: World;
  let browser: Browser;
  let page: Page;

  before(async () => {
    pictures = await mkdtemp(path.join(tmpdir(), 'media-'));
    world = await openWorld({ env: { MEDIA_FOLDER: pictures } });
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
    await rm(pictures, { recursive: true });
  });
  beforeEach(async () => {
    page = await open({ viewport: { width: 1280, height: 800 } });
  });
  afterEach(() => page.context().close());

  /** The policy of the page stays in force unless axe-core is to be let in. */
  async function open(look: object): Promise<Page> {
    const context = await browser.newContext(look);
    const opened = await context.newPage();
    opened.setDefaultTimeout(60_000);
    await opened.goto(world.simulator.url);
    await opened.getByText('live', { exact: true }).waitFor();
    return opened;
  }

  const phone = (name: string) => page.getByRole('region', { name: new RegExp(`^${name}'s phone`) });
  const send = async (name: string, text: string) => {
    await page.getByRole('textbox', { name: `${name}'s text` }).fill(text);
    await page.keyboard.press('Enter');
  };

  it('founds a group by texts alone: each step is typed by a button, and the new conversation comes to the front', async () => {
    world.simulator.handsets.learn(world.serviceNumber, 'Service number');
    await page.getByText('Found a group by hand').click();
    await page.getByRole('button', { name: 'Set out five phones' }).click();
    await phone('Alice').waitFor();
    if (!(await page.getByText('Alice texts to').isVisible())) await page.getByText('Found a group by hand').click();
    for (const [step, answer] of [
      [/Type on Alice's phone: \*new/, "Who's in"],
      [/Type on Alice's phone: Bob/, 'Erin'],
      [/Type on Alice's phone: \*done/, 'Reply YES'],
      [/Type on Alice's phone: YES/, 'is on'],
      [/Type on Alice's phone: \*name Alice/, 'Alice'],
    ] as const) {
      await page.getByRole('button', { name: step }).click();
      await page.keyboard.press('Enter');
      await phone('Alice').getByRole('log').getByText(answer).last().waitFor();
    }
    await phone('Alice').getByRole('button', { name: 'Hikers', pressed: true }).waitFor();
    await phone('Erin').getByRole('button', { name: 'Hikers', pressed: true }).waitFor();
  });

  it('shows how many have a text, its segments, and what it cost', async () => {
    await send('Alice', 'See you at seven');
    await phone('Erin').getByText('See you at seven').waitFor();
    const own = phone('Alice').getByRole('listitem').filter({ hasText: 'See you at seven' });
    await own.getByText('4 of 4 delivered').waitFor();
    expect(await own.textContent()).to.match(/1 segment · \$0\.0\d{3}/);
  });

  it('has the newest text in sight when it is opened', async () => {
    for (const width of [1280, 400]) {
      const opened = await open({ viewport: { width, height: 800 } });
      const log = opened.getByRole('log', { name: "Alice's texts" });
      const newest = log.getByText('See you at seven').last();
      await newest.waitFor();
      // What is known of the engine comes later, and takes room above.
      await opened.waitForTimeout(2_000);
      const [inner, outer] = [await newest.boundingBox(), await log.boundingBox()];
      if (inner === null || outer === null) throw new Error('it is not drawn');
      expect(inner.y + inner.height, `${width} pixels wide`).to.be.at.most(outer.y + outer.height);
      await opened.context().close();
    }
  });

  it('sends a picture, and shows it to the others', async () => {
    await page.setInputFiles('#phones handset-phone input[type=file] >> nth=0', {
      name: 'dot.png',
      mimeType: 'image/png',
      buffer: picture,
    });
    await phone('Alice').getByRole('button', { name: 'Remove picture 1' }).waitFor();
    await send('Alice', 'Look');
    const shown = phone('Bob').getByRole('log').getByRole('img', { name: 'Picture 1' });
    await shown.waitFor();
    expect(await shown.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth)).to.equal(1);
  });

  it('shows a picture that the engine keeps', async () => {
    const alice = await row<{ phone: string; number: string }>(
      world.runtime.db,
      `SELECT p.phone, n.phone AS number FROM memberships m JOIN people p ON p.id = m.person_id
       JOIN numbers n ON n.id = m.number_id WHERE m.name = 'Alice'`,
    );
    const sid = await openSid(world, alice?.phone ?? '');
    const { body } = await world.call('/v1/media/upload', { sid, content: picture.toString('base64') });
    const said = { sid, number: alice?.number, message: 'From an app', media_ids: body.media_id };
    expect((await world.call('/message/send', said)).body.status).to.equal('OK');
    const shown = phone('Bob')
      .getByRole('listitem')
      .filter({ hasText: 'From an app' })
      .getByRole('img', { name: 'Picture 1' });
    await shown.waitFor();
    expect(await shown.evaluate((image: unknown) => (image as { naturalWidth: number }).naturalWidth)).to.equal(1);
    expect(await shown.getAttribute('src')).to.contain('/v1/media/');
  });

  it('calls the number of a conversation, and shows what is read aloud', async () => {
    await phone('Bob').getByRole('button', { name: 'Call this number' }).click();
    await phone('Bob').getByText('This number of', { exact: false }).last().waitFor();
  });

  it('shows that the carrier blocks a number after STOP, and types START', async () => {
    await send('Dave', 'STOP');
    await phone('Dave').getByText('the carrier lets no text').waitFor();
    await phone('Dave').getByRole('button', { name: 'Type START' }).click();
    await page.keyboard.press('Enter');
    await phone('Dave').getByText('the carrier lets no text').waitFor({ state: 'hidden' });
  });

  it('switches a fault on, and says how often it struck', async () => {
    await page.getByRole('button', { name: /^Faults/ }).click();
    const slow = page.getByRole('switch', { name: /^Reports lost/ });
    await slow.check();
    await page.getByRole('button', { name: 'Faults 1 switched on' }).waitFor();
    await send('Bob', 'Is anybody there');
    await page.getByText(/struck [1-9]\d* times/).waitFor();
    await slow.uncheck();
    await page.getByRole('button', { name: 'Faults', exact: true }).waitFor();
    expect(world.simulator.faults()).to.deep.equal([]);
  });

  it('goes from phone to phone with the arrows, but not out of a text', async () => {
    await page.getByRole('textbox', { name: "Alice's text" }).focus();
    await page.keyboard.press('ArrowRight');
    const inFocus = () => page.evaluate('document.activeElement.ariaLabel');
    expect(await inFocus()).to.equal("Bob's text");
    await page.keyboard.type('x');
    await page.keyboard.press('ArrowLeft');
    expect(await inFocus()).to.equal("Bob's text");
  });

  for (const look of looks) {
    const { colorScheme, viewport } = look;
    it(`keeps a text box in sight and gives axe-core nothing to find (${colorScheme}, ${viewport.width} wide)`, async () => {
      const seen = await open({ ...look, bypassCSP: true });
      const box = seen.getByRole('textbox', { name: "Alice's text" });
      await box.waitFor();
      const place = await box.boundingBox();
      expect((place?.y ?? 0) + (place?.height ?? 1_000), 'the lower edge').to.be.at.most(viewport.height);
      expect(await findViolations(seen)).to.deep.equal([]);
      await seen.getByRole('button', { name: /^Faults/ }).click();
      await seen.getByRole('switch').first().waitFor();
      expect(await findViolations(seen)).to.deep.equal([]);
      await seen.context().close();
    });
  }
});
