import { closeGroup, giveGroupTo, setPaused } from '../../engine/groups/operators.ts';
import { settings } from '../../engine/platform/settings.ts';
import { type Call, type Command, NotPossible, type Outcome, sheetOf } from './command.ts';
import { groupOf, nameOf } from './groups.ts';

export const groupSuspend: Command = {
  words: ['group', 'suspend'],
  takes: ['<group>'],
  changes: true,
  async asks(call) {
    return `Take nothing more that is said in ${nameOf(await groupOf(call, call.args[0] ?? ''))}?`;
  },
  does: 'takes nothing more that is said in a group, until group resume: members are told so once a day, apps get SUSPENDED. What was accepted before goes out (message cancel --group stops it); commands, STOP and *bye work',
  examples: ['group suspend 12 --reason "complaints, ticket 4711" --yes'],
  run: (call) => pause(call, true),
};

export const groupResume: Command = {
  words: ['group', 'resume'],
  takes: ['<group>'],
  changes: true,
  does: 'takes again what is said in a group that an operator suspended',
  examples: ['group resume 12'],
  run: (call) => pause(call, false),
};

async function pause(call: Call, paused: boolean): Promise<Outcome> {
  const group = await groupOf(call, call.args[0] ?? '');
  if (!(await setPaused(call.db, { groupId: group.id, paused })))
    throw new NotPossible(
      group.state === 'active'
        ? `${nameOf(group)} is ${paused ? 'suspended already' : 'not suspended'}.`
        : `${nameOf(group)} is ${group.state}.`,
    );
  const text = `${nameOf(group)} is ${paused ? 'suspended' : 'not suspended any more'}.`;
  return { text, json: { group: group.id, suspended: paused } };
}

export const groupDelete: Command = {
  words: ['group', 'delete'],
  takes: ['<group>'],
  changes: true,
  async asks(call) {
    const group = await groupOf(call, call.args[0] ?? '');
    return `Delete ${nameOf(group)}, for good, and tell its members?`;
  },
  does: 'deletes a group, as its owner could: each member gets one text, what waits is not sent, its numbers are free and its messages stay in the database',
  examples: ['group delete 12 --reason "court order of 3 May" --yes'],
  async run(call) {
    const group = await groupOf(call, call.args[0] ?? '');
    const told = await closeGroup(call.db, { groupId: group.id, now: call.now });
    if (told === null) throw new NotPossible(`${nameOf(group)} is ${group.state}.`);
    return { text: `${nameOf(group)} is deleted; ${told} members are told.`, json: { group: group.id, told } };
  },
};

export const groupOwner: Command = {
  words: ['group', 'owner'],
  takes: ['<group>', '<phone>'],
  options: { '--agreed': 'that they agreed is on record (say where by --reason): they own it at once' },
  changes: true,
  async asks(call) {
    const group = await groupOf(call, call.args[0] ?? '');
    return `${call.options.agreed ? 'Make' : 'Ask'} ${call.args[1]} ${call.options.agreed ? 'the owner of' : 'to own'} ${nameOf(group)}, and to pay for its texts from then on?`;
  },
  does: 'hands a group to one of its members, who is asked by text and owns it with their YES within 72 hours',
  examples: [
    'group owner 12 +12015550123 --yes',
    'group owner 12 +12015550123 --agreed --reason "letter of 3 May" --yes',
  ],
  async run(call) {
    const group = await groupOf(call, call.args[0] ?? '');
    const { id: personId, phone } = await sheetOf(call, call.args[1] ?? '');
    const agreed = call.options.agreed !== undefined;
    const config = { TRIAL_BALANCE: Number(call.env.TRIAL_BALANCE || settings.TRIAL_BALANCE.default) };
    const why = await giveGroupTo(
      call.db,
      { groupId: group.id, personId, agreed, reason: call.reason, now: call.now },
      config,
    );
    if (why !== null) throw new NotPossible(`${phone}, ${nameOf(group)}: ${why}.`);
    const text = agreed ? `${phone} owns ${nameOf(group)}.` : `${phone} is asked whether they take ${nameOf(group)}.`;
    return { text, json: { group: group.id, phone, owner: agreed } };
  },
};
