import { Type } from '@sinclair/typebox';
import { onceForKey } from '../../engine/effects/repeated-calls.ts';
import { DomainError } from '../../engine/platform/errors.ts';
import { mediaAddresses } from '../../engine/platform/media-addresses.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import type { Waiting } from '../../engine/rules/command-context.ts';
import { sayDays } from '../../engine/rules/repeats.ts';
import { readWhen, writeTime } from '../../engine/rules/schedule.ts';
import { listScheduled, scheduleMessage, unschedule } from '../../engine/usecases/schedules.ts';
import { endpoint } from '../endpoint.ts';
import { mediaIds, uploadsIn } from '../media-ids.ts';
import { repeatKey } from '../repeat-key.ts';
import { asFlag, count, flag, text } from '../schemas.ts';

const groupNumber = { kind: 'phone', says: 'The group number', example: '+14445557777' } as const;

export const messageSchedule = endpoint({
  url: '/message/schedule',
  name: 'scheduleMessage',
  summary: 'Schedule a message for later delivery',
  notes:
    'Either all times are accepted or none; equal times count once. At most 100 messages wait for a group; one more is INVALID_WHEN. At its time a message goes out as if the owner had sent it then: to the members of that moment, and as text even if it begins with *. It is dropped, and the owner is told, if the account is suspended, if the owner has left the group, or if it would be more than 60 minutes late. In a group with `hours` it waits until its time is inside of them for everybody, and is dropped where that is more than two days off. Deleting the group drops its scheduled messages. If no answer came, repeat the call with the same idempotency_key: it is scheduled once. The same key with another message is BAD_REQUEST.',
  session: 'required',
  keys: 'send',
  parameters: {
    number: { kind: 'phone', says: 'The group number to send the message to', example: '+14445557777' },
    message: { kind: 'message', says: 'The message to send', example: 'Meeting in an hour' },
    cc: { kind: 'flag', optional: true, says: 'cc me a copy as a SMS or device notification' },
    when: {
      kind: 'text',
      says: 'Comma delimited list of the UTC times to send the message at. Format is YYYY-MM-DD HH:MM:SS',
      example: '2030-12-24 18:00:00,2030-12-31 18:00:00',
    },
    media_ids: mediaIds,
    idempotency_key: repeatKey('message', 'party-4711'),
  },
  answer: Type.Object({
    ids: Type.Optional(
      Type.Array(Type.Integer(), {
        description: 'Ids of the scheduled messages in the order of their times, for /message/schedule/delete',
        examples: [[7, 8]],
      }),
    ),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    MESSAGE_TOO_LONG: {},
    SUSPENDED: {},
    NOT_OWNER: { says: 'Only the owner of a group can schedule messages.' },
    INVALID_WHEN: { subtype: 'time' },
  },
  async handle({ runtime, session, params }) {
    const { number, message: text, cc = false, when: times, idempotency_key: key } = params;
    const uploads = uploadsIn(session, params.media_ids);
    const body = { number, text, cc, times, ...(uploads === undefined ? {} : { media: uploads.ids }) };
    const named = { call: 'schedule', by: session.personId, key, body } as const;
    return onceForKey(runtime, named, async (call): Promise<{ ids?: number[] }> => {
      const when = readWhen(times, Date.now());
      if ('wrong' in when) throw new DomainError('INVALID_WHEN', { subtype: when.wrong });
      const said = { text, cc, times: when.times, uploads, call };
      return { ids: await scheduleMessage(runtime, { phone: session.phone, number }, said) };
    });
  },
});

export const messageScheduleList = endpoint({
  url: '/message/schedule/list',
  name: 'listScheduled',
  reads: true,
  summary: 'List the scheduled messages',
  notes: 'Messages that have not gone out yet, the next one first.',
  session: 'required',
  keys: 'read',
  parameters: { number: groupNumber },
  answer: Type.Object({
    messages: Type.Array(
      Type.Object({
        id: count('Id of the message, for /message/schedule/delete'),
        txt: text('Text of the message'),
        media: Type.Optional(Type.Array(Type.String(), { description: 'Addresses of its pictures, where it has any' })),
        when: text('UTC time when the message will be sent, as YYYY-MM-DD HH:MM:SS'),
        rsvp: Type.Optional(flag('Set by text alone (*rsvp and its id): at its time it asks who comes')),
        repeats: Type.Optional(
          text('Set by text alone: on which days it is sent again, by the clocks of which time zone'),
        ),
      }),
      { description: 'The messages' },
    ),
  }),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: { says: 'Only the owner of a group can get the message list.' },
  },
  async handle({ runtime, session, params }) {
    const found = await listScheduled(runtime, { phone: session.phone, number: params.number });
    return { messages: found.map((one) => describe(runtime, one)) };
  },
});

function describe(
  { config }: Runtime,
  { id, text: txt, media, sendAt, repeat, headCount }: Waiting,
): {
  id: number;
  txt: string;
  media?: string[];
  when: string;
  rsvp?: 0 | 1;
  repeats?: string;
} {
  const again = repeat === null ? {} : { repeats: `${sayDays(repeat.days)}, ${repeat.zone}` };
  const pictures = media.length === 0 ? {} : { media: mediaAddresses(config, media) };
  const asks = headCount === true ? { rsvp: asFlag(true) } : {};
  return { id, txt, ...pictures, when: writeTime(sendAt), ...asks, ...again };
}

export const messageScheduleDelete = endpoint({
  url: '/message/schedule/delete',
  name: 'deleteScheduled',
  summary: 'Delete a scheduled message',
  session: 'required',
  keys: 'send',
  parameters: {
    number: groupNumber,
    message_id: { kind: 'integer', says: 'The scheduled message id', example: 1 },
  },
  answer: Type.Object({}),
  errors: {
    MISSING_FIELDS: { subtype: 'fields' },
    INVALID_NUMBER: {},
    MEMBER_LOOKUP_FAILED: {},
    NOT_OWNER: { says: 'Only the owner of a group can delete the message.' },
    NOT_FOUND: { says: 'The scheduled message can not be found.' },
  },
  async handle({ runtime, session, params }) {
    await unschedule(runtime, { phone: session.phone, number: params.number }, params.message_id);
    return {};
  },
});
