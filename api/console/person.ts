import { findAccount } from '../../db/billing/accounts.ts';
import { findGroups } from '../../db/groups/group-lookup.ts';
import { findMessages } from '../../db/messages/message-search.ts';
import { findPhoneOf, readPersonSheet } from '../../db/people/person-lookup.ts';
import { readId } from '../../engine/rules/ids.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { facts, html, table, time } from '../html.ts';
import { changeForm } from './change.ts';
import { correctionForm } from './correction.ts';
import { messageTable } from './messages.ts';
import { nothing, type Page } from './page.ts';

export const personPage: Page = {
  async show(visit) {
    const { runtime, field } = visit;
    const { db } = runtime;
    const id = readId(field('id'));
    const phone = id === null ? undefined : await findPhoneOf(db, id);
    const person = phone === undefined ? undefined : await readPersonSheet(db, phone);
    if (person === undefined) return nothing('We know nobody with this id.');
    const until = new Date();
    const from = new Date(until.getTime() - DAYS * DAY_MS);
    const [account, groups, messages] = await Promise.all([
      findAccount(db, person.id),
      findGroups(db, { memberId: person.id }, MOST_GROUPS),
      findMessages(db, { personId: person.id, from, until }, MOST_MESSAGES),
    ]);
    return {
      title: person.phone,
      main: html`${facts([
        ['Name used last', person.name ?? 'none'],
        ['Language', person.language ?? 'as their groups'],
        ['Known since', time(person.since)],
        ['Last text from it', person.lastTextAt === null ? 'none' : time(person.lastTextAt)],
        [
          'Blocked',
          person.blockedAt === null
            ? 'no'
            : html`since ${time(person.blockedAt)}${person.blockedByCarrier === 1 ? ', by the carrier too' : ''}`,
        ],
        ['Account', account === undefined ? 'none' : `${account.type}, ${inDollars(account.balance)}`],
        ['Sessions, devices', `${person.sessions}, ${person.devices}`],
      ])}
${changeForm(visit, person.blockedAt === null ? 'block-person' : 'unblock-person', {
  of: person.id,
  known: person.phone,
})}
${account === undefined ? '' : correctionForm(visit, person.id)}
<h2>Groups</h2>
${table('Groups', {
  head: ['Group', 'Name', 'State', 'Main number', 'Members'],
  rows: groups.map((one) => [
    ...[html`<a href="/ops/group?id=${one.id}">${one.id}</a>`, one.name, one.paused === 1 ? 'suspended' : one.state],
    ...[one.number, one.members],
  ]),
})}
<h2>Messages from or to it, of the last ${DAYS} days</h2>
${messageTable(messages)}`,
    };
  },
};

const DAYS = 7;
const DAY_MS = 86_400_000;
const MOST_GROUPS = 100;
const MOST_MESSAGES = 50;
