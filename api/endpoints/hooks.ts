import { type Static, Type } from '@sinclair/typebox';
import { type HookLogLine, readHookLog } from '../../db/hooks/hook-events.ts';
import type { HookRow } from '../../db/hooks/hooks.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import { epochSeconds, eventTypes } from '../../engine/usecases/events/events.ts';
import {
  endHook,
  hookOf,
  hooksOf,
  makeHook,
  reviveHook,
  rotateHook,
  testHook,
} from '../../engine/usecases/hooks/manage.ts';
import { endpoint } from '../endpoint.ts';
import { count, epoch, text } from '../schemas.ts';

const hookId = { kind: 'integer', says: 'The id of the webhook', example: 1 } as const;
const common = { session: 'required', keys: 'read' } as const;
const secretAnswer = text('The secret that signs, whsec_ and base64; it is told here alone');
const notFound = { NOT_FOUND: { says: 'There is no webhook of this id that is the caller’s.' } } as const;
const missing = { MISSING_FIELDS: { subtype: 'fields' } } as const;

const shownHook = Type.Object({
  id: count('Id of the webhook'),
  url: text('Where events go to'),
  events: Type.Array(Type.String(), { description: 'The types of events that go to it; none listed is all' }),
  state: Type.Union([Type.Literal('on'), Type.Literal('failing'), Type.Literal('off')], {
    description: 'failing: the last tries failed, and more come; off: the receiver answered 410, or its secret is lost',
  }),
  made: epoch('When it was registered'),
  rests_until: Type.Optional(epoch('Nothing is tried before then')),
});

export const hookCreate = endpoint({
  ...common,
  url: '/v1/hooks/create',
  name: 'createHook',
  summary: 'Register a webhook',
  notes:
    'The events of /v1/events go to the address from now on, as POST with JSON: type, timestamp and data, which is the event as /v1/events shows it to the owner. Signed by Standard Webhooks (standardwebhooks.com): webhook-id, webhook-timestamp and webhook-signature, so its libraries verify them. Those of a group come one after the other, in order, each at least once and with the same webhook-id each time; the next waits until the last was answered with 2xx within 10 seconds. Whatever else is answered, a redirect too, is tried again for three days, ever more seldom, and then kept as dead; 410 turns the webhook off. A receiver that fails five times in a row rests, up to 5 minutes at a time. The address is https and public. It is for the groups that the caller owns, or for one; one that a key made ends with the key. At most 20 a person; one more is BAD_REQUEST with hooks.',
  parameters: {
    url: { kind: 'text', says: 'Where events go to: https', example: 'https://example.com/events' },
    events: {
      kind: 'text',
      optional: true,
      says: `Types of events by comma; all where nothing is said: ${Object.keys(eventTypes).join(', ')}`,
      example: 'message.accepted',
    },
    number: {
      kind: 'phone',
      optional: true,
      says: 'The number of the one group that it is for',
      example: '+14445557777',
    },
  },
  answer: Type.Object({ id: count('Id of the webhook'), secret: secretAnswer }),
  errors: { ...missing, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {}, NOT_OWNER: {} },
  handle: ({ runtime, session, params: { url, events, number } }) =>
    makeHook(runtime, session, { url, events, number }),
});

export const hookList = endpoint({
  ...common,
  url: '/v1/hooks/list',
  name: 'listHooks',
  reads: true,
  summary: 'List the webhooks',
  notes: 'The oldest first; a key sees those that it made.',
  parameters: {},
  answer: Type.Object({ hooks: Type.Array(shownHook, { description: 'The webhooks' }) }),
  errors: {},
  handle: async ({ runtime, session }) => ({ hooks: (await hooksOf(runtime, session)).map(showHook) }),
});

export const hookDelete = endpoint({
  ...common,
  url: '/v1/hooks/delete',
  name: 'deleteHook',
  summary: 'Delete a webhook',
  notes: 'Nothing more goes to it, and its log is gone.',
  parameters: { hook_id: hookId },
  answer: Type.Object({}),
  errors: { ...missing, ...notFound },
  async handle({ runtime, session, params }) {
    await endHook(runtime, session, params.hook_id);
    return {};
  },
});

export const hookRotate = endpoint({
  ...common,
  url: '/v1/hooks/rotate',
  name: 'rotateHookSecret',
  summary: 'Give a webhook a new secret',
  notes: 'For 24 hours both sign, so that the receiver can change over. A webhook that was off is on again.',
  parameters: { hook_id: hookId },
  answer: Type.Object({ secret: secretAnswer }),
  errors: { ...missing, ...notFound },
  handle: async ({ runtime, session, params }) => ({ secret: await rotateHook(runtime, session, params.hook_id) }),
});

