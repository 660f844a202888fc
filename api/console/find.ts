import { findGroups } from '../../db/groups/group-lookup.ts';
import { findPhonesWith, readPersonSheet } from '../../db/people/person-lookup.ts';
import { spellPhone } from '../../engine/rules/phone.ts';
import { findMessage } from '../../engine/usecases/operating/find-message.ts';
import { findPersonSheet } from '../../engine/usecases/operating/find-person.ts';
import { type Html, html, table } from '../html.ts';
import type { Answer, Page, Visit } from './page.ts';

/**
 * Finds a person, a group or a message by what is typed. It is a form and no address: phones stay out of the logs of proxies
 * and the history of browsers.
 */
export const findPage: Page = {
  show: async (visit) => ({ title: 'Find', main: form(visit, '') }),
  act: { needs: 'look', run: find },
};

async function find(visit: Visit): Promise<Answer> {
  const words = visit.field('words').slice(0, 200);
  const [people, groups, message] = await Promise.all([
    peopleWith(visit, words),
    words === '' ? [] : findGroups(visit.runtime.db, { words }, MOST),
    words === '' ? undefined : findMessage(visit.runtime.db, words, new Date()),
  ]);
  const messages = message === undefined ? [] : [message];
  const found = [
    ...people.map(({ id }) => `/ops/person?id=${id}`),
    ...groups.map(({ id }) => `/ops/group?id=${id}`),
    ...messages.map(({ id }) => `/ops/message?id=${id}`),
  ];
  const [only] = found;
  if (found.length === 1 && only !== undefined) return { goTo: only };
  return {
    title: 'Find',
    main: html`${form(visit, words)}
<h2>People</h2>
${table('People', {
  head: ['Phone', 'Name', 'State'],
  rows: people.map(({ id, phone, name, blocked }) => [
    ...[html`<a href="/ops/person?id=${id}">${phone}</a>`, name ?? '', blocked ? 'blocked' : ''],
  ]),
})}
<h2>Groups</h2>
${table('Groups', {
  head: ['Group', 'Name', 'State', 'Number', 'Owner', 'Members'],
  rows: groups.map((one) => [
    ...[html`<a href="/ops/group?id=${one.id}">${one.id}</a>`, one.name, one.paused === 1 ? 'suspended' : one.state],
    ...[one.number, one.owner, one.members],
  ]),
})}
<h2>Messages</h2>
${table('Messages', {
  head: ['Message', 'Group', 'From', 'Text'],
  rows: messages.map((one) => [
    ...[html`<a href="/ops/message?id=${one.id}">${one.id}</a>`, one.group ?? '', one.from ?? '', one.text],
  ]),
})}`,
  };
}

type Found = { id: number; phone: string; name: string | null; blocked: boolean };

/** The phone itself in any spelling, forgotten ones too, or those that hold the digits. */
async function peopleWith({ runtime: { db, config } }: Visit, words: string): Promise<Found[]> {
  if (/[^\d\s+().-]/.test(words)) return [];
  const phone = spellPhone(words, { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES });
  const exact = phone === null ? undefined : await findPersonSheet(db, { phone, secret: config.APP_SECRET });
  if (exact !== undefined) return [{ ...exact, blocked: exact.blockedAt !== null }];
  const digits = words.replace(/\D/g, '');
  if (digits.length < FEWEST_DIGITS) return [];
  const phones = await findPhonesWith(db, { digits, limit: MOST });
  const sheets = await Promise.all(phones.map((one) => readPersonSheet(db, one.phone)));
  return sheets.flatMap((one) => (one === undefined ? [] : [{ ...one, blocked: one.blockedAt !== null }]));
}

const FEWEST_DIGITS = 4;
const MOST = 20;

function form({ token }: Visit, words: string): Html {
  return html`<form class="stack" method="post" action="/ops/find" role="search">${token}
<label>A phone, a part of it or of a group’s name, an invite code, the id of a message, of a delivery or of the carrier
<input name="words" value="${words}" required autocomplete="off" spellcheck="false"></label>
<button>Find</button>
</form>`;
}
