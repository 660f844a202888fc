import { timingSafeEqual } from 'node:crypto';
import {
  deleteOperatorSession,
  findOperatorNamed,
  findOperatorSession,
  insertOperatorSession,
  touchOperatorSession,
} from '../../db/people/operators.ts';
import { keyed } from '../platform/keyed-hash.ts';
import type { Runtime } from '../platform/runtime.ts';
import { MAIN_OPERATOR, type Operator } from '../rules/operators.ts';
import { hashSid, isPassword, isSame, newSid } from './secrets.ts';
import { countOperatorGuess } from './throttle.ts';

/**
 * Opens a session of the console: for the main operator by OPS_PASSWORD, for others by their own. Returns its id, or null for
 * a wrong name or password. Throws UNAVAILABLE after too many wrong ones.
 */
export async function signIn(
  runtime: Runtime,
  { name, password, address }: { name: string; password: string; address: string },
): Promise<string | null> {
  const counted = await countOperatorGuess(runtime, { name, address });
  const operatorId = await idOf(runtime, { name, password });
  if (operatorId === undefined) return null;
  await counted.giveBack();
  const sid = newSid();
  const now = new Date();
  const usedSince = new Date(now.getTime() - IDLE_MS);
  await insertOperatorSession(runtime.db, { sidHash: hashOf(runtime, sid), operatorId, now, usedSince });
  return sid;
}

/** Returns who has this session, or null where it is none or over. `isUse`: they did something, so it goes on. */
export async function findOperator(
  runtime: Runtime,
  sid: string,
  { isUse }: { isUse: boolean },
): Promise<Operator | null> {
  const now = new Date();
  const sidHash = hashOf(runtime, sid);
  const since = (ms: number) => new Date(now.getTime() - ms);
  const found = await findOperatorSession(runtime.db, {
    ...{ sidHash, usedSince: since(IDLE_MS), begunSince: since(LONGEST_MS) },
  });
  if (found === undefined) return null;
  if (isUse && now.getTime() - found.usedAt.getTime() > TOUCH_EVERY_MS)
    await touchOperatorSession(runtime.db, { sidHash, now });
  return { name: found.name ?? MAIN_OPERATOR, role: found.role ?? 'money' };
}

export async function signOut(runtime: Runtime, sid: string): Promise<void> {
  await deleteOperatorSession(runtime.db, hashOf(runtime, sid));
}

/** What a form of this session carries: no other site can know it. */
export function formTokenOf({ config }: Pick<Runtime, 'config'>, sid: string): string {
  return keyed(config.APP_SECRET, 'form', sid).toString('base64url');
}

export function isFormToken(runtime: Pick<Runtime, 'config'>, sid: string, sent: string): boolean {
  return isSame(Buffer.from(formTokenOf(runtime, sid)), Buffer.from(sent));
}

/** Compares hashes, so that the time it takes tells nothing of the password, its length included. */
export function isMainPassword({ config }: Pick<Runtime, 'config'>, password: string): boolean {
  return timingSafeEqual(hashSid(password), hashSid(config.OPS_PASSWORD));
}

/** Null for the main operator, undefined for a wrong name or password. */
async function idOf(
  runtime: Runtime,
  { name, password }: { name: string; password: string },
): Promise<number | null | undefined> {
  if (name === MAIN_OPERATOR) return isMainPassword(runtime, password) ? null : undefined;
  const found = await findOperatorNamed(runtime.db, name);
  return (await isPassword(password, found?.passwordHash ?? null)) ? found?.id : undefined;
}

/** Of OPS_PASSWORD too: where that is changed, every session is over. */
function hashOf({ config }: Pick<Runtime, 'config'>, sid: string): Buffer {
  return hashSid(`${sid} ${config.OPS_PASSWORD}`);
}

const MINUTE_MS = 60_000;
const IDLE_MS = 30 * MINUTE_MS;
const LONGEST_MS = 12 * 60 * MINUTE_MS;
const TOUCH_EVERY_MS = MINUTE_MS;
