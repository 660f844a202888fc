import { setRetired } from '../../db/groups/number-settings.ts';
import { type Call, type Command, NotPossible, numberOf, type Outcome } from './command.ts';

export const numberRetire: Command = {
  words: ['number', 'retire'],
  takes: ['<number>'],
  changes: true,
  does: 'gives a number of the pool to no new member; those that it serves keep it',
  examples: ['number retire +12015550123 --reason "flagged as spam"'],
  run: (call) => change(call, true),
};

export const numberRestore: Command = {
  words: ['number', 'restore'],
  takes: ['<number>'],
  changes: true,
  does: 'hands a retired number out again',
  examples: ['number restore +12015550123'],
  run: (call) => change(call, false),
};

async function change(call: Call, retired: boolean): Promise<Outcome> {
  const { phone, kind, members } = await numberOf(call, call.args[0] ?? '');
  if (kind !== 'pool') throw new NotPossible(`${phone} is ${kind === 'service' ? 'the service number' : 'ordered'}.`);
  if (!(await setRetired(call.db, { phone, at: retired ? call.now : null })))
    throw new NotPossible(`${phone} is ${retired ? 'retired already' : 'not retired'}.`);
  const text = retired
    ? `${phone} gets no new members; it serves ${members} still.`
    : `${phone} is handed out again; it serves ${members}.`;
  return { text, json: { phone, retired, members } };
}
