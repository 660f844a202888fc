import { placeholders, row, run, type Sql } from '../connect.ts';

/** One entry of the ledger of consents: see its table. */
export type Consent = {
  personId: number;
  groupId: number | null;
  kind: 'consent' | 'refusal' | 'leave' | 'stop' | 'start';
  about: 'texts' | 'membership' | 'ownership' | 'device';
  /** Who says so: the person, or who named them. */
  byId: number;
  way: 'text' | 'call' | 'carrier';
  /** What was said, and our text that it answers. */
  wording: string | null;
  asked: string | null;
  carrierId: string | null;
};

/** Adds to the ledger of consents. In the transaction of what it tells; nothing else ever writes there. */
export async function insertConsents(sql: Sql, consents: readonly Consent[], now: Date): Promise<void> {
  if (consents.length === 0) return;
  await run(
    sql,
    `INSERT INTO consents (person_id, group_id, kind, about, by_id, way, wording, asked, carrier_id, at) VALUES ${placeholders(consents.length, 10)}`,
    consents.flatMap((one) => [
      one.personId,
      one.groupId,
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

/** As long as the columns. */
const WORDING = 200;
const ASKED = 500;
