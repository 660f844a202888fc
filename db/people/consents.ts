import { placeholders, row, run, type Sql } from '../connect.ts';

/** One entry of the ledger of consents: see its table. */
export type Consent = {
  personId: number;
  groupId: number | null;
  kind: 'consent' | 'refusal' | 'leave' | 'stop' | 'start' | 'asked';
  about: 'texts' | 'membership' | 'ownership' | 'device';
  /** The number of ours whose texts alone it is about: a STOP that the carrier holds for a toll-free number. */
  numberId: number | null;
  /** Who says so, or asks: the person, or who named them; null for an operator, the system, a caller without a session. */
  byId: number | null;
  way: 'text' | 'call' | 'carrier' | 'operator';
  /** What was said (an operator’s reason), and our text that it answers, or that asked. */
  wording: string | null;
  asked: string | null;
  carrierId: string | null;
};

/** Adds to the ledger of consents. In the transaction of what it tells; nothing else ever writes there. */
export async function insertConsents(sql: Sql, consents: readonly Consent[], now: Date): Promise<void> {
  if (consents.length === 0) return;
  await run(
    sql,
    `INSERT INTO consents (person_id, group_id, number_id, kind, about, by_id, way, wording, asked, carrier_id, at) VALUES ${placeholders(consents.length, 11)}`,
    consents.flatMap((one) => [
      one.personId,
      one.groupId,
      one.numberId,
      one.kind,
      one.about,
      one.byId,
      one.way,
      one.wording?.slice(0, WORDING) ?? null,
      one.asked?.slice(0, ASKED) ?? null,
      one.carrierId,
      now,
    ]),
  );
}

/** The person did not want to be a member of the group, at or after that time. */
export async function hasRefused(
  sql: Sql,
  { personId, groupId, since }: { personId: number; groupId: number; since: Date },
): Promise<boolean> {
  const found = await row<{ id: number }>(
    sql,
    `SELECT id FROM consents WHERE person_id = ? AND group_id = ? AND kind = 'refusal' AND about = 'membership' AND at >= ? LIMIT 1`,
    [personId, groupId, since],
  );
  return found !== undefined;
}

/** The text by which the person was asked last whether they own the group; null where nobody asked. */
export async function findLastAsked(
  sql: Sql,
  { personId, groupId }: { personId: number; groupId: number },
): Promise<string | null> {
  const found = await row<{ asked: string | null }>(
    sql,
    "SELECT asked FROM consents WHERE person_id = ? AND group_id = ? AND kind = 'asked' AND about = 'ownership' ORDER BY id DESC LIMIT 1",
    [personId, groupId],
  );
  return found?.asked ?? null;
}

/** As long as the columns. */
const WORDING = 200;
const ASKED = 500;
