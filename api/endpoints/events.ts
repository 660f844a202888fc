import { Type } from '@sinclair/typebox';
import { DomainError } from '../../engine/platform/errors.ts';
import { readBeginning } from '../../engine/usecases/events/beginning.ts';
import { writeCursor } from '../../engine/usecases/events/cursor.ts';
import { type EventType, eventTypes } from '../../engine/usecases/events/events.ts';
import { readEvents } from '../../engine/usecases/events/read-events.ts';
import { endpoint } from '../endpoint.ts';
import { asFlag, count, epoch, flag, phone, text } from '../schemas.ts';

const DEFAULT_PAGE = 100;
const LARGEST_PAGE = 1_000;

const types = Object.keys(eventTypes) as EventType[];

const shownEvent = Type.Object(
  {
    type: Type.Union(
      types.map((type) => Type.Literal(type)),
      { description: types.map((type) => `${type}: ${eventTypes[type]}`).join('. ') },
    ),
    time: epoch('When it happened'),
    group: Type.Optional(phone('The group number, for the reader')),
    message: Type.Optional(
      Type.Object(
        {
          id: count('Id of the message in its group'),
          txt: text('Text of the message'),
          from: Type.Optional(phone('Who said it, where /member/groups lists them to the reader')),
          name: Type.Optional(text('The name that the text begins with, or the number of who has none')),
          time: epoch('Time the message was sent'),
          gone: Type.Optional(Type.Literal(1, { description: '1 where the text was kept long enough and deleted' })),
          mine: Type.Optional(Type.Literal(1, { description: '1 where the reader said it' })),
          media: Type.Optional(Type.Array(Type.String(), { description: 'Addresses of its media, where it has any' })),
        },
        { description: 'What was said' },
      ),
    ),
    message_id: Type.Optional(count('Id of the message in its group that it is about')),
    counts: Type.Optional(
      Type.Object(
        {
          waiting: count('Recipients whose text has not gone out yet'),
          sent: count('Recipients whose text the carrier has taken and not reported on'),
          delivered: count('Recipients who have it'),
          failed: count('Recipients who did not get it'),
          skipped: count('Recipients who are not sent texts'),
        },
        { description: 'The recipients of the message, by state' },
      ),
    ),
    reactions: Type.Optional(
      Type.Array(Type.Object({ reaction: text('An emoji'), count: count('How many members reacted with it') }), {
        description: 'All reactions to the message, the most frequent first',
      }),
    ),
    member: Type.Optional(
      Type.Object(
        {
          name: text('Name of the member now; empty where they have none'),
          number: Type.Optional(phone('Number of the member, unless they were forgotten since')),
        },
        { description: 'The member that it is about' },
      ),
    ),
    changed: Type.Optional(
      Type.Array(Type.String(), {
        description:
          'The fields of /member/groups that have changed: read them there; lists are those of /v1/lists/list',
      }),
    ),
    schedule_id: Type.Optional(count('Id of the scheduled message')),
    balance: Type.Optional(Type.Integer({ description: 'Account balance in pennies, now' })),
  },
  { title: 'Event' },
);

export const eventsGet = endpoint({
  url: '/v1/events',
  name: 'getEvents',
  reads: true,
  summary: 'Read what has happened since',
  notes:
    'What happened in the groups of the member, or of the key, in the order of each group; never more than /message/get and /member/groups show them. Keep the cursor and send it with the next call: none is left out and none comes twice. Without a cursor it begins now and returns the cursor alone; with start it begins with all that is kept. While `more` is 1 there is more at once. Counts, reactions, names and numbers are those of the moment of reading. By GET with `Accept: text/event-stream` it is a stream that goes on: each event is one of the server-sent events, with its cursor as the id; Last-Event-ID goes before cursor, and a comment or an id alone comes every 15 seconds. A client that does not read is cut off, and so is each within an hour: go on by the last id, as browsers do. The stream ends with its sid or key; more than 20 at a time of one are 503. A cursor belongs to the sid or key of one person, and is good for KEEP_EVENTS_DAYS (30); one that is older is BAD_REQUEST with cursor: begin anew and read /member/groups and /message/get.',
  session: 'required',
  keys: 'read',
  parameters: {
    cursor: { kind: 'text', optional: true, says: 'The cursor of the last answer, or start', example: 'start' },
    limit: {
      kind: 'integer',
      optional: true,
      says: 'The most events of the answer, 1 to 1000; else 100',
      example: 100,
    },
  },
  answer: Type.Object({
    cursor: text('For the next call'),
    more: flag('There are more events to read at once'),
    events: Type.Array(shownEvent, { description: 'The events' }),
  }),
  errors: {},
  async handle({ runtime, session, params }) {
    const { limit = DEFAULT_PAGE } = params;
    if (limit < 1 || limit > LARGEST_PAGE) throw new DomainError('BAD_REQUEST', { subtype: 'limit' });
    const after = readBeginning(runtime, params.cursor);
    const { steps, cursor, more } = await readEvents(runtime, session, { after, limit });
    return { cursor: writeCursor(cursor), more: asFlag(more), events: steps.map(({ event }) => event) };
  },
});
