import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { row, rows } from '../../../db/connect.ts';
import { type Budget, budgetNames, limitsOf } from '../../../engine/rules/budgets.ts';
import { eachOf } from '../../hostile/each.ts';
import { agentFrom, openTarget, type Target } from '../../hostile/target.ts';
import { defaultBudgets } from '../../support/default-budgets.ts';
import { runAdmin } from '../admin.ts';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';

/** From the issue of strangers: so many calls from so many addresses. */
const CALLS = 10_000;
const ADDRESSES = 1_000;
const AT_ONCE = 64;
/** What a member waits for at most meanwhile: their PIN, and the slowest copy of a text. */
const PIN_WITHIN_MS = 10_000;
const CHAT_WITHIN_MS = 5_000;
/** Members keep to the 30 texts a minute of one phone; their PINs by text count too. */
const CHAT_EVERY_MS = 2_500;
const PIN_EVERY_MS = 12_000;

/** Everything that may cause a text to somebody who never heard of us, all at once, under the default budgets. */
export const floodFault: Fault = {
  name: 'hostile-flood',
  does: `strangers make ${CALLS} creates, joins, adds and finds from ${ADDRESSES} addresses, while members chat and log in`,
  times: 1,
  needs: 'budgets',
  async strike(fixture, _, __, note) {
    const { api, authToken, db, serviceNumber, pool, simulator } = fixture;
    // Thousands of PINs are asked for: a long code would send them for the better part of an hour.
    if (fixture.paced) await runAdmin(fixture, ['number', 'set', serviceNumber, '--class', 'short']);
    const target = await openTarget({ url: api, authToken, db, serviceNumber, pool, textsTo: simulator.textsTo });
    const calm = await chat(fixture, target, until(5));
    const began = performance.now();
    let over = false;
    const [answers, chatted, pins] = await Promise.all([
      flood(fixture, target).finally(() => {
        over = true;
      }),
      chat(fixture, target, () => over),
      logInAgain(fixture, target, () => over),
    ]);
    const seconds = (performance.now() - began) / 1_000;
    note(`${CALLS} calls in ${seconds.toFixed(0)} s: ${sayCounts(answers)}`);
    note(
      `texts of members took ${sayTimes(calm)} before, ${sayTimes(chatted)} meanwhile; PINs ${sayTimes(pins.times)}`,
    );
    await untilSent(fixture);
    const broken = [
      ...late('a text of a member', chatted, CHAT_WITHIN_MS),
      ...late('a PIN', pins.times, PIN_WITHIN_MS),
      ...pins.missing,
      ...(await overspent(fixture, note)),
      ...alarmsIn(fixture.folder, note),
    ];
    if (broken.length > 0) throw new Error(broken.join('\n    '));
  },
};

let phones = 0;
/** Neighbours are of different prefixes. */
const newPhone = () => `${FLOODED}${2_000_000 + ((10_007 * ++phones) % 8_000_000)}`;
const FLOODED = '+1480';

async function flood(fixture: Fixture, { outsiders }: Target): Promise<Map<string, number>> {
  const { sid } = outsiders.owner;
  const code = 'flooded-1';
  const group = outsiders.number;
  await call(fixture, '127.0.0.1', '/group/set', { sid, number: group, invite_code: code });
  const known = fixture.groups.flatMap((one) => one.phones);
  const create: Ask = (address) =>
    call(fixture, address, '/group/create', {
      ...{ group: 'Win', name: 'Mal', number: newPhone(), name_0: 'Bob', number_0: newPhone() },
    });
  const join: Ask = (address, at) =>
    call(fixture, address, '/group/join', { invite_code: code, name: `N ${at}`, number: newPhone() });
  const add: Ask = async (address, at) => {
    const number = newPhone();
    const added = await call(fixture, address, '/member/add', { sid, group, name: `A ${at}`, number });
    // Who was added goes again, or the group would soon be full.
    while (
      added === 'OK' &&
      (await call(fixture, address, '/member/remove', { sid, group, number })) === 'UNAVAILABLE'
    );
    return added;
  };
  const find: Ask = (address, at) => call(fixture, address, '/member/find', { number: known[at % known.length] ?? '' });
  const ways = [
    { name: 'create', ask: create },
    { name: 'join', ask: join },
    { name: 'add', ask: add },
    { name: 'find', ask: find },
  ] as const;
  const answers = new Map<string, number>();
  await eachOf([...Array(CALLS).keys()], AT_ONCE, async (at) => {
    const from = Math.floor(at / ways.length) % ADDRESSES;
    const { name, ask } = ways[at % ways.length] ?? ways[0];
    const answer = `${name} ${await ask(`10.77.${from >> 8}.${from & 255}`, at)}`;
    answers.set(answer, (answers.get(answer) ?? 0) + 1);
  });
  return answers;
}
type Ask = (address: string, at: number) => Promise<string>;

