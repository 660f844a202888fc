import { listMembers, readGroupSheet } from '../../db/groups/group-lookup.ts';
import { findMessages } from '../../db/messages/message-search.ts';
import { readId } from '../../engine/rules/ids.ts';
import { facts, html, table, time } from '../html.ts';
import { changeForm } from './change.ts';
import { messageTable } from './messages.ts';
import { nothing, type Page } from './page.ts';

export const groupPage: Page = {
  async show(visit) {
    const { runtime, field } = visit;
    const { db } = runtime;
    const id = readId(field('id'));
    const group = id === null ? undefined : await readGroupSheet(db, id);
    if (group === undefined) return nothing('There is no group with this id.');
    const until = new Date();
    const from = new Date(until.getTime() - DAYS * DAY_MS);
    const [members, messages] = await Promise.all([
      listMembers(db, group.id),
      findMessages(db, { groupId: group.id, from, until }, MOST_MESSAGES),
    ]);
    return {
      title: group.name,
      main: html`${facts([
        ['Group', group.id],
        ['State', group.paused === 1 ? `${group.state}, suspended` : group.state],
        ['Main number', group.number],
        ['Owner', html`<a href="/ops/person?id=${group.ownerId}">${group.owner}</a>`],
        ['Replies', group.replyToOwner === 1 ? 'to the owner alone' : 'to all'],
        ['Invite code', group.inviteCode ?? 'none'],
        ['Public', group.isPublic === 1 ? 'yes' : 'no'],
        ['Created', time(group.createdAt)],
        ['Ended', group.endedAt === null ? 'no' : time(group.endedAt)],
        ['Messages', group.messages],
      ])}
${group.state === 'active' ? changeForm(visit, group.paused === 1 ? 'resume-group' : 'suspend-group', { of: group.id, known: group.name }) : ''}
<h2>Members (${members.length})</h2>
${table('Members', {
  head: ['Member', 'Name', 'Texts', 'Since (UTC)', 'State'],
  rows: members
    .slice(0, MOST_MEMBERS)
    .map((one) => [
      ...[one.phone, one.name ?? '', one.number, time(one.since)],
      ...[[...(one.left === 1 ? ['has left'] : []), ...(one.blocked === 1 ? ['blocked'] : [])].join(', ')],
    ]),
})}
${members.length > MOST_MEMBERS ? html`<p>The first ${MOST_MEMBERS} of them.</p>` : ''}
<h2>Messages of the last ${DAYS} days</h2>
${messageTable(messages)}`,
    };
  },
};

const DAYS = 7;
const DAY_MS = 86_400_000;
const MOST_MESSAGES = 50;
const MOST_MEMBERS = 500;
