import { addWhereFree, fitToSegments, list } from './fit.ts';
import type { NameFault } from './names.ts';

/**
 * Every text of ours to a handset, in one place: GSM-7 characters only, the group named, the way out named. Another
 * language is another table of the same type.
 */
const wording = {
  askToActivate: ({
    group,
    members,
    pin,
    hours,
  }: {
    group: string;
    members: number;
    pin: string | null;
    hours: number;
  }) =>
    `You made the group "${group}" with ${people(members)} besides you. Reply YES to turn it on. Nobody has been texted yet, and it expires in ${hours === 1 ? '1 hour' : `${hours} hours`}.${pin === null ? '' : ` Your PIN is ${pin}.`}`,
  isOn: ({ group }: { group: string }) =>
    `"${group}" is on! Everyone in it got a welcome. Text this number to reach them all. *help lists commands.`,
  notOn: ({ group }: { group: string }) =>
    `"${group}" isn't on yet, and nobody in it has been texted. Reply YES to turn it on, or do nothing and it expires.`,
  welcome: ({ brand, group, by, toOwner }: { brand: Brand; group: string; by: string; toOwner: boolean }) =>
    firstText(brand, `${by} added you to "${group}"`, toOwner),
  joined: ({ brand, group, toOwner }: { brand: Brand; group: string; toOwner: boolean }) =>
    firstText(brand, `you are in "${group}"`, toOwner),
  newcomer: ({ who, group, by }: { who: string; group: string; by: string | null }) =>
    by === null ? `${who} joined "${group}".` : `${by} added ${who} to "${group}".`,
  groupEnded: ({ group }: { group: string }) =>
    `The group "${group}" was deleted by its owner. Texts to this number no longer reach anyone.`,
  pin: ({ pin }: { pin: string }) => `Your PIN is ${pin}. It's good for 15 minutes. We'll never ask you for it.`,

  scheduledTooLate: ({ group, when }: { group: string; when: string }) =>
    `Your text to "${group}" for ${when} UTC didn't go out: we were down, and it would have been over an hour late.`,
  scheduledButSuspended: ({ group, when }: { group: string; when: string }) =>
    `Your text to "${group}" for ${when} UTC didn't go out: your balance is used up.`,
  scheduledButLeft: ({ group, when }: { group: string; when: string }) =>
    `Your text to "${group}" for ${when} UTC didn't go out: you left the group. Text *hi to come back.`,
  askDevice: ({ device }: { device: string }) =>
    `Someone wants to get this phone's group texts in an app on ${device}. If that's you, reply YES within 30 minutes. If not, ignore this.`,
  deviceOn: ({ device }: { device: string }) => `Your group texts now go to the app on ${device}.`,

  stopped: ({ brand }: { brand: Brand }) =>
    `${brand.name}: you will get no more texts from us, from any group. Reply START to undo that.${ifAny(' Questions? ', brand.support)}`,
  started: ({ brand }: { brand: Brand }) =>
    `${brand.name}: you get texts from your groups again. Reply STOP to end that, HELP for help.`,
  startedHere: ({ brand, numbers }: { brand: Brand; numbers: readonly string[] }) =>
    `${brand.name}: you get texts from this number again. For your other groups, text START to ${list(numbers, 110)} too. Reply STOP to end them all.`,
  about: ({ brand }: { brand: Brand }) =>
    `${brand.name}: text this number to reach your group, *help lists commands.${ifAny(' Questions? ', brand.support)} Reply STOP to get no more texts from us. Freq varies, msg&data rates may apply.${ifAny(' ', brand.terms)}`,
  memberStopped: ({ who, group }: { who: string; group: string }) =>
    `${who} replied STOP and won't get texts from "${group}" or any other group until they text START.`,
  memberStoppedHere: ({ who, group }: { who: string; group: string }) =>
    `${who} replied STOP and won't get texts from "${group}" until they text START to its number.`,
  memberUnreachable: ({ who, group }: { who: string; group: string }) =>
    `We couldn't reach the phone of ${who} five times in a row, so "${group}" won't text it until they text *on.`,

  unknownSender: () =>
    "You're not in a group at this number, so nobody got your text. Ask the group's owner to add you. Reply STOP to get no texts from us.",
  comeBack: ({ group }: { group: string }) => `You left "${group}", so your text wasn't sent. Text *hi to come back.`,
  comeBackFirst: ({ group, word }: { group: string; word: string }) =>
    `You left "${group}", so *${word} did nothing. Text *hi to come back.`,
  stopOffered: ({ group }: { group: string }) =>
    `Nobody in "${group}" got that. To get no more texts from us, reply STOP. To leave just this group, text *bye. To send it to the group after all, reply SEND.`,
  stopOfferedStaged: ({ group }: { group: string }) =>
    `"${group}" isn't on, and nobody in it has been texted. To get no more texts from us, reply STOP.`,
  ownerSilent: ({ group }: { group: string }) =>
    `The owner of "${group}" gets no texts from it right now, so yours waits in their app.`,
  ownerLeft: ({ group }: { group: string }) => `The owner of "${group}" has left it, so nobody got your text.`,
  suspended: ({ group }: { group: string }) =>
    `"${group}" is paused (*bye leaves it): its owner's balance is used up, so your text wasn't sent.`,
  tooManyTexts: ({ limit }: { limit: number }) =>
    `That's more than ${limit} texts in a minute, so the last ones weren't sent. Please wait a minute.`,
  autoResponder: ({ who, group }: { who: string; group: string }) =>
    `The phone of ${who} keeps sending "${group}" the same text, like an auto-reply. We've stopped passing those on.`,

  left: ({ group }: { group: string }) => `You left "${group}" and won't get its texts. Text *hi to come back.`,
  leftAsOwner: ({ group }: { group: string }) =>
    `You left "${group}" and won't get its texts, but you still own it and pay for it. *owner NAME hands it over, *hi brings you back.`,
  alreadyLeft: ({ group }: { group: string }) => `You already left "${group}". Text *hi to come back.`,
  back: ({ group }: { group: string }) => `Welcome back to "${group}". *bye leaves it, *help lists commands.`,
  alreadyHere: ({ group }: { group: string }) => `You're already in "${group}". *help lists commands.`,
  on: ({ group }: { group: string }) => `You'll get "${group}" texts on this phone. *off stops them.`,
  off: ({ group }: { group: string }) =>
    `You won't get "${group}" texts on this phone, but you're still in it. *on brings them back, *bye leaves the group.`,
  muted: ({ group, hours }: { group: string; hours: number }) =>
    `"${group}" is muted for ${hours === 1 ? '1 hour' : `${hours} hours`}. Then we'll tell you how many texts you missed. *on unmutes it now.`,
  muteOver: ({ group, missed }: { group: string; missed: number }) =>
    `You're getting "${group}" texts again. You missed ${missed === 0 ? 'none' : missed === 1 ? '1 text' : `${missed} texts`}. *mute HOURS mutes it.`,

  who: ({ group, count, lines }: { group: string; count: number; lines: readonly string[] }) =>
    `"${group}" has ${people(count)}:\n${lines.join('\n')}`,
  whoIsOff: ({ group }: { group: string }) => `Only the owner of "${group}" can see who's in it.`,
  help: ({ group, lines }: { group: string; lines: readonly string[] }) =>
    `Commands in "${group}":\n${lines.join('\n')}\nReply STOP to get no more texts from us.`,
  unknownCommand: ({ word, nearest }: { word: string; nearest: string }) =>
    `There's no command ${word}. Did you mean ${nearest}? *help lists commands. Nothing was sent to the group.`,
  ownerOnly: ({ group }: { group: string }) =>
    `Only the owner of "${group}" can do that. *help lists what you can do. Nothing was sent to the group.`,
  howToStop: ({ group }: { group: string }) =>
    `To stop all our texts, from every group, reply STOP without the star. To leave just "${group}", text *bye. Nothing was sent to the group.`,
  howToLeave: ({ group }: { group: string }) =>
    `To leave "${group}", text *bye. To stop all our texts, from every group, reply STOP without the star. Nothing was sent to the group.`,
  usage: ({ usage, does }: { usage: string; does: string }) =>
    `${usage}: ${does}. Text it like that. Nothing was sent to the group.`,
  refused: ({ about, says }: { about: string | null; says: string }) =>
    `${about === null ? '' : `${about}: `}${says} Nothing was changed.`,
  noNumberFree: () => 'We have no free number for one of these people. Please try again later. Nothing was changed.',
  unknownMember: ({ name, group, nearest }: { name: string; group: string; nearest: string | null }) =>
    `Nobody in "${group}" is called ${name}.${nearest === null ? '' : ` Did you mean ${nearest}?`} Nothing was done.`,

  addIsOff: ({ group }: { group: string }) =>
    `Only the owner of "${group}" can add members. *invite shows how to join.`,
  added: ({ names, group }: { names: readonly string[]; group: string }) =>
    `Added to "${group}": ${list(names, 150)}. They got a welcome that says how to leave.`,
  notPairs: ({ wrong }: { wrong: readonly string[] }) =>
    `We couldn't read: ${list(wrong, 90)}. Text *add NAME NUMBER, with commas between several. Nobody was added.`,
  nameNeeded: ({ phone }: { phone: string }) => `${phone} needs a name: text *add NAME NUMBER. Nobody was added.`,
  badName: ({ fault }: { fault: NameFault }) => `A name can't ${nameFaults[fault]}. Nothing was changed.`,
  removed: ({ who, group }: { who: string; group: string }) => `${who} is no longer in "${group}".`,
  renamed: ({ name, group }: { name: string; group: string }) => `You're ${name} in "${group}" now.`,
  groupRenamed: ({ group }: { group: string }) => `The group is now called "${group}".`,
  broadcastOn: ({ who, group }: { who: string; group: string }) =>
    `Everyone in "${group}" gets what ${who} texts, even while replies go only to the owner.`,
  broadcastOff: ({ who, group }: { who: string; group: string }) =>
    `${who} reaches only the owner while replies in "${group}" go only to the owner.`,

  toSelf: ({ group }: { group: string }) => `That's you. *to NAME text reaches one other member of "${group}".`,
  toLeft: ({ who, group }: { who: string; group: string }) => `${who} has left "${group}", so your text wasn't sent.`,
  toOwnerOnly: ({ group }: { group: string }) =>
    `In "${group}", texts go only to the owner, and the owner's go to everyone. Your text wasn't sent.`,
  toSilent: ({ who, group }: { who: string; group: string }) =>
    `${who} gets no texts from "${group}" right now, so yours waits in their app.`,
  toSent: ({ who, group }: { who: string; group: string }) => `Only ${who} in "${group}" gets that text.`,

  invite: ({ group, code, number }: { group: string; code: string; number: string }) =>
    `To join "${group}", text this to ${number}, with your own name at the end: JOIN ${code} Sam`,
  noInvite: ({ group }: { group: string }) =>
    `"${group}" has no invite code. The owner can make one by texting *invite.`,
  count: ({ group, messages, members }: { group: string; messages: number; members: number }) =>
    `"${group}" has ${messages === 1 ? '1 message' : `${messages} messages`} for you and ${people(members)}.`,
  balance: ({
    group,
    type,
    balance,
    suspended,
  }: {
    group: string;
    type: string;
    balance: string;
    suspended: boolean;
  }) =>
    `The account for "${group}" is ${type}. Its balance is ${balance}.${suspended ? " It's used up, so the group is paused." : ''}`,
  lowBalance: ({ balance, suspended }: { balance: string; suspended: boolean }) =>
    suspended
      ? `Your group texting balance is used up (${balance}), so your groups are paused and texts to them don't go out. Pay in the app to turn them back on.`
      : `Your group texting balance is down to ${balance}. When it runs out, your groups are paused and texts to them don't go out. Pay in the app to keep them on.`,
  noAccount: ({ group }: { group: string }) => `"${group}" has no account and costs nothing.`,
  statement: ({ month, entries, balance }: { month: string; entries: readonly string[]; balance: string }) =>
    `${month}: ${entries.length === 0 ? 'nothing was charged' : entries.join(', ')}. The balance is ${balance}.`,
  digestOn: ({ group }: { group: string }) =>
    `After each text you send to all of "${group}", we'll tell you who got it. *digest off stops that.`,
  digestOff: ({ group }: { group: string }) => `No more digests for "${group}". *digest on brings them back.`,
  digestNotHere: ({ group }: { group: string }) =>
    `Digests are for groups where replies go only to the owner. "${group}" isn't one.`,
  digest: (sums: DigestSums) =>
    `"${sums.group}", text ${sums.id}: delivered to ${sums.delivered}, failed for ${sums.failed.length === 0 ? '0' : `${sums.failed.length} (${list(sums.failed, 110)})`}, opted out ${sums.optedOut}${sums.open === 0 ? '' : `, still on the way to ${sums.open}`}${sums.silent === 0 ? '' : `, texts off for ${sums.silent}`}.`,

  offered: ({ who, group }: { who: string; group: string }) =>
    `${who} has 72 hours to reply YES and take over "${group}". Until then it's yours.`,
  offer: ({ by, group }: { by: string; group: string }) =>
    `${by} wants you to take over the group "${group}": you'd own it and pay for its texts. Reply YES or NO within 72 hours.`,
  offerToSelf: ({ group }: { group: string }) => `"${group}" is already yours.`,
  offerCannot: ({ who, group }: { who: string; group: string }) =>
    `${who} left or gets no texts from us, so they can't take over "${group}".`,
  declined: ({ group }: { group: string }) => `You didn't take over "${group}". Nothing changes.`,
  offerDeclined: ({ who, group }: { who: string; group: string }) =>
    `${who} doesn't want to take over "${group}", so it stays yours.`,
  nowYours: ({ group }: { group: string }) =>
    `"${group}" is yours now: your account pays for its texts. *help lists what its owner can do, *balance shows the account.`,
  newOwner: ({ who, group }: { who: string; group: string }) => `${who} owns "${group}" now. *bye leaves the group.`,
  ownerLost: ({ who, group }: { who: string; group: string }) =>
    `The owner of "${group}" has been gone for 7 days, so ${who} owns it now. *bye leaves the group.`,

  deleted: ({ group }: { group: string }) => `"${group}" is deleted, and everyone in it has been told.`,
  notTheName: ({ group }: { group: string }) => `Not deleted. To delete this group, text *delete ${group}`,

  serviceHelp: ({ lines }: { lines: readonly string[] }) =>
    `${lines.join(' ')} To text a group, text its own number. Reply STOP to get no more texts from us.`,
  joinHow: () => 'To join a group, text JOIN, its invite code and your name: JOIN HIKERS Ann.',
  joinName: ({ group, code }: { group: string; code: string }) =>
    `What's your name in "${group}"? You're not in it yet. Text this again, with your own name at the end: JOIN ${code} Sam`,
  noSuchCode: ({ code }: { code: string }) => `No group has the invite code ${code}. Please check it and try again.`,
  alreadyIn: ({ group, number }: { group: string; number: string }) =>
    `You're already in "${group}": text ${number}. If you left it, text *hi to that number.`,
  myGroups: ({ groups }: { groups: readonly string[] }) =>
    groups.length === 0
      ? "You're not in a group yet. *new GROUP NAME makes one, JOIN CODE NAME joins one."
      : `Your groups: ${list(groups, 240)}.`,
  newHow: () => 'To make a group, text *new and its name: *new Hikers.',
  draftBegun: ({ group }: { group: string }) =>
    `Who's in "${group}"? Text NAME NUMBER for each person, like Bob 212-555-0100, one or many in a text. Then text *done. Nobody gets a text before that. *cancel drops it.`,
  draftOpen: ({ group, members }: { group: string; members: number }) =>
    `You're still making "${group}", with ${people(members)} so far. *done makes it, *cancel drops it.`,
  draftGrows: ({
    group,
    added,
    wrong,
    members,
  }: {
    group: string;
    added: readonly string[];
    wrong: readonly string[];
    members: number;
  }) =>
    `${added.length === 0 ? '' : `Added: ${list(added, 70)}. `}${wrong.length === 0 ? '' : `Not added: ${list(wrong, 90)}. `}"${group}" has ${people(members)} besides you so far. Text more, or *done.`,
  draftDropped: ({ group }: { group: string }) => `"${group}" is dropped. Nobody was texted.`,
  draftLapsed: ({ group }: { group: string }) =>
    `"${group}" was dropped after an hour without a text from you. *new ${group} starts it again.`,
  noDraft: () => "You're not making a group. *new GROUP NAME starts one.",
} as const;

