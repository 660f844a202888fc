import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { run } from '../../db/connect.ts';
import { wallTimeAt } from '../../engine/rules/wall-clock.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openWorld, type World } from '../support/world.ts';
import { openBrowser } from './browser.ts';

const names = ['Ann', 'Bob', 'Cy'] as const;
const eve = '+14445550199';
const asleep = Intl.supportedValuesOf('timeZone').find(
  (zone) => new Date(wallTimeAt(Date.now(), zone)).getUTCHours() === 2,
);

type Step =
  | readonly [who: string, does: 'types' | 'sees', text: string]
  | readonly [who: string, does: 'calls']
  | ((world: World, group: TestGroup) => Promise<unknown>);
type Feature = { shows: string; toOwner?: true; steps: readonly Step[] };

/** Each is shown by Ann, who owns a group with Bob and Cy in it. */
const features: readonly Feature[] = [
  {
    shows: 'polls',
    steps: [
      ['Ann', 'types', '*poll Dinner at 7? yes/no/maybe'],
      ['Bob', 'sees', 'Ann: Dinner at 7? Reply yes, no or maybe'],
      ['Bob', 'types', 'yes'],
      ['Bob', 'sees', 'Counted: yes, for Dinner at 7?'],
      ['Bob', 'types', '3'],
      ['Bob', 'sees', 'Counted: maybe, for Dinner at 7?'],
      ['Ann', 'types', '*poll close'],
      ['Cy', 'sees', 'Ann: Closed: Dinner at 7? yes 0, no 0, maybe 1, no answer 2.'],
      ['Ann', 'sees', 'No answer from Ann, Cy.'],
    ],
  },
  {
    shows: 'batches',
    steps: [
      ['Ann', 'types', '*batches on'],
      ['Ann', 'sees', 'is busy (20 texts in 5 minutes)'],
      chat,
      ['Ann', 'types', 'And the psalm'],
      ['Bob', 'sees', 'Ann: And the psalm'],
      ['Bob', 'types', 'Which one?'],
      ['Ann', 'sees', 'Bob: Which one?'],
      (world) => world.quiet(),
      (world) => run(world.runtime.db, 'UPDATE bundles SET due_at = NOW(3)'),
      ['Cy', 'sees', 'texts in "Batches":'],
      ['Cy', 'sees', 'Ann: And the psalm Bob: Which one?'],
    ],
  },
  {
    shows: 'reactions',
    steps: [
      ['Ann', 'types', 'See you at 7'],
      ['Cy', 'sees', 'Ann: See you at 7'],
      ['Bob', 'types', 'Liked “Ann: See you at 7”'],
      ['Cy', 'types', '👍 to “Ann: See you at 7”'],
      (world) => world.quiet(),
      ['Cy', 'types', '*likes'],
      ['Cy', 'sees', '+2 Ann: See you at 7'],
    ],
  },
  {
    shows: 'night',
    toOwner: true,
    steps: [
      ['Bob', 'types', `*zone ${asleep}`],
      ['Bob', 'sees', `is ${asleep} now, where it's 2:`],
      ['Cy', 'types', `*zone ${asleep}`],
      ['Cy', 'sees', `is ${asleep} now, where it's 2:`],
      ['Ann', 'types', '*hours 8-21'],
      ['Ann', 'sees', "wait until it's 8 to 21 o'clock for everyone"],
      ['Ann', 'types', 'Practice at 6'],
      ['Ann', 'sees', "It's too early or late for 2 people"],
      ['Ann', 'types', '*schedule every Tue 18:00 Bring water'],
      ['Ann', 'sees', 'every Tue at 6:00 PM'],
      ['Ann', 'types', '! Bus leaves now'],
      ['Bob', 'sees', 'Ann: Bus leaves now'],
    ],
  },
  {
    shows: 'catching up',
    steps: [
      ['Ann', 'types', '*pin Sundays at the north gate'],
      ['Ann', 'sees', 'for newcomers'],
      ['Cy', 'types', '*mute 2'],
      ['Cy', 'sees', 'is muted for 2 hours'],
      ['Ann', 'types', 'The gate is closed'],
      ['Bob', 'sees', 'Ann: The gate is closed'],
      ['Cy', 'types', '*on'],
      ['Cy', 'sees', 'You missed 1 text'],
      ['Bob', 'types', '*last 5'],
      ['Bob', 'sees', 'The last text:'],
      ['Bob', 'types', '*pinned'],
      ['Bob', 'sees', 'Sundays at the north gate'],
    ],
  },
  {
    shows: 'replying to one',
    toOwner: true,
    steps: [
      ['Ann', 'types', 'Practice at 7'],
      ['Bob', 'sees', 'Ann: Practice at 7'],
      ['Bob', 'types', 'May I come late?'],
      ['Ann', 'sees', 'Bob: May I come late?'],
      ['Ann', 'types', '@Bob of course'],
      ['Bob', 'sees', 'Ann: of course'],
      ['Ann', 'sees', 'Only Bob in'],
      ['Ann', 'types', '*who c'],
      ['Ann', 'sees', '1 person'],
    ],
  },
  {
    shows: 'owners together',
    toOwner: true,
    steps: [
      ['Ann', 'types', '*owner add Bob'],
      ['Ann', 'sees', 'Bob is a co-owner of'],
      ['Ann', 'types', '*broadcast Cy on'],
      ['Ann', 'sees', 'gets what Cy texts'],
      ['Ann', 'types', '*approval on'],
      ['Ann', 'sees', 'waits until an owner says OK'],
      ['Cy', 'types', 'Bring your trumpets'],
      ['Bob', 'sees', 'Cy wants to text all of'],
      ['Bob', 'types', '*approve'],
      ['Ann', 'sees', 'Cy: Bring your trumpets'],
      ['Ann', 'types', '*list trumpets add Cy'],
      ['Ann', 'sees', 'On the list trumpets of'],
      ['Ann', 'types', '@trumpets come at 6'],
      ['Cy', 'sees', 'Ann: @trumpets come at 6'],
      ['Ann', 'sees', 'gets that text: 1 person'],
    ],
  },
  {
    shows: 'voice',
    steps: [
      ['Bob', 'calls'],
      ['Bob', 'sees', 'is for group text messages'],
      ['Ann', 'types', '*forward me'],
      ['Ann', 'sees', 'When members call the number'],
    ],
  },
  {
    shows: 'plain words',
    steps: [
      (world) => Promise.resolve(world.simulator.handsets.add({ name: 'Eve', phone: eve })),
      ['Bob', 'types', `*add Eve ${eve}`],
      ['Eve', 'sees', 'Bob added you to'],
      ['Eve', 'types', 'Who is this?'],
      ['Eve', 'sees', 'Nobody got your question'],
      ['Cy', 'types', 'Please stop texting me'],
      ['Cy', 'sees', 'To get no more texts from us, reply STOP'],
    ],
  },
  {
    shows: 'languages',
    steps: [
      ['Bob', 'types', '*quién'],
      ['Bob', 'sees', 'tiene 3 personas'],
      ['Cy', 'types', '*langue français'],
      ['Cy', 'sees', 'Nous vous écrivons maintenant en'],
      ['Ann', 'types', '*language group español'],
      ['Ann', 'sees', 'ahora van en'],
    ],
  },
];

