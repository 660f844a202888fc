import { Type } from '@sinclair/typebox';
import { countMessagesOf } from '../../db/messages/message-counts.ts';
import { countGrandTotal } from '../../engine/groups/counts.ts';
import { readPhone } from '../../engine/rules/phone.ts';
import { endpoint } from '../endpoint.ts';
import { count, phone } from '../schemas.ts';

export const messageCount = endpoint({
  url: '/message/count',
  name: 'countMessages',
  reads: true,
  summary: 'Get a count of the messages in each group',
  notes:
    'Counts the messages that /message/get shows this member, including groups that they have left. A number that is not one of their groups gives no results.',
  session: 'required',
  parameters: {
    number: { kind: 'text', optional: true, says: 'Get the count for this group number only', example: '+14445557777' },
  },
  answer: Type.Object({
    results: Type.Array(
      Type.Object({ number: phone('Number of the group'), count: count('Number of messages in the group') }),
      { description: 'The counts for each group' },
    ),
  }),
  errors: {},
  async handle({ runtime, session, params }) {
    const results = await countMessagesOf(runtime.db, session.personId);
    if (params.number === undefined) return { results };
    const { DEFAULT_REGION: defaultRegion, ALLOWED_COUNTRIES: allowedCountries } = runtime.config;
    const wanted = readPhone(params.number, { defaultRegion, allowedCountries });
    return { results: results.filter(({ number }) => number === wanted) };
  },
});

export const messageGrandTotal = endpoint({
  url: '/message/grand/total',
  name: 'countAllMessages',
  reads: true,
  summary: 'Get the grand total of all messages',
  notes: 'Needs no session. Counts the messages of groups that are gone as well.',
  session: 'none',
  parameters: {},
  answer: Type.Object({ cnt: count('The grand total of all messages processed by the system') }),
  errors: {},
  async handle({ runtime }) {
    return { cnt: await countGrandTotal(runtime) };
  },
});
