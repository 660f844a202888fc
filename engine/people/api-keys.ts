import type { Sql } from '../../db/connect.ts';
import { type ApiKeyRow, findApiKey, insertApiKey, touchApiKey } from '../../db/people/api-keys.ts';
import type { Runtime } from '../platform/runtime.ts';
import { hashSid, newSid } from './secrets.ts';
import type { Session } from './sessions.ts';

/** Makes a key for the programs of a person. Returns it and its id; only its hash is kept. */
export async function makeApiKey(
  sql: Sql,
  input: { name: string; now: Date } & Pick<ApiKeyRow, 'personId' | 'groupId' | 'access'>,
): Promise<{ id: number; key: string }> {
  const key = `${PREFIX}${newSid()}`;
  return { id: await insertApiKey(sql, { ...input, keyHash: hashSid(key) }), key };
}

/** Whether it is written as a key; a session id never is. */
export function isApiKey(secret: string): boolean {
  return secret.startsWith(PREFIX);
}

/** Returns who calls by a key and how far it reaches, or null where there is no such key or it was revoked. */
export async function findKeySession(runtime: Runtime, key: string): Promise<Session | null> {
  const found = await findApiKey(runtime.db, hashSid(key));
  if (found === undefined) return null;
  const { id, personId, phone, groupId, access, usedAt } = found;
  const now = new Date();
  if (usedAt === null || now.getTime() - usedAt.getTime() > TOUCH_EVERY_MS) await touchApiKey(runtime.db, { id, now });
  return { personId, phone, sidHash: null, onlyGroupId: null, key: { id, access, onlyGroupId: groupId } };
}

/** So that scanners for secrets, and people, see what it is. A sid has 43 characters and no dot. */
const PREFIX = 'key.';
/** A busy program does not need a write for every call. */
const TOUCH_EVERY_MS = 3_600_000;