async function call({ api }: Fixture, address: string, url: string, params: Record<string, string>): Promise<string> {
  const answer = await request(`${api}${url}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-forwarded-for': address },
    body: JSON.stringify(params),
    dispatcher: agentFrom('127.0.0.1'),
  });
  const { error_type = 'OK' } = (await answer.body.json()) as { error_type?: string };
  return error_type;
}

/** A member texts each second; how long each text took to reach everybody else, in milliseconds. */
async function chat({ simulator }: Fixture, { victims, text }: Target, isOver: () => boolean): Promise<number[]> {
  const hear = victims.members.slice(0, 2).map(({ phone }) => phone);
  const times: number[] = [];
  while (!isOver()) {
    const began = performance.now();
    const words = `Next song ${++said}`;
    const status = await text(victims.owner.phone, victims.number, words);
    if (status !== 200) throw new Error(`the text of a member was answered ${status}`);
    await untilTrue(() => hear.every((phone) => simulator.textsTo(phone).some((one) => one.text.endsWith(words))));
    times.push(performance.now() - began);
    await sleep(CHAT_EVERY_MS);
  }
  return times;
}
let said = 0;

/** Members ask for PINs by turns, by a call and by text; how long each took. */
async function logInAgain(fixture: Fixture, target: Target, isOver: () => boolean): Promise<Pins> {
  const { victims, text, textsTo, serviceNumber } = target;
  const members = [victims.owner, ...victims.members.slice(0, 2)];
  const times: number[] = [];
  const missing: string[] = [];
  for (let at = 0; !isOver(); at++) {
    const { phone } = members[at % members.length] ?? victims.owner;
    const pins = () => textsTo(phone).filter((one) => /PIN is \d{6}/.test(one.text)).length;
    const before = pins();
    const began = performance.now();
    // From an address of their own: that of everybody else here has used up its calls.
    const said =
      at < members.length
        ? await call(fixture, `10.78.0.${at}`, '/member/find', { number: phone })
        : await text(phone, serviceNumber, 'PIN');
    if (said !== 'OK' && said !== 200) throw new Error(`a member who asked for a PIN was answered ${said}`);
    await untilTrue(() => pins() > before);
    if (pins() === before)
      missing.push(
        `PIN ${at} to ${phone}, asked at ${new Date().toISOString()}, did not come: ${textsTo(phone).at(-1)?.text}`,
      );
    times.push(performance.now() - began);
    await sleep(PIN_EVERY_MS);
  }
  return { times, missing };
}
/** `missing`: what did not come at all. */
type Pins = { times: number[]; missing: string[] };

async function untilTrue(isSo: () => boolean): Promise<void> {
  for (const end = Date.now() + 30_000; Date.now() < end && !isSo(); ) await sleep(10);
}

function until(seconds: number): () => boolean {
  const end = Date.now() + seconds * 1_000;
  return () => Date.now() > end;
}

function late(what: string, times: readonly number[], withinMs: number): string[] {
  const worst = Math.max(...times);
  return worst <= withinMs ? [] : [`${what} took ${(worst / 1_000).toFixed(1)} s`];
}

/** What may go out is at the carrier, or was skipped; what waits for a budget is not. A number of one a second takes its time. */
async function untilSent({ db }: Fixture): Promise<void> {
  const open = `SELECT COUNT(*) AS open FROM first_texts f JOIN deliveries d ON d.message_id = f.message_id
    WHERE f.counted_at IS NOT NULL AND d.state IN ('queued', 'sending', 'unknown')`;
  let least = Number.POSITIVE_INFINITY;
  for (let end = Date.now() + 60_000; Date.now() < end; await sleep(200)) {
    const left = (await row<{ open: number }>(db, open))?.open ?? 0;
    if (left === 0) return;
    if (left < least) end = Date.now() + 60_000;
    least = Math.min(least, left);
  }
}

/** No budget has held more than it says, and the carrier got no text beyond them. */
async function overspent({ db, simulator }: Fixture, note: (line: string) => void): Promise<string[]> {
  const limits = limitsOf(
    {
      FIRST_TEXTS_PER_PHONE: Number(defaultBudgets.FIRST_TEXTS_PER_PHONE),
      FIRST_TEXTS_PER_ADDRESS: Number(defaultBudgets.FIRST_TEXTS_PER_ADDRESS),
      FIRST_TEXTS_PER_MEMBER: Number(defaultBudgets.FIRST_TEXTS_PER_MEMBER),
      FIRST_TEXTS_PER_PREFIX: Number(defaultBudgets.FIRST_TEXTS_PER_PREFIX),
      FIRST_TEXTS_PER_HOUR: Number(defaultBudgets.FIRST_TEXTS_PER_HOUR),
    },
    { isTrial: true },
  );
  const broken: string[] = [];
  const spent: string[] = [];
  for (const [budget, column] of Object.entries(columns)) {
    const most = await row<{ most: number }>(
      db,
      `SELECT COALESCE(MAX(taken), 0) AS most FROM (SELECT COUNT(*) AS taken FROM first_texts
       WHERE counted_at IS NOT NULL AND (${column}) IS NOT NULL GROUP BY ${column}) each_one`,
    );
    const limit = limits[budget as Budget];
    spent.push(`${budget} ${most?.most} of ${limit}`);
    if ((most?.most ?? 0) > limit) broken.push(`the budget ${budget} held ${most?.most} of ${limit}`);
  }
  // Who was added and removed again before their text's turn came gets none.
  const kept = await rows<{ phone: string }>(
    db,
    `SELECT p.phone FROM first_texts f JOIN people p ON p.id = f.person_id
     JOIN deliveries d ON d.message_id = f.message_id AND d.state <> 'skipped'
     WHERE f.counted_at IS NOT NULL AND p.phone LIKE ?`,
    [`${FLOODED}%`],
  );
  const sent = new Set(kept.map(({ phone }) => phone));
  const texts = [...sent].reduce((sum, phone) => sum + simulator.textsTo(phone).length, 0);
  const strangers = simulator.accepted.filter(({ to }) => to.startsWith(FLOODED)).length;
  note(`the most that was spent of each budget: ${spent.join(', ')}; the carrier got ${strangers} texts to strangers`);
  if (strangers !== kept.length || texts !== strangers)
    broken.push(`${kept.length} first texts were counted, and the carrier got ${strangers}`);
  return broken;
}
const columns: Partial<Record<Budget, string>> = {
  phone: 'person_id',
  address: 'address',
  member: 'member_id',
  prefix: 'prefix',
  hour: "'all'",
};

/** One error line of each budget that was used up, whichever process met it. */
function alarmsIn(folder: string, note: (line: string) => void): string[] {
  const logs = path.join(folder, 'logs');
  const lines = readdirSync(logs)
    .flatMap((file) => readFileSync(path.join(logs, file), 'utf8').split('\n'))
    .filter((line) => line.includes('a budget of first texts is used up'));
  const alarms = lines.map((line) => budgetNames.find((budget) => line.includes(`"budget":"${budget}"`)) ?? 'none');
  note(`alarms: ${alarms.toSorted().join(', ')}`);
  if (!alarms.includes('hour')) return ['nothing said that the budget of the hour was used up'];
  return alarms.length === new Set(alarms).size ? [] : [`an alarm came again: ${alarms.toSorted().join(', ')}`];
}

function sayCounts(counts: ReadonlyMap<string, number>): string {
  return [...counts]
    .toSorted()
    .map(([what, count]) => `${what} ${count}`)
    .join(', ');
}

function sayTimes(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number) => ((sorted[Math.floor((sorted.length - 1) * part)] ?? 0) / 1_000).toFixed(2);
  return `${at(0.5)} s (worst of ${times.length}: ${at(1)} s)`;
}
