import { type GroupSheet, type ListedMember, listMembers } from '../../db/groups/group-lookup.ts';
import type { Command } from './command.ts';
import { groupOf, nameOf } from './groups.ts';
import { tableOf } from './table.ts';

export const groupShow: Command = {
  words: ['group', 'show'],
  takes: ['<group>'],
  does: 'shows a group: its state, owner, numbers and settings, how much was said in it, and its members',
  examples: ['group show 12', 'group show 12 --json'],
  async run(call) {
    const sheet = await groupOf(call, call.args[0] ?? '');
    const members = await listMembers(call.db, sheet.id);
    const { paused, isPublic, replyToOwner, ownerId: _, ...rest } = sheet;
    const json = { ...rest, suspended: paused === 1, isPublic: isPublic === 1, replyToOwner: replyToOwner === 1 };
    const head = ['member', 'name', 'texts', 'since', ''];
    const cells = members.map((one) => [
      ...[one.phone, one.name ?? '', one.number, one.since.toISOString().slice(0, 10), statesOf(one).join(', ')],
    ]);
    return {
      text: [...linesOf(sheet), tableOf(head, cells, { numbers: 0 })].join('\n'),
      json: {
        ...json,
        members: members.map(({ left, blocked, ...one }) => ({ ...one, left: left === 1, blocked: blocked === 1 })),
      },
    };
  },
};

function linesOf(sheet: GroupSheet): string[] {
  const { state, paused, number, owner, inviteCode, isPublic, replyToOwner, messages, lastMessageAt } = sheet;
  const ends = [
    timeOf('created', sheet.createdAt),
    timeOf('on since', sheet.activatedAt),
    timeOf('ended', sheet.endedAt),
  ];
  return [
    `${nameOf(sheet)}: ${state}${paused === 1 ? ', suspended' : ''}; ${ends.filter((one) => one !== '').join(', ')}`,
    `main number ${number}, owner ${owner}, ${replyToOwner === 1 ? 'replies go to the owner' : 'all hear all'}`,
    `${isPublic === 1 ? 'public, ' : ''}${inviteCode === null ? 'no invite code' : `invite code ${inviteCode}`}`,
    `${messages} messages${lastMessageAt === null ? '' : `, the last ${lastMessageAt.toISOString()}`}`,
  ];
}

function timeOf(what: string, at: Date | null): string {
  return at === null ? '' : `${what} ${at.toISOString()}`;
}

function statesOf({ left, blocked, sms }: ListedMember): string[] {
  return [
    ...(left === 1 ? ['has left'] : []),
    ...(blocked === 1 ? ['blocked'] : []),
    ...(sms === 0 ? ['no texts'] : sms === 2 ? ['push'] : []),
  ];
}
