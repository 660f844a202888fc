import { findUnsent } from '../../db/deliveries/cancelled.ts';
import { type Cancelled, cancelMessage } from '../../engine/delivery/cancel.ts';
import { type Call, type Command, Misuse, NotPossible } from './command.ts';
import { groupOf } from './groups.ts';
import { messageOf, nameOf } from './messages.ts';
import { tableOf } from './table.ts';

export const messageCancel: Command = {
  words: ['message', 'cancel'],
  takes: ['[message]'],
  options: { '--group <id>': 'all that runs of a group, in place of one message' },
  changes: true,
  async asks(call) {
    const { group, messages } = await wantedOf(call);
    return group === null
      ? `Stop ${nameOf(await messageOf(call, String(messages[0])))}, for all who do not have it yet?`
      : `Stop the ${messages.length} messages that are still going out in group ${group}?`;
  },
  does: 'stops a running broadcast: what no sender has at this moment never goes out, and what was reserved for it is free at once. What has gone out cannot be called back',
  examples: ['message cancel 4711 --reason "sent to the wrong group"', 'message cancel --group 12 --yes'],
  async run(call) {
    const { group, messages } = await wantedOf(call);
    const cancelled: Cancelled[] = [];
    for (const messageId of messages) {
      const one = await cancelMessage(call.db, { messageId, now: call.now });
      if (one !== null) cancelled.push(one);
    }
    if (cancelled.length === 0) throw new NotPossible(group === null ? 'It was cancelled before.' : NOTHING_RUNS);
    const cells = cancelled.map((one) => [one.messageId, one.stopped, one.underWay, one.gone].map(String));
    const text = tableOf(['message', 'stopped', 'with a sender now', 'gone out before'], cells, { numbers: 3 });
    return { text, json: { cancelled } };
  },
};

async function wantedOf(call: Call): Promise<{ group: string | null; messages: number[] }> {
  const { group } = call.options;
  const [written] = call.args;
  if ((group === undefined) === (written === undefined)) throw new Misuse('Name a message, or --group.');
  if (written !== undefined) {
    const { id, kind, messageId } = await messageOf(call, written);
    if (kind !== 'said')
      throw new NotPossible(`Message ${messageId ?? id} is a text of ours: only what members say is stopped.`);
    return { group: null, messages: [id] };
  }
  const { id: groupId } = await groupOf(call, group ?? '');
  const messages = await findUnsent(call.db, groupId);
  if (messages.length === 0) throw new NotPossible(NOTHING_RUNS);
  return { group: String(groupId), messages };
}

const NOTHING_RUNS = 'Nothing that members said is still going out in that group.';
