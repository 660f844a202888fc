import { createHash, randomBytes, randomInt, timingSafeEqual } from 'node:crypto';
import { hash, verify } from '@node-rs/argon2';
import { keyed } from '../platform/keyed-hash.ts';

/**
 * The secrets of members and how we store them: session ids and PINs as hashes, passwords as argon2. PINs and phone
 * numbers are few enough to be tried out one by one, so their hashes need a key of ours, derived from APP_SECRET: the
 * database or Redis alone reveals nothing.
 */

/** A new session id: 256 random bits. */
export function newSid(): string {
  return randomBytes(32).toString('base64url');
}

/** What the database keeps of a session id. It is random enough to need no key. */
export function hashSid(sid: string): Buffer {
  return createHash('sha256').update(sid).digest();
}

/** A new PIN: 6 digits. */
export function newPin(): string {
  return String(randomInt(1_000_000)).padStart(6, '0');
}

/** What tells a question of ours to a phone from those that it was asked already: 4 digits. */
export function newCode(taken: readonly string[]): string {
  for (;;) {
    const code = String(randomInt(1_000, 10_000));
    if (!taken.includes(code)) return code;
  }
}

/** An invite code for a group that has none: 10 characters that are hard to confuse, 49 random bits. */
export function newInviteCode(): string {
  return Array.from({ length: 10 }, () => CODE_LETTERS[randomInt(CODE_LETTERS.length)]).join('');
}

const CODE_LETTERS = 'abcdefghjkmnpqrstuvwxyz23456789';

/** What the database keeps of a PIN; the same PIN of two people gives two hashes. */
export function hashPin(appSecret: string, { personId, pin }: { personId: number; pin: string }): Buffer {
  return keyed(appSecret, 'pin', `${personId}:${pin}`);
}

/** Compares two hashes in constant time. */
export function isSame(a: Buffer, b: Buffer): boolean {
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What the database keeps of a password. */
export function hashPassword(password: string): Promise<string> {
  return hash(password, PASSWORD_COST);
}

/** Takes the same time without a hash, so that timing does not reveal who has a password, or is known at all. */
export async function isPassword(password: string, passwordHash: string | null): Promise<boolean> {
  const right = await verify(passwordHash ?? HASH_OF_NOTHING, password);
  return right && passwordHash !== null;
}

/** KiB of memory and passes; OWASP's recommendation for argon2id. About 15 ms. */
const PASSWORD_COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 };

/** Of a password that nobody knows, at the cost above. */
export const HASH_OF_NOTHING =
  '$argon2id$v=19$m=19456,t=2,p=1$uNfsP7o+exItgZqdUvvmAg$FXkxr/y16TwdH86oXxT/iH1/9pU58ALwagazTOC/PXA';
