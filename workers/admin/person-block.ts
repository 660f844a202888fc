import { blockPerson } from '../../engine/usecases/operating/block-person.ts';
import { type Call, type Command, NotPossible, type Outcome, sheetOf } from './command.ts';

export const personBlock: Command = {
  words: ['person', 'block'],
  takes: ['<phone>'],
  changes: true,
  async asks({ args: [phone] }) {
    return `Send no text to ${phone} any more, from any group, as if it had said STOP?`;
  },
  does: 'blocks a phone as its STOP would: nothing of ours goes there until it texts START, or until person unblock. Nobody is told',
  examples: ['person block +12015550123 --reason "asked by letter of 3 May" --yes'],
  run: (call) => change(call, true),
};

export const personUnblock: Command = {
  words: ['person', 'unblock'],
  takes: ['<phone>'],
  changes: true,
  async asks({ args: [phone] }) {
    return `The law lets only the person themself end a STOP. Did the person who has ${phone} ask for texts again, and can you prove it?`;
  },
  does: 'ends the block of a phone, where its person asked for that and it is on record (say where by --reason); texting START is the better way. A block that the carrier holds stays until START',
  examples: ['person unblock +12015550123 --reason "ticket 4711: they asked by mail" --yes'],
  run: (call) => change(call, false),
};

async function change(call: Call, blocked: boolean): Promise<Outcome> {
  const { db, reason, now } = call;
  const { id: personId, phone, blockedByCarrier } = await sheetOf(call, call.args[0] ?? '');
  if (!(await blockPerson(db, { personId, blocked, reason, now })))
    throw new NotPossible(`${phone} is ${blocked ? 'blocked already' : 'not blocked'}.`);
  const rest = !blocked && blockedByCarrier === 1 ? ' The carrier blocks it still: START from that phone ends it.' : '';
  const text = `${phone} is ${blocked ? 'blocked' : 'not blocked any more'}.${rest}`;
  return { text, json: { phone, blocked, blockedByCarrier: blockedByCarrier === 1 } };
}
