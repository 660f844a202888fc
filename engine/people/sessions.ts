import type { Tx } from '../../db/connect.ts';
import { noteLogin } from '../../db/people/people.ts';
import {
  deleteOtherSessions,
  deleteSession,
  findSession as findRow,
  insertSession,
  touchSession,
} from '../../db/people/sessions.ts';
import type { Runtime } from '../platform/runtime.ts';
import type { KeyScope } from '../rules/api-keys.ts';
import { hashSid, newSid } from './secrets.ts';

/** Who is calling. */
export type Session = {
  personId: number;
  phone: string;
  /** Null where the call came with a PIN. */
  sidHash: Buffer | null;
  /** The group that this call is limited to, where it came with a PIN of `send_pin` in place of a sid. */
  onlyGroupId: number | null;
  /** How far a key reaches, where the call came with one. */
  key?: KeyScope;
};

/** Opens a session in the caller's transaction. Returns its sid, which is stored only as a hash. */
export async function openSession(
  tx: Tx,
  { personId, source, now }: { personId: number; source: string | null; now: Date },
): Promise<string> {
  const sid = newSid();
  // First: the session's row holds its person, and two logins of one person would each wait for the other to let go.
  await noteLogin(tx, { personId, now });
  await insertSession(tx, { sidHash: hashSid(sid), personId, source, now });
  return sid;
}

/** Returns the live session of a sid, or null. Using it keeps it alive for another 30 days. */
export async function findSession(runtime: Runtime, sid: string): Promise<Session | null> {
  if (!SID.test(sid)) return null;
  const now = new Date();
  const sidHash = hashSid(sid);
  const found = await findRow(runtime.db, { sidHash, since: new Date(now.getTime() - IDLE_MS) });
  if (found === undefined) return null;
  if (now.getTime() - found.usedAt.getTime() > TOUCH_EVERY_MS) await touchSession(runtime.db, { sidHash, now });
  return { personId: found.personId, phone: found.phone, sidHash, onlyGroupId: null };
}

/** Ends this session, or all of the member’s: a sid is unknown from then on. */
export async function endSession(
  runtime: Runtime,
  { sidHash, personId }: Session,
  { all = false } = {},
): Promise<void> {
  if (all) await deleteOtherSessions(runtime.db, { personId, sidHash: null });
  else if (sidHash !== null) await deleteSession(runtime.db, sidHash);
}

const SID = /^[\w-]{20,100}$/;
const DAY_MS = 86_400_000;
/** From the contract: 30 days since last use. */
const IDLE_MS = 30 * DAY_MS;
/** A busy app does not need a write for every call. */
const TOUCH_EVERY_MS = 3_600_000;
