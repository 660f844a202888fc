import type { AccountType } from '../../engine/rules/money.ts';
import type { OpenPoll } from '../../engine/rules/polls.ts';
import { rows, type Sql } from '../connect.ts';
import { fundsIn, LAPSED, type MemberContext } from '../groups/groups.ts';
import { POLL_COLUMNS, POLL_OF, type PollColumns, pollIn } from '../groups/polls.ts';
import { blockedByCarrierSql } from '../people/blocks.ts';
import type { Person } from '../people/people.ts';

/** An inbound text, from a phone to a number of ours, with the hash of its content. */
export type SenderQuery = { carrierId: string; phone: string; numberId: number; hash: Buffer };

/** What is known of its sender; `repeats` and `floods` are true once that limit is reached. */
export type FoundSender = {
  person: Person;
  /** The carrier blocks texts of the number to the phone. */
  blockedByCarrier: boolean;
  memberContext: MemberContext | undefined;
  /** The open one of their group. */
  poll: OpenPoll | null;
  repeats: boolean;
  floods: boolean;
  /** They text so fast that two machines may be answering each other. */
  hurries: boolean;
};

/** The limits: `same` equal texts since one moment, `any` and `hurried` texts since others; 0 hurried texts are no limit. */
export type FloodLimits = {
  same: number;
  sameSince: Date;
  any: number;
  anySince: Date;
  hurried: number;
  hurriedSince: Date;
};

/**
 * Looks up the senders of texts, their memberships, and whether they text too much: one statement for many texts, no two
 * which may be from the same phone. Returns one result for each query, undefined for an unknown phone. Counting stops
 * at the limits and reads indexes alone.
 */
export async function findSenders(
  sql: Sql,
  queries: readonly SenderQuery[],
  { stagedFor, ...limits }: FloodLimits & { stagedFor: number },
): Promise<(FoundSender | undefined)[]> {
  const phones = queries.map(({ phone }) => phone);
  const found = await rows<SenderRow>(
    sql,
    `SELECT p.id, p.phone, p.blocked_at AS blockedAt, ${blockedByCarrierSql('p', 'n')} AS blockedByCarrier,
       p.last_name AS lastName, p.password_hash AS passwordHash, p.language,
       m.number_id AS numberId, m.group_id AS groupId, m.id AS membershipId,
       g.roster_version AS version, g.roster_tag AS tag, IF(${LAPSED}, 'deleted', g.state) AS state, g.owner_id AS ownerId, a.type, a.balance, a.reserved, ${POLL_COLUMNS},
       (SELECT 1 FROM inbound_texts i FORCE INDEX (inbound_same) WHERE i.phone = p.phone
         AND i.text_hash = ELT(FIELD(p.phone, ?), ?) AND i.received_at > ? LIMIT 1 OFFSET ?) AS repeats,
       (SELECT 1 FROM inbound_texts i FORCE INDEX (inbound_phone) WHERE i.phone = p.phone
         AND i.received_at > ? LIMIT 1 OFFSET ?) AS floods,
       IF(? = 0, NULL, (SELECT 1 FROM inbound_texts i FORCE INDEX (inbound_phone) WHERE i.phone = p.phone
         AND i.received_at > ? LIMIT 1 OFFSET ?)) AS hurries
     FROM people p LEFT JOIN numbers n ON n.id = CAST(ELT(FIELD(p.phone, ?), ?) AS UNSIGNED)
     LEFT JOIN memberships m ON m.person_id = p.id AND m.number_id IN (?) AND m.live = 1
     LEFT JOIN \`groups\` g ON g.id = m.group_id LEFT JOIN accounts a ON a.person_id = g.owner_id ${POLL_OF}
     WHERE p.phone IN (?)`,
    [
      stagedFor,
      phones,
      queries.map(({ hash }) => hash),
      limits.sameSince,
      Math.max(limits.same - 1, 0),
      limits.anySince,
      Math.max(limits.any - 1, 0),
      limits.hurried,
      limits.hurriedSince,
      Math.max(limits.hurried - 1, 0),
      phones,
      queries.map(({ numberId }) => numberId),
      [...new Set(queries.map(({ numberId }) => numberId))],
      phones,
    ],
  );
  return queries.map(({ phone, numberId }) => {
    const theirs = found.filter((row) => row.phone === phone);
    const here = theirs.find((row) => row.numberId === numberId);
    const one = here ?? theirs[0];
    if (one === undefined) return undefined;
    const { id, blockedAt, blockedByCarrier, lastName, passwordHash, language } = one;
    return {
      person: { id, phone, blockedAt, lastName, passwordHash, language },
      blockedByCarrier: blockedByCarrier === 1,
      memberContext: here === undefined ? undefined : memberContextIn(here),
      poll: here === undefined ? null : pollIn(here),
      repeats: limits.same <= 0 || one.repeats !== null,
      floods: limits.any <= 0 || one.floods !== null,
      hurries: one.hurries !== null,
    };
  });
}

type SenderRow = Person &
  PollColumns & {
    blockedByCarrier: number;
    numberId: number | null;
    groupId: number | null;
    membershipId: number | null;
    version: number | null;
    tag: number | null;
    state: MemberContext['state'] | null;
    ownerId: number | null;
    type: AccountType | null;
    balance: number | null;
    reserved: number | null;
    repeats: number | null;
    floods: number | null;
    hurries: number | null;
  };

function memberContextIn({
  groupId,
  membershipId,
  version,
  tag,
  state,
  ownerId,
  id,
  type,
  balance,
  reserved,
}: SenderRow): MemberContext | undefined {
  if (groupId === null || membershipId === null || version === null || tag === null) return;
  if (state === null || ownerId === null) return;
  const account = fundsIn({ type, balance, reserved });
  return { groupId, membershipId, version, tag, state, ownerId, personId: id, account };
}
