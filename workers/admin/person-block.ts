import { transact } from '../../db/connect.ts';
import { setBlocked } from '../../db/people/blocks.ts';
import { type Consent, insertConsents } from '../../db/people/consents.ts';
import { raiseRostersOf } from '../../engine/delivery/opt-out.ts';
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
  run: (call) => change(call, call.now),
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
  run: (call) => change(call, null),
};

async function change(call: Call, at: Date | null): Promise<Outcome> {
  const { id, phone, blockedByCarrier } = await sheetOf(call, call.args[0] ?? '');
  const isChanged = await transact(call.db, async (tx) => {
    if (!(await setBlocked(tx, { personId: id, at }))) return false;
    await insertConsents(tx, [consentOf(call, { personId: id, kind: at === null ? 'start' : 'stop' })], call.now);
    await raiseRostersOf(tx, id);
    return true;
  });
  if (!isChanged) throw new NotPossible(`${phone} is ${at === null ? 'not blocked' : 'blocked already'}.`);
  const rest =
    at === null && blockedByCarrier === 1 ? ' The carrier blocks it still: START from that phone ends it.' : '';
  const text = `${phone} is ${at === null ? 'not blocked any more' : 'blocked'}.${rest}`;
  return { text, json: { phone, blocked: at !== null, blockedByCarrier: blockedByCarrier === 1 } };
}

/** The person said so to the operator, who keeps how: it stands in the ledger like a STOP or START of theirs. */
function consentOf({ reason }: Call, of: Pick<Consent, 'personId' | 'kind'>): Consent {
  const nothing = { groupId: null, numberId: null, byId: null, asked: null, carrierId: null };
  return { ...nothing, ...of, about: 'texts', way: 'operator', wording: reason };
}
