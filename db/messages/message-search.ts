import { type Binding, rows, type Sql } from '../connect.ts';
import { firstIdSince } from '../first-since.ts';
import type { MessageHead } from './message-sheet.ts';

/** What an operator looks messages up by; all that is named must hold. Times are those of the acceptance, half-open. */
export type MessageFilter = {
  from: Date;
  until: Date;
  /** A person who said it, or whom it was for. */
  personId?: number | undefined;
  /** One of our numbers, through which it came or went. */
  numberId?: number | undefined;
  groupId?: number | undefined;
  /** That the carrier gave to one of its texts. */
  carrierId?: string | undefined;
};

export type FoundMessage = MessageHead & { cancelled: number };

/** The newest first. Looks at some hundred messages a statement, so that none takes long, however many there are. */
export async function findMessages(sql: Sql, filter: MessageFilter, limit: number): Promise<FoundMessage[]> {
  const first = await firstIdSince(sql, 'messages', new Date(filter.from.getTime() - CLOCKS_MS));
  const end = await firstIdSince(sql, 'messages', new Date(filter.until.getTime() + CLOCKS_MS));
  const { where, values } = conditionsOf(filter);
  const found: FoundMessage[] = [];
  for (let below = end; below > first && found.length < limit; below -= AT_ONCE) {
    found.push(
      ...(await rows<FoundMessage>(
        sql,
        `SELECT m.id, m.kind, g.name AS \`group\`, NULLIF(m.group_id, 0) AS groupId, m.message_id AS messageId, p.phone AS \`from\`,
           m.accepted_at AS acceptedAt, m.cancelled_at IS NOT NULL AS cancelled, LEFT(m.text, ${SHOWN}) AS text
         FROM messages m LEFT JOIN \`groups\` g ON g.id = m.group_id
         LEFT JOIN memberships f ON f.id = m.sender_id LEFT JOIN people p ON p.id = f.person_id
         WHERE m.id >= ? AND m.id < ? AND m.accepted_at >= ? AND m.accepted_at < ? ${where} ORDER BY m.id DESC LIMIT ?`,
        [Math.max(first, below - AT_ONCE), below, filter.from, filter.until, ...values, limit - found.length],
      )),
    );
  }
  return found;
}

/** Processes that accept messages do not share one clock, so ids are only nearly in the order of times. */
const CLOCKS_MS = 60_000;
const AT_ONCE = 500;
/** Characters. */
const SHOWN = 80;

function conditionsOf({ personId, numberId, groupId, carrierId }: MessageFilter): { where: string; values: Binding[] } {
  const wanted: [string, Binding[]][] = [];
  const some = (of: string) => `EXISTS (SELECT 1 FROM deliveries d WHERE d.message_id = m.id AND ${of})`;
  if (personId !== undefined)
    wanted.push([`AND (f.person_id = ? OR ${some('d.person_id = ?')})`, [personId, personId]]);
  if (numberId !== undefined)
    wanted.push([`AND (f.number_id = ? OR ${some('d.number_id = ?')})`, [numberId, numberId]]);
  if (groupId !== undefined) wanted.push(['AND m.group_id = ?', [groupId]]);
  if (carrierId !== undefined) wanted.push([`AND ${some('d.carrier_id = ?')}`, [carrierId]]);
  return { where: wanted.map(([text]) => text).join(' '), values: wanted.flatMap(([, values]) => values) };
}