/** Enough that the group is busy after it; Cy says nothing. */
async function chat(world: World, { number, phones }: TestGroup): Promise<void> {
  const { Ann = '', Bob = '' } = phones;
  for (let at = 1; at <= 26; at++) await world.text(at % 2 === 1 ? Ann : Bob, number, `Song ${at}`);
  await world.quiet();
}

/** With `SCREENSHOTS`, a folder, a picture of each is left there. */
describe('the page of handsets shows at work', function () {
  this.timeout(120_000);
  let world: World;
  let browser: Browser;

  before(async () => {
    world = await openWorld();
    browser = await openBrowser();
  });
  after(async () => {
    await browser?.close();
    await world?.close();
  });

  async function open(): Promise<Page> {
    const page = await browser.newPage({ viewport: { width: 1440, height: 1200 } });
    page.setDefaultTimeout(30_000);
    await page.goto(world.simulator.url);
    await page.getByText('live', { exact: true }).waitFor();
    return page;
  }

  async function take(page: Page, [who, does, text = '']: readonly string[]): Promise<void> {
    const phone = page.getByRole('region', { name: new RegExp(`^${who}'s phone`) });
    if (does === 'sees') return phone.getByRole('log').getByText(text).last().waitFor();
    if (does === 'calls') return phone.getByRole('button', { name: 'Call this number' }).click();
    await page.getByRole('textbox', { name: `${who}'s text` }).fill(text);
    await page.keyboard.press('Enter');
  }

  for (const { shows, toOwner = false, steps } of features) {
    it(shows, async () => {
      const name = `${shows.charAt(0).toUpperCase()}${shows.slice(1)}`;
      const { handsets } = world.simulator;
      for (const { phone } of handsets.snapshot().handsets) handsets.remove(phone);
      const group = await startGroup(world, names, { name, replyToOwner: toOwner });
      for (const one of names) handsets.add({ name: one, phone: group.phones[one] ?? '' });
      handsets.learn(group.number, name);
      const page = await open();
      for (const step of steps) await (typeof step === 'function' ? step(world, group) : take(page, step));
      const { SCREENSHOTS } = process.env;
      if (SCREENSHOTS) {
        mkdirSync(SCREENSHOTS, { recursive: true });
        await page.screenshot({ path: path.join(SCREENSHOTS, `${shows.replaceAll(' ', '-')}.png`) });
      }
      await page.close();
    });
  }
});
