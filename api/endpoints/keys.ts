import { Type } from '@sinclair/typebox';
import { keyAccesses } from '../../engine/rules/api-keys.ts';
import { endOwnKey, MOST_KEYS, makeOwnKey, readOwnKeys } from '../../engine/usecases/own-keys.ts';
import { endpoint } from '../endpoint.ts';
import { count, epoch, phone, text } from '../schemas.ts';

const access = Type.Union(
  keyAccesses.map((one) => Type.Literal(one)),
  { description: 'What it may do: send may read too' },
);

export const keysCreate = endpoint({
  url: '/v1/keys/create',
  name: 'createKey',
  summary: 'Make a key for a program',
  notes: `With it a program of an owner’s reads, or sends, without a login: as Authorization: Bearer, in the groups that they own or in one. It is said once, and works until it is revoked; *logout by text revokes all. The owner’s phone gets a text. A person makes at most ${MOST_KEYS} that work: one more is BAD_REQUEST with the subtype keys. No key makes, lists or revokes keys.`,
  session: 'required',
  throttled: true,
  parameters: {
    name: { kind: 'text', limit: 50, says: 'What it is for', example: 'Shop bot' },
    access: { kind: 'keyAccess', says: 'read, or send, which reads too', example: 'read' },
    number: {
      kind: 'phone',
      optional: true,
      says: 'The number of the one group that it is for; else it is for all that the caller owns, now and later',
      example: '+14445557777',
    },
  },
  answer: Type.Object({
    id: count('Id of the key, for /v1/keys/revoke'),
    key: text('The key itself; it is kept only as a hash and cannot be shown again'),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: {},
    NO_ACCOUNT: {},
    THROTTLE: {},
  },
  async handle({ runtime, session, params: { name, access: wanted, number = null } }) {
    return makeOwnKey(runtime, session, { name, access: wanted, number });
  },
});

export const keysList = endpoint({
  url: '/v1/keys/list',
  name: 'listKeys',
  reads: true,
  summary: 'List the keys that work',
  notes: 'The newest 100, or those before an id; what they are is not shown.',
  session: 'required',
  parameters: {
    before: { kind: 'integer', optional: true, says: 'Only keys of a lower id', example: 1_000_000 },
  },
  answer: Type.Object({
    keys: Type.Array(
      Type.Object({
        id: count('Id of the key, for /v1/keys/revoke'),
        name: text('What it is for'),
        access,
        number: Type.Optional(phone('The number of the one group that it is for; left out where it is for all')),
        created: epoch('Time the key was made'),
        used: Type.Optional(epoch('Time the key was last used, to the hour')),
      }),
      { description: 'The keys' },
    ),
  }),
  errors: {},
  async handle({ runtime, session, params: { before } }) {
    const keys = await readOwnKeys(runtime, session, { before });
    return {
      keys: keys.map(({ id, name, access: may, number, createdAt, usedAt }) => ({
        id,
        name,
        access: may,
        ...(number === null ? {} : { number }),
        created: seconds(createdAt),
        ...(usedAt === null ? {} : { used: seconds(usedAt) }),
      })),
    };
  },
});

export const keysRevoke = endpoint({
  url: '/v1/keys/revoke',
  name: 'revokeKey',
  summary: 'Revoke a key',
  notes: 'It works no more at once, and for good.',
  session: 'required',
  parameters: { id: { kind: 'integer', says: 'Id of the key', example: 1 } },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    NOT_FOUND: { says: 'The caller has no key of this id that works.' },
  },
  async handle({ runtime, session, params: { id } }) {
    await endOwnKey(runtime, session, id);
    return {};
  },
});

function seconds(at: Date): number {
  return Math.floor(at.getTime() / 1000);
}