export const hookTest = endpoint({
  ...common,
  url: '/v1/hooks/test',
  name: 'testHook',
  summary: 'Send a webhook a test event',
  notes: 'Of the type hook.test; what became of it is in /v1/hooks/log.',
  parameters: { hook_id: hookId },
  answer: Type.Object({}),
  errors: { ...missing, ...notFound },
  async handle({ runtime, session, params }) {
    await testHook(runtime, session, params.hook_id);
    return {};
  },
});

const states = ['waiting', 'sent', 'dead'] as const;

export const hookLog = endpoint({
  ...common,
  url: '/v1/hooks/log',
  name: 'getHookLog',
  reads: true,
  summary: 'Read what became of the events of a webhook',
  notes: 'The newest 100, or those before an id; with state dead, what was given up. Kept for KEEP_EVENTS_DAYS (30).',
  parameters: {
    hook_id: hookId,
    state: { kind: 'text', optional: true, says: 'waiting, sent or dead: only those', example: 'dead' },
    before: { kind: 'integer', optional: true, says: 'Only events of a lower id', example: 1_000_000 },
  },
  answer: Type.Object({
    events: Type.Array(
      Type.Object({
        id: count('Id of the event in this log'),
        type: text('Type of the event'),
        group: Type.Optional(text('The group number')),
        state: Type.Union(
          states.map((state) => Type.Literal(state)),
          { description: 'waiting: it was not taken yet; sent: it was taken; dead: it was given up' },
        ),
        tries: count('How often it was tried'),
        time: epoch('When it was kept for the webhook'),
        tried: Type.Optional(epoch('The last try')),
        next: Type.Optional(epoch('The next try')),
        http: Type.Optional(count('The HTTP status of the last answer')),
        error: Type.Optional(text('Why there was no answer; PRIVATE is an address that is not public')),
        ms: Type.Optional(count('How long the last try took, in milliseconds')),
      }),
      { description: 'The events, the newest first' },
    ),
  }),
  errors: { ...missing, ...notFound },
  async handle({ runtime, session, params: { hook_id: id, state: wanted, before } }) {
    await hookOf(runtime, session, id);
    const state = states.find((one) => one === wanted);
    if (wanted !== undefined && state === undefined) throw new DomainError('BAD_REQUEST', { subtype: 'state' });
    const upTo = before ?? Number.MAX_SAFE_INTEGER;
    const lines = await readHookLog(runtime.db, { hookId: id, state: state ?? null, before: upTo, limit: 100 });
    return { events: lines.map(showLine) };
  },
});

export const hookRetry = endpoint({
  ...common,
  url: '/v1/hooks/retry',
  name: 'retryHook',
  summary: 'Try again what a webhook was given up for',
  notes: 'One event, or the oldest 1,000. They are not in order with the others.',
  parameters: {
    hook_id: hookId,
    event_id: { kind: 'integer', optional: true, says: 'The id of the event in /v1/hooks/log', example: 1 },
  },
  answer: Type.Object({ count: count('How many are tried again') }),
  errors: { ...missing, ...notFound },
  handle: async ({ runtime, session, params: { hook_id: id, event_id: eventId = null } }) => ({
    count: await reviveHook(runtime, session, { id, eventId }),
  }),
});

function showHook({ id, url, events, fails, restUntil, offAt, createdAt }: HookRow): Static<typeof shownHook> {
  return {
    id,
    url,
    events: events?.split(',') ?? [],
    state: offAt !== null ? 'off' : fails > 0 ? 'failing' : 'on',
    made: epochSeconds(createdAt),
    ...(restUntil === null ? {} : { rests_until: epochSeconds(restUntil) }),
  };
}

function showLine({ id, type, stream, state, tries, createdAt, triedAt, dueAt, http, error, ms }: HookLogLine) {
  return {
    ...{ id, type, state, tries, time: epochSeconds(createdAt) },
    ...(stream.startsWith('+') ? { group: stream } : {}),
    ...(triedAt === null ? {} : { tried: epochSeconds(triedAt) }),
    ...(dueAt === null || state !== 'waiting' ? {} : { next: epochSeconds(dueAt) }),
    ...(http === null ? {} : { http }),
    ...(error === null ? {} : { error }),
    ...(ms === null ? {} : { ms }),
  };
}
