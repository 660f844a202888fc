import { firstIdSince } from '../../db/first-since.ts';
import { type FailedOf, requeueFailed } from '../../engine/delivery/requeue-failed.ts';
import { type Call, type Command, Misuse, NotPossible } from './command.ts';
import { messageOf } from './messages.ts';
import { PERIOD, periodOf } from './times.ts';

export const messageRequeue: Command = {
  words: ['message', 'requeue'],
  takes: ['[message]'],
  options: { '--code <code>': 'only texts that failed with this error code', ...PERIOD },
  changes: true,
  async asks({ args: [message], options: { code } }) {
    const which = `texts${message === undefined ? '' : ` of message ${message}`}${code === undefined ? '' : ` with code ${code}`}`;
    return `Give every failed one of the ${which} another try, which the owners pay for as for any?`;
  },
  does: 'gives texts that failed or were not delivered one more try: of a message, or of all that were accepted in a time, or of those that have an error code. Who said STOP or left is skipped, as ever',
  examples: [
    'message requeue 4711',
    'message requeue --code 30 --from 2026-01-31T14:00 --until 2026-01-31T15:00 --dry-run',
  ],
  async run(call) {
    const { code } = call.options;
    if (code !== undefined && !/^\d{1,6}$/.test(code)) throw new Misuse(`"${code}" is no error code.`);
    const of = { ...(await rowsOf(call)), code: code === undefined ? null : Number(code) };
    const requeued = await requeueFailed(call.db, of, call.now);
    if (requeued === 0) throw new NotPossible('No text has failed there.');
    return { text: `${requeued} texts stand in line again.`, json: { requeued } };
  },
};

async function rowsOf(call: Call): Promise<Omit<FailedOf, 'code'>> {
  const { from, until } = call.options;
  const [message] = call.args;
  if (message === undefined) {
    const period = periodOf(call);
    return {
      first: await firstIdSince(call.db, 'messages', period.from),
      end: await firstIdSince(call.db, 'messages', period.until),
    };
  }
  if (from !== undefined || until !== undefined) throw new Misuse('Name a message or a time, not both.');
  const { id } = await messageOf(call, message);
  return { first: id, end: id + 1 };
}