const nameFaults: Record<NameFault, string> = {
  star: 'start with a star, or it would read as a command',
  phone: 'be a phone number, or texts to it could reach someone else',
  colon: 'have a colon in it, or what follows would read as a text',
  address: 'have a web address in it',
};

/** Who texts, as the campaign is registered; `support` and `terms` are empty where the operator names none. */
export type Brand = { name: string; support: string; terms: string };

/**
 * The first text to a member, in the words that reviewers of campaigns look for. Within one segment for a brand of 15
 * characters, a group of 20 and a phone number; the terms are named where they cost no second one, else HELP names them.
 */
function firstText({ name, terms }: Brand, news: string, toOwner: boolean): string {
  const replies = toOwner ? 'Owner gets replies.' : 'Replies go to all.';
  const text = `${name}: ${news}. ${replies} *bye leaves, STOP ends, HELP helps. Freq varies, msg&data rates may apply`;
  return addWhereFree(text, terms);
}

function ifAny(before: string, put: string): string {
  return put === '' ? '' : `${before}${put}`;
}

export type DigestSums = {
  group: string;
  id: number;
  delivered: number;
  failed: readonly string[];
  optedOut: number;
  open: number;
  silent: number;
};

/** What a language has to say. */
export type Wording = typeof wording;

/** Those that list people or commands are as long as the list, and go out in several texts. */
const lists: ReadonlySet<string> = new Set(['who', 'help'] satisfies (keyof Wording)[]);

/** The texts, each within two segments whatever the names in it are. */
export const texts: Wording = fitted(wording);

function fitted(language: Wording): Wording {
  const rows = Object.entries(language).map(([key, write]) => [
    key,
    lists.has(key) ? write : (put: object = {}) => fitToSegments(write as (put: object) => string, put),
  ]);
  return Object.fromEntries(rows) as Wording;
}

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
