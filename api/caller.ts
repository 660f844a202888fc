import { findMembership } from '../engine/groups/membership.ts';
import { findKeySession, isApiKey } from '../engine/people/api-keys.ts';
import { findPinSession } from '../engine/people/pins.ts';
import { findSession, type Session } from '../engine/people/sessions.ts';
import { DomainError } from '../engine/platform/errors.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { covers } from '../engine/rules/api-keys.ts';
import type { PhoneSettings } from '../engine/rules/phone.ts';
import type { Endpoint } from './endpoint.ts';
import type { FieldMap } from './fields.ts';
import { cleaned, kinds } from './kinds.ts';
import type { Request } from './request.ts';

/**
 * Who calls: by the field `sid`, or by a sid or a key in the header `Authorization: Bearer`; the field wins. Throws
 * UNAUTHORIZED where a session is needed and there is none, where one was sent and is none, and where this call is not for
 * keys, or not for this one.
 */
export async function findCaller(runtime: Runtime, call: Call): Promise<Session | null> {
  const { endpoint, fields, request } = call;
  if (endpoint.session === 'none') return null;
  const sid = secretIn(fields, 'sid');
  if (sid !== '') return (await findSession(runtime, sid)) ?? refuseCaller();
  if (request.bearer !== null) return bySecret(runtime, endpoint, request.bearer);
  if (endpoint.session === 'optional') return null;
  return byPin(runtime, call);
}

type Call = { endpoint: Endpoint; fields: FieldMap; request: Request; phones: PhoneSettings };

/** What a request's `Authorization: Bearer` holds; null where it has none. Proxies use the header for schemes of their own. */
export function bearerOf(authorization: string | undefined): string | null {
  return /^Bearer +(\S+) *$/i.exec(authorization ?? '')?.[1] ?? null;
}

/**
 * Throws MEMBER_LOOKUP_FAILED for a group that the key does not reach: one of another owner, or not its own. A call that
 * names no group keeps to those of the key by itself.
 */
export async function refuseBeyondKey(
  runtime: Runtime,
  { key, phone, personId }: Session,
  params: Record<string, unknown>,
): Promise<void> {
  const { number } = params;
  if (key === undefined || typeof number !== 'string') return;
  const membership = await findMembership(runtime, { phone, number });
  const group = membership?.roster.group;
  const isReached = group?.ownerPersonId === personId && (key.onlyGroupId === null || key.onlyGroupId === group.id);
  if (!isReached) throw new DomainError('MEMBER_LOOKUP_FAILED');
}

async function bySecret(runtime: Runtime, { keys }: Endpoint, secret: string): Promise<Session> {
  if (!isApiKey(secret)) return (await findSession(runtime, secret)) ?? refuseCaller();
  const session = await findKeySession(runtime, secret);
  const access = session?.key?.access;
  if (session === null || access === undefined || keys === undefined || !covers(access, keys)) return refuseCaller();
  return session;
}

async function byPin(runtime: Runtime, { endpoint, fields, request, phones }: Call): Promise<Session> {
  const pin = secretIn(fields, 'pin');
  const to = secretIn(fields, 'pin_number');
  if (endpoint.session !== 'requiredOrPin' || pin === '' || to === '') return refuseCaller();
  const phone = kinds.phone.read(to, {}, phones);
  if (typeof phone !== 'string') return refuseCaller();
  return (await findPinSession(runtime, { phone, pin, address: request.address })) ?? refuseCaller();
}

function secretIn(fields: FieldMap, name: string): string {
  return cleaned('secret', fields.get(name) ?? '') ?? '';
}

function refuseCaller(): never {
  throw new DomainError('UNAUTHORIZED');
}
