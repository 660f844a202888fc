import { randomUUID } from 'node:crypto';
import { transact } from '../../../db/connect.ts';
import { insertHookEvents, reviveDead } from '../../../db/hooks/hook-events.ts';
import {
  deleteHook,
  findHook,
  type HookOwner,
  type HookRow,
  insertHook,
  listHooks,
  rotateSecret,
} from '../../../db/hooks/hooks.ts';
import { findMembership } from '../../groups/membership.ts';
import type { Session } from '../../people/sessions.ts';
import { DomainError } from '../../platform/errors.ts';
import { seal } from '../../platform/keyed-hash.ts';
import type { Runtime } from '../../platform/runtime.ts';
import { readHookUrl } from '../../rules/hooks.ts';
import { writeCursor } from '../events/cursor.ts';
import { eventTypes } from '../events/events.ts';
import { readEvents } from '../events/read-events.ts';
import { newHookSecret } from './signature.ts';

type By = Pick<Session, 'personId' | 'phone' | 'key'>;
export type HookInput = { url: string; events: string | undefined; number: string | undefined };

/**
 * Registers a receiver, for what comes from now on in the groups that the caller owns or in one of them. Returns its secret,
 * which is told once. Throws BAD_REQUEST with `url` or `events`, MEMBER_LOOKUP_FAILED, NOT_OWNER, and BAD_REQUEST with `hooks`
 * where there are too many.
 */
export async function makeHook(
  runtime: Runtime,
  by: By,
  { url: written, events, number }: HookInput,
): Promise<{ id: number; secret: string }> {
  const url = readHookUrl(written, { mayBeLocal: runtime.config.HOOKS_TO_PRIVATE });
  if (url === null) throw new DomainError('BAD_REQUEST', { subtype: 'url' });
  const types = readTypes(events);
  const groupId = number === undefined ? (by.key?.onlyGroupId ?? null) : await ownGroup(runtime, by.phone, number);
  if ((await listHooks(runtime.db, { personId: by.personId, keyId: null })).length >= MOST_HOOKS)
    throw new DomainError('BAD_REQUEST', { subtype: 'hooks' });
  const reader = { personId: by.personId, key: { id: 0, access: 'read', onlyGroupId: groupId } } as const;
  const { cursor } = await readEvents(runtime, reader, { after: 'now', limit: 1 });
  const secret = newHookSecret();
  const id = await insertHook(runtime.db, {
    ...{ personId: by.personId, keyId: by.key?.id ?? null, groupId, url, events: types },
    ...{ secret: seal(runtime.config.APP_SECRET, secret), place: writeCursor(cursor), now: new Date() },
  });
  return { id, secret };
}

const MOST_HOOKS = 20;

export function hooksOf({ db }: Runtime, by: By): Promise<HookRow[]> {
  return listHooks(db, ownerOf(by));
}

/** One of the caller's own. Throws NOT_FOUND. */
export async function hookOf({ db }: Pick<Runtime, 'db'>, by: By, id: number): Promise<HookRow> {
  const found = await findHook(db, { ...ownerOf(by), id });
  if (found === undefined) throw new DomainError('NOT_FOUND');
  return found;
}

/** Nothing more goes to it, and its log is gone. */
export async function endHook(runtime: Runtime, by: By, id: number): Promise<void> {
  await hookOf(runtime, by, id);
  await transact(runtime.db, (tx) => deleteHook(tx, id));
}

/** A new secret; for a day the old one signs too. One that was off is on again. */
export async function rotateHook(runtime: Runtime, by: By, id: number): Promise<string> {
  await hookOf(runtime, by, id);
  const secret = newHookSecret();
  const oldUntil = new Date(Date.now() + OLD_SECRET_MS);
  await rotateSecret(runtime.db, { id, secret: seal(runtime.config.APP_SECRET, secret), oldUntil });
  return secret;
}

const OLD_SECRET_MS = 86_400_000;

/** Sends it an event of the type `hook.test`, whatever it wants to be told of. */
export async function testHook(runtime: Runtime, by: By, id: number): Promise<void> {
  await hookOf(runtime, by, id);
  const name = `test_${randomUUID()}`;
  const now = new Date();
  const body = JSON.stringify({ type: TEST, timestamp: now.toISOString(), data: { type: TEST } });
  await transact(runtime.db, (tx) =>
    insertHookEvents(tx, id, {
      events: [{ stream: name.slice(0, 40), name: name.slice(0, 40), type: TEST, body }],
      now,
    }),
  );
}

const TEST = 'hook.test';

/** Tries again what was given up, one or all; returns how many. */
export async function reviveHook(
  runtime: Runtime,
  by: By,
  { id, eventId }: { id: number; eventId: number | null },
): Promise<number> {
  await hookOf(runtime, by, id);
  return reviveDead(runtime.db, { hookId: id, id: eventId, limit: 1_000 });
}

function ownerOf({ personId, key }: By): HookOwner {
  return { personId, keyId: key?.id ?? null };
}

async function ownGroup(runtime: Runtime, phone: string, number: string): Promise<number> {
  const membership = await findMembership(runtime, { phone, number });
  if (membership === null) throw new DomainError('MEMBER_LOOKUP_FAILED');
  if (!membership.member.owner) throw new DomainError('NOT_OWNER');
  return membership.roster.group.id;
}

function readTypes(events: string | undefined): string | null {
  if (events === undefined) return null;
  const types = [...new Set(events.split(',').map((type) => type.trim()))];
  if (!types.every((type) => Object.hasOwn(eventTypes, type)))
    throw new DomainError('BAD_REQUEST', { subtype: 'events' });
  return types.join(',');
}
