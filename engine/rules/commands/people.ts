import { findMember, nearestName } from '../addressee.ts';
import type { Effect } from '../effects.ts';
import type { ErrorToken } from '../error-catalogue.ts';
import { list } from '../fit.ts';
import { isArgument, patternOf } from '../languages/arguments.ts';
import { countPresent, planMember, planRemoval } from '../membership.ts';
import type { NameFault } from '../names.ts';
import { codePoints, faultOfGroupName, faultOfName, isCommandLike, NAME_LIMIT, nameKey } from '../names.ts';
import { type MemberInput, nameIn, readPairs } from '../pairs.ts';
import { denialOf } from '../permissions.ts';
import type { PhoneSettings } from '../phone.ts';
import type { Member } from '../types.ts';
import { wording } from '../wording.ts';
import { words } from '../words.ts';
import { answer, type Call, type CommandRows, callBy, explain } from './command.ts';

/** Who comes and goes, and as what. */
export const people = {
  add: {
    usage: '*add NAME NUMBER',
    does: 'adds a member; several with commas',
    permission: 'addMember',
    run(call) {
      const { pairs, wrong } = readPairs(call.rest, call.context.phones);
      if (call.rest === '') return explain(call.how);
      if (wrong.length > 0 || pairs.length === 0) return answer(peopleTexts.notPairs({ wrong }));
      return add(call, pairs);
    },
  },
  remove: {
    also: ['kick', 'ban', 'drop'],
    usage: '*remove NAME',
    does: 'removes a member',
    permission: 'removeMember',
    run(call) {
      if (call.rest === '') return explain(call.how);
      return withMember(call, call.rest, (member) => {
        const removal = planRemoval(call.membership, member);
        if (typeof removal === 'string') return refuse(removal);
        const { name: group } = call.membership.roster.group;
        return [removal, ...answer(peopleTexts.removed({ who: callBy(member), group }))];
      });
    },
  },
  name: {
    also: ['rename', 'nick', 'nickname', 'iam'],
    usage: '*name NEW NAME',
    does: 'changes your name',
    permission: 'changeSelf',
    run({ membership, rest, how }) {
      const { roster, member } = membership;
      const name = nameIn(rest);
      if (name === '') return explain(how);
      const bad = badName(name);
      if (bad !== null) return bad;
      const patch = planMember(membership, member, { name });
      if (typeof patch === 'string') return refuse(patch, name);
      return [
        { kind: 'setMember', membershipId: member.id, patch },
        ...answer(peopleTexts.renamed({ name, group: roster.group.name })),
      ];
    },
  },
  broadcast: {
    usage: '*broadcast NAME on/off',
    does: 'lets a member text all',
    permission: 'changeMember',
    run(call) {
      const [found = '', typed = ''] = SWITCH.exec(call.rest) ?? [];
      const name = call.rest
        .slice(0, -found.length)
        .slice(0, 200)
        .replace(/[\s:,=]+$/u, '');
      if (typed === '' || name === '') return explain(call.how);
      return withMember(call, name, (member) => {
        const broadcast = isArgument(typed, 'on');
        const patch = planMember(call.membership, member, { broadcast });
        if (typeof patch === 'string') return refuse(patch);
        const put = { who: callBy(member), group: call.membership.roster.group.name };
        return [
          { kind: 'setMember', membershipId: member.id, patch },
          ...answer(broadcast ? peopleTexts.broadcastOn(put) : peopleTexts.broadcastOff(put)),
        ];
      });
    },
  },
} satisfies CommandRows;

/** On or off at the end of what was typed. */
const SWITCH = new RegExp(`[\\s:,=](${patternOf('on', 'off')})[.!]?$`, 'iu');

/** Finds whom a command is about, or says whom it may have meant; a name is hinted at only where `*who` lists it. */
export function withMember(call: Call, text: string, then: (member: Member) => Effect[]): Effect[] {
  const { roster } = call.membership;
  const member = findMember(roster, text, call.context.phones);
  if (member !== undefined) return then(member);
  const near = denialOf('listMembers', call.membership) === null ? nearestName(roster, text) : null;
  return answer(
    peopleTexts.unknownMember({ name: nameIn(text).slice(0, 40), group: roster.group.name, nearest: near }),
  );
}

