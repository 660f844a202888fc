import { findGroups } from '../../db/groups/group-lookup.ts';
import { type Command, numberOf, sheetOf } from './command.ts';
import { tableOf } from './table.ts';

export const groupFind: Command = {
  words: ['group', 'find'],
  takes: ['[name]'],
  options: {
    '--number <number>': 'one of ours, through which it reaches a member',
    '--member <phone>': 'who is in it, or has left',
    '--owner <phone>': 'who pays for it',
  },
  does: 'lists groups, the newest first, 50 at most: by a part of the name or the invite code, by number, member or owner; staged and deleted ones too',
  examples: ['group find hikers', 'group find --owner +12015550123 --json'],
  async run(call) {
    const { number, member, owner } = call.options;
    const filter = {
      words: call.args[0],
      numberId: number === undefined ? undefined : (await numberOf(call, number)).id,
      memberId: member === undefined ? undefined : (await sheetOf(call, member)).id,
      ownerId: owner === undefined ? undefined : (await sheetOf(call, owner)).id,
    };
    const groups = (await findGroups(call.db, filter, MOST)).map(({ paused, ...group }) => ({
      ...group,
      suspended: paused === 1,
    }));
    const cells = groups.map((one) => [
      ...[String(one.id), one.name, one.suspended ? `${one.state}, suspended` : one.state, one.number, one.owner],
      String(one.members),
    ]);
    const text = tableOf(['group', 'name', 'state', 'number', 'owner', 'members'], cells, { numbers: 1 });
    return { text, json: { groups } };
  },
};

const MOST = 50;
