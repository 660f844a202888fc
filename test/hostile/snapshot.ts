import { setTimeout as sleep } from 'node:timers/promises';
import { type Db, row } from '../../db/connect.ts';
import type { Target } from './target.ts';

/** What no stranger may change, as one text: everything of a group, and who is known to the system at all. */
export async function snapshotOf({ db, victims }: Target): Promise<string> {
  await untilSettled(db, victims.id);
  const parts: string[] = [];
  for (const { what, sql } of ofGroup) parts.push(`${what}: ${await textOf(db, sql, [victims.id])}`);
  return parts.join('\n');
}

/** How many rows each table has, of those that nobody adds to by texting. */
export async function countsOf({ db }: Target): Promise<string> {
  const counts: string[] = [];
  for (const table of still)
    counts.push(`${table} ${await textOf(db, `SELECT COUNT(*) AS found FROM \`${table}\``, [])}`);
  return counts.join('\n');
}

const still = [
  'people',
  'accounts',
  'groups',
  'memberships',
  'membership_spans',
  'sessions',
  'api_keys',
  'pins',
  'schedules',
  'devices',
  'charges',
  'owner_offers',
  'drafts',
];

const ofGroup = [
  {
    what: 'group',
    sql: 'SELECT GROUP_CONCAT(CONCAT_WS(0x1f, id, name, owner_id, state, roster_version, last_message_id, invite_code, is_public, description, reply_to_owner, disable_who, disable_add, notify_on_add)) AS found FROM `groups` WHERE id = ?',
  },
  {
    what: 'members',
    sql: 'SELECT GROUP_CONCAT(CONCAT_WS(0x1f, id, person_id, number_id, name, live, left_at, sms, broadcast) ORDER BY id) AS found FROM memberships WHERE group_id = ?',
  },
  {
    what: 'messages',
    sql: "SELECT GROUP_CONCAT(CONCAT_WS(0x1f, id, message_id, sender_id, text) ORDER BY id) AS found FROM messages WHERE group_id = ? AND kind = 'said'",
  },
  {
    what: 'hooks',
    sql: 'SELECT GROUP_CONCAT(CONCAT_WS(0x1f, id, url, HEX(secret), off_at) ORDER BY id) AS found FROM hooks WHERE group_id = ?',
  },
  {
    what: 'schedules',
    sql: 'SELECT GROUP_CONCAT(CONCAT_WS(0x1f, id, text, send_at, ended_at) ORDER BY id) AS found FROM schedules WHERE group_id = ?',
  },
  {
    what: 'key',
    sql: "SELECT GROUP_CONCAT(CONCAT_WS(0x1f, k.id, k.access, k.revoked_at)) AS found FROM `groups` g JOIN api_keys k ON k.person_id = g.owner_id WHERE g.id = ? AND k.name = 'Rosewood archive'",
  },
  {
    what: 'account',
    sql: 'SELECT GROUP_CONCAT(CONCAT_WS(0x1f, a.id, a.type, a.balance, a.email, a.card_ref, p.password_hash)) AS found FROM `groups` g JOIN accounts a ON a.person_id = g.owner_id JOIN people p ON p.id = g.owner_id WHERE g.id = ?',
  },
];

async function textOf(db: Db, sql: string, bindings: number[]): Promise<string> {
  const found = await row<{ found: string | number | null }>(db, sql, bindings);
  return String(found?.found ?? '');
}

/** What was said before is still being sent and paid for. */
async function untilSettled(db: Db, groupId: number): Promise<void> {
  const open = `SELECT COUNT(*) AS found FROM messages m LEFT JOIN deliveries d ON d.message_id = m.id AND (d.due_at IS NOT NULL OR d.batch IS NOT NULL)
    WHERE m.group_id = ? AND (m.pending IS NOT NULL OR d.message_id IS NOT NULL)`;
  while ((await textOf(db, open, [groupId])) !== '0') await sleep(20);
}