/** Why a group cannot be called so, or null. */
export function badGroupName(name: string, phones: PhoneSettings): Effect[] | null {
  const fault = isCommandLike(name) ? 'star' : faultOfGroupName(name, phones);
  if (fault !== null) return answer(peopleTexts.badName({ fault }));
  return codePoints(name) > NAME_LIMIT ? refuse('TOO_LONG', name) : null;
}

/** Why a name cannot be, or null. */
export function badName(name: string): Effect[] | null {
  const fault = faultOfName(name);
  if (fault !== null) return answer(peopleTexts.badName({ fault }));
  return codePoints(name) > NAME_LIMIT ? refuse('TOO_LONG', name) : null;
}

export function refuse(token: ErrorToken, about: string | null = null): Effect[] {
  return [{ kind: 'refuse', token, about }];
}

/** All of them or nobody: a text that was half obeyed is hard to repeat. */
function add({ membership: { roster }, context }: Call, pairs: readonly MemberInput[]): Effect[] {
  const { replyToOwner, name: group } = roster.group;
  for (const { name, phone } of pairs) {
    const bad = name === null ? null : badName(name);
    if (bad !== null) return bad;
    if (name === null && !replyToOwner) return answer(peopleTexts.nameNeeded({ phone }));
  }
  const twice = findTwice(pairs);
  if (twice !== null) return twice;
  if (countPresent(roster) + pairs.length > context.maxMembers && pairs.length > 1) return refuse('TOO_MANY_MEMBERS');
  const added = pairs.map(({ name, phone }): Effect => ({ kind: 'add', name, phone, joins: false, agreed: false }));
  const put = { names: pairs.map(({ name, phone }) => name ?? phone), group };
  return [...added, ...answer(context.asksFirst ? peopleTexts.asked(put) : peopleTexts.added(put))];
}

function findTwice(pairs: readonly MemberInput[]): Effect[] | null {
  const phones = new Set<string>();
  const names = new Set<string>();
  for (const { name, phone } of pairs) {
    if (phones.size === phones.add(phone).size) return refuse('DUP_NUMBER', phone);
    if (name !== null && names.size === names.add(nameKey(name)).size) return refuse('DUP_NAME', name);
  }
  return null;
}

/** What these commands say. */
export const peopleTexts = wording({
  unknownMember: ({ name, group, nearest }: { name: string; group: string; nearest: string | null }) =>
    `Nobody in "${group}" is called ${name}.${nearest === null ? '' : ` Did you mean ${nearest}?`} Nothing was done.`,
  added: ({ names, group }: { names: readonly string[]; group: string }) =>
    `Added to "${group}": ${list(names, 150)}. They got a welcome that says how to leave.`,
  asked: ({ names, group }: { names: readonly string[]; group: string }) =>
    `Asked to join "${group}": ${list(names, 150)}. Each is in with their YES.`,
  notPairs: ({ wrong }: { wrong: readonly string[] }) =>
    `We couldn't read: ${list(wrong, 90)}. Text *add NAME NUMBER, with commas between several. Nobody was added.`,
  nameNeeded: ({ phone }: { phone: string }) => `${phone} needs a name: text *add NAME NUMBER. Nobody was added.`,
  badName: ({ fault }: { fault: NameFault }) => `A name can't ${words().nameFaults[fault]}. Nothing was changed.`,
  removed: ({ who, group }: { who: string; group: string }) => `${who} is no longer in "${group}".`,
  renamed: ({ name, group }: { name: string; group: string }) => `You're ${name} in "${group}" now.`,
  broadcastOn: ({ who, group }: { who: string; group: string }) =>
    `Everyone in "${group}" gets what ${who} texts, even while replies go only to the owner.`,
  broadcastOff: ({ who, group }: { who: string; group: string }) =>
    `${who} reaches only the owner while replies in "${group}" go only to the owner.`,
});
