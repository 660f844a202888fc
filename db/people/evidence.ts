import { rows, type Sql } from '../connect.ts';
import type { Consent } from './consents.ts';

/** An entry of the ledger of consents, as somebody outside of the house reads it. */
export type EvidenceLine = Pick<Consent, 'kind' | 'about' | 'way' | 'wording' | 'asked' | 'carrierId'> & {
  at: Date;
  phone: string;
  group: string | null;
  groupId: number | null;
  /** The number of ours whose texts alone it is about. */
  number: string | null;
  /** Who said it: the person, or who named them; null for an operator, the system, or a caller without a session. */
  by: string | null;
};

/** A text that went, or was to go, to somebody. */
export type SentLine = {
  messageId: number;
  phone: string;
  from: string;
  group: string | null;
  kind: 'said' | 'system';
  /** The one confirmation of a STOP. */
  ignoreOptOut: number;
  state: string;
  reason: string | null;
  carrierId: string | null;
  sentAt: Date | null;
};

/** Whose: a person's, or those of a group. */
export type Subject = { personId: number } | { groupId: number };

/** The oldest first; all of them, whatever the time. */
export async function readEvidence(sql: Sql, subject: Subject): Promise<EvidenceLine[]> {
  const isPerson = 'personId' in subject;
  return rows(
    sql,
    `SELECT c.at, p.phone, g.name AS \`group\`, c.group_id AS groupId, c.kind, c.about, n.phone AS number, b.phone AS \`by\`, c.way, c.wording, c.asked,
       c.carrier_id AS carrierId
     FROM consents c JOIN people p ON p.id = c.person_id LEFT JOIN people b ON b.id = c.by_id LEFT JOIN numbers n ON n.id = c.number_id LEFT JOIN \`groups\` g ON g.id = c.group_id
     WHERE ${isPerson ? 'c.person_id = ?' : 'c.group_id = ? OR (c.group_id IS NULL AND c.person_id IN (SELECT person_id FROM memberships WHERE group_id = ?))'}
     ORDER BY c.id`,
    isPerson ? [subject.personId] : [subject.groupId, subject.groupId],
  );
}

/** Texts of messages from row `first` up to `end`, in their order; some hundred messages a statement. */
export async function readSentLines(
  sql: Sql,
  { first, end, ...subject }: Subject & { first: number; end: number },
): Promise<SentLine[]> {
  const isPerson = 'personId' in subject;
  const lines: SentLine[] = [];
  for (let from = first; from < end; from += AT_ONCE)
    lines.push(
      ...(await rows<SentLine>(
        sql,
        `SELECT m.id AS messageId, p.phone, n.phone AS \`from\`, g.name AS \`group\`, m.kind, m.ignore_opt_out AS ignoreOptOut, d.state,
           d.reason, NULLIF(d.carrier_id, '') AS carrierId, d.sent_at AS sentAt
         FROM messages m STRAIGHT_JOIN deliveries d ON d.message_id = m.id ${isPerson ? 'AND d.person_id = ?' : ''}
         JOIN people p ON p.id = d.person_id JOIN numbers n ON n.id = d.number_id LEFT JOIN \`groups\` g ON g.id = m.group_id
         WHERE m.id >= ? AND m.id < ? ${isPerson ? '' : 'AND m.group_id = ?'} ORDER BY m.id, d.person_id, d.part`,
        isPerson
          ? [subject.personId, from, Math.min(end, from + AT_ONCE)]
          : [from, Math.min(end, from + AT_ONCE), subject.groupId],
      )),
    );
  return lines;
}
const AT_ONCE = 500;
