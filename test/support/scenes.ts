import type { CommandContext } from '../../engine/rules/command-context.ts';
import { settingsOfNew } from '../../engine/rules/group-fields.ts';
import { readReply } from '../../engine/rules/questions.ts';
import { readReaction } from '../../engine/rules/reactions.ts';
import type { Scene, Sender } from '../../engine/rules/route.ts';
import { readServiceText } from '../../engine/rules/service-commands.ts';
import type { Group, Member, Roster } from '../../engine/rules/types.ts';

/** Plain values for the rules: a group, its people, and who of them says something. */

const brand = { name: 'Group Texting', support: '', terms: '' };

export const context: CommandContext = {
  now: Date.UTC(2026, 0, 1),
  phones: { defaultRegion: 'US', allowedCountries: ['US', 'CA'] },
  defaultZone: 'America/New_York',
  legalHours: true,
  serviceNumber: '+12015551000',
  maxMembers: 102,
  forwardedCalls: 10,
  asksFirst: false,
  messages: 7,
  account: { type: 'T', balance: 500, suspended: false },
  month: { since: new Date('2026-01-01'), sums: { segments: -3 } },
  offer: null,
  quoted: null,
  held: null,
  schedules: [],
  awaiting: [],
  lists: [],
  poll: null,
  votes: null,
  recent: [],
  arrival: null,
  newCode: 'abcdefghjk',
};

export function sceneOf({ text, sender, ...more }: Partial<Scene> & { text: string; sender: Sender }): Scene {
  const said = { text, media: [], cc: false, reaction: readReaction(text) };
  const nothing = { blocked: false, blockedByCarrier: false, stillBlocked: [], intent: null, flood: null };
  const chosen = { own: null, group: null };
  return { said, sender, ...nothing, brand, chosen, ...more };
}

type As = {
  left?: boolean;
  owner?: boolean;
  group?: Partial<Group>;
  names?: readonly string[];
  context?: CommandContext;
};

/** Everybody who may text, a member as `as` says. */
export function senders(as: As): Sender[] {
  return [
    memberOf(as),
    { ...memberOf(as), suspended: true },
    { kind: 'creator', group: 'Hikers' },
    { kind: 'stranger' },
    serviceSenderOf('', as.owner ?? false),
  ];
}

export function memberOf({
  left = false,
  owner = false,
  group = {},
  names = ['Ann', 'Bob', 'Cy Young'],
  context: known = context,
}: As): Extract<Sender, { kind: 'member' }> {
  const roster = rosterOf(names, group);
  const [first, second] = roster.members as [Member, Member];
  return {
    kind: 'member',
    membership: { roster, member: { ...(owner ? first : second), left } },
    suspended: false,
    context: known,
  };
}

/** Somebody who texts the service number. */
export function serviceSenderOf(text: string, drafting: boolean): Extract<Sender, { kind: 'service' }> {
  const draft = drafting ? { group: 'Chess', members: [{ name: 'Bob', phone: '+12125550111' }], version: 1 } : null;
  const known = {
    phone: '+12125550112',
    language: null,
    name: 'Eve',
    phones: context.phones,
    maxMembers: 102,
    invited: rosterOf(['Ann', 'Bob', 'Cy Young']),
    draft,
    draftLapsed: false,
    reply: readReply(text),
    questions: [],
    wonders: false,
    groups: [{ name: 'Hikers', number: '+12015551001', left: false }],
  };
  return { kind: 'service', text: readServiceText(text), context: known };
}

/** The first one owns the group. */
export function rosterOf(names: readonly (string | null)[], change: Partial<Group> = {}): Roster {
  const group: Group = {
    id: 1,
    ...settingsOfNew({ name: 'Hikers', replyToOwner: false }),
    number: '+12015551001',
    ownerPersonId: 11,
    version: 1,
    tag: 1,
    ...change,
  };
  const members = names.map(
    (name, at): Member => ({
      id: at + 1,
      personId: at + 11,
      phone: `+1212555020${at}`,
      numberId: 1,
      number: group.number,
      name,
      owner: at === 0,
      broadcast: false,
      coOwner: false,
      left: false,
      sms: 1,
      smsChosen: 1,
      zone: null,
      batch: null,
      language: null,
      mutedUntil: null,
      blocked: false,
    }),
  );
  return { group, members };
}
