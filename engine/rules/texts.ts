import { addWhereFree, cutLines, list } from './fit.ts';
import { countPeople, wording } from './wording.ts';

/**
 * Our texts to handsets, but for those that a command alone says: these stand in the file of the command. GSM-7
 * characters only, the group named, the way out named.
 */
export const texts = wording(
  {
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
      `You made the group "${group}" with ${countPeople(members)} besides you. Reply YES to turn it on. Nobody has been texted yet, and it expires in ${hours === 1 ? '1 hour' : `${hours} hours`}.${pin === null ? '' : ` Your PIN is ${pin}. We'll never ask you for it.`}`,
    isOn: ({ group }: { group: string }) =>
      `"${group}" is on! Everyone in it got a welcome. Text this number to reach them all. *help lists commands.`,
    isOnAsked: ({ group }: { group: string }) =>
      `"${group}" is on! Everyone you named was asked to join, and is in with their YES. Text this number to reach them all. *help lists commands.`,
    askToJoin: ({
      brand,
      group,
      by,
      name,
      code,
    }: {
      brand: Brand;
      group: string;
      by: string | null;
      name: string | null;
      code: string;
    }) =>
      `${brand.name}: ${by === null ? 'join' : `${by} asks you to join`} "${group}"${name === null ? '' : ` as ${name}`}? Reply YES within 72 hours (YES ${code} if we ask twice), or NO. STOP ends all, HELP helps. Msg&data rates may apply.`,
    notJoined: ({ group }: { group: string }) => `OK, you're not in "${group}", and get no texts from it.`,
    notOn: ({ group }: { group: string }) =>
      `"${group}" isn't on yet, and nobody in it has been texted. Reply YES to turn it on, or do nothing and it expires.`,
    welcome: ({ brand, group, by, toOwner }: { brand: Brand; group: string; by: string; toOwner: boolean }) =>
      firstText(brand, `${by} added you to "${group}"`, toOwner),
    joined: ({ brand, group, toOwner }: { brand: Brand; group: string; toOwner: boolean }) =>
      firstText(brand, `you are in "${group}"`, toOwner),
    newcomer: ({ who, group, by }: { who: string; group: string; by: string | null }) =>
      by === null ? `${who} joined "${group}".` : `${by} added ${who} to "${group}".`,
    newcomers: ({ group, who }: { group: string; who: readonly string[] }) => `New in "${group}": ${list(who, 120)}.`,
    groupClosed: ({ group }: { group: string }) =>
      `The group "${group}" was closed. Texts to this number no longer reach anyone.`,
    groupEnded: ({ group }: { group: string }) =>
      `The group "${group}" was deleted by its owner. Texts to this number no longer reach anyone.`,
    samePin: ({ pin, minutes }: { pin: string; minutes: number }) =>
      `Your PIN is ${pin}, as before. It's good for ${minutes === 1 ? '1 more minute' : `${minutes} more minutes`}. We'll never ask you for it.`,
    pin: ({ pin }: { pin: string }) => `Your PIN is ${pin}. It's good for 15 minutes. We'll never ask you for it.`,

    scheduledTooLate: ({ group, when }: { group: string; when: string }) =>
      `Your text to "${group}" for ${when} UTC didn't go out: we were down, and it would have been over an hour late.`,
    scheduledWithoutHours: ({ group, when }: { group: string; when: string }) =>
      `Your text to "${group}" for ${when} UTC didn't go out: within two days there's no hour that suits everyone. *hours shows the hours.`,
    waits: ({ group, when, waiting }: { group: string; when: string; waiting: number }) =>
      `It's too early or late for ${countPeople(waiting)} in "${group}", so your text goes to everyone ${when}. Put ! in front to send one at once. *hours shows the hours.`,
    waitsByLaw: ({ group, when, waiting }: { group: string; when: string; waiting: number }) =>
      `By the law where they are, it's too early or late to text ${countPeople(waiting)} in "${group}", so your text goes to everyone ${when}.`,
    noHours: ({ group }: { group: string }) =>
      `Your text wasn't sent: within two days there's no hour that suits everyone in "${group}". *hours shows the hours, ! in front sends at once.`,
    scheduledButSuspended: ({ group, when }: { group: string; when: string }) =>
      `Your text to "${group}" for ${when} UTC didn't go out: your balance is used up.`,
    scheduledButPaused: ({ group, when }: { group: string; when: string }) =>
      `Your text to "${group}" for ${when} UTC didn't go out: the group is on hold for now.`,
    scheduledButLeft: ({ group, when }: { group: string; when: string }) =>
      `Your text to "${group}" for ${when} UTC didn't go out: you left the group. Text *hi to come back.`,
    askDevice: ({ device, code }: { device: string; code: string }) =>
      `Someone wants this phone's group texts in an app on ${device}. If that's you, reply YES within 30 minutes, or YES ${code} if we ask twice. If not, ignore this.`,
    deviceRefused: ({ device }: { device: string }) => `OK, the app on ${device} gets none of your group texts.`,
    whichQuestion: ({ questions }: { questions: readonly string[] }) =>
      `We asked you more than one thing, so please say which. Reply ${list(questions, 200)}.`,
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

    looksLikeLandline: ({ who, group }: { who: string; group: string }) =>
      `The number of ${who} looks like a landline, so texts from "${group}" may not reach them. Ask for a mobile number.`,
    unknownSender: () =>
      "You're not in a group at this number, so nobody got your text. Ask the group's owner to add you. Reply STOP to get no texts from us.",
    comeBack: ({ group }: { group: string }) => `You left "${group}", so your text wasn't sent. Text *hi to come back.`,
    comeBackFirst: ({ group, word }: { group: string; word: string }) =>
      `You left "${group}", so *${word} did nothing. Text *hi to come back.`,
    suspended: ({ group }: { group: string }) =>
      `"${group}" is paused (*bye leaves it): its owner's balance is used up, so your text wasn't sent.`,
    paused: ({ group }: { group: string }) =>
      `"${group}" is on hold for now (*bye leaves it), so your text wasn't sent.`,
    stopOffered: ({ group }: { group: string }) =>
      `Nobody in "${group}" got that. To get no more texts from us, reply STOP. To leave just this group, text *bye. To send it to the group after all, reply SEND.`,
    whoThisIs: ({ by, owner, group }: { by: string | null; owner: string | null; group: string }) =>
      `This is the group text "${group}": ${by === null ? 'you were added' : `${by} added you`}${owner === null ? '' : `, ${owner} owns it`}. *bye leaves it, STOP ends all our texts. Nobody got your question: to send it after all, reply SEND.`,
    stopOfferedStaged: ({ group }: { group: string }) =>
      `"${group}" isn't on, and nobody in it has been texted. To get no more texts from us, reply STOP.`,
    ownerSilent: ({ group }: { group: string }) =>
      `The owner of "${group}" gets no texts from it right now, so yours waits in their app.`,
    ownerLeft: ({ group }: { group: string }) => `The owner of "${group}" has left it, so nobody got your text.`,
    tooManyTexts: ({ limit }: { limit: number }) =>
      `That's more than ${limit} texts in a minute, so the last ones weren't sent. Please wait a minute.`,
    autoResponder: ({ who, group }: { who: string; group: string }) =>
      `The phone of ${who} keeps sending "${group}" the same text, like an auto-reply. We've stopped passing those on.`,
    autoResponders: ({ who: [one = '', other = ''], group }: { who: readonly string[]; group: string }) =>
      `The phones of ${one} and ${other} keep answering each other in "${group}", like auto-replies. We've stopped passing those on.`,

    muteOver: ({ group, missed, isMore, last }: Missed) => {
      const count = `${isMore ? 'over ' : ''}${missed === 1 ? '1 text' : `${missed} texts`}`;
      const again = `You're getting "${group}" texts again. You missed ${missed === 0 ? 'none' : count}`;
      if (last.length === 0) return `${again}. *mute HOURS mutes it.`;
      return cutLines(`${again}${last.length === missed ? ':' : `, the last ${last.length}:`}`, last);
    },

    bundle: ({ group, said }: { group: string | null; said: readonly string[] }) =>
      [`${said.length} texts${group === null ? '' : ` in "${group}"`}:`, ...said].join('\n'),

    whoIsOff: ({ group }: { group: string }) => `Only the owner of "${group}" can see who's in it.`,
    help: ({ group, lines }: { group: string; lines: readonly string[] }) =>
      `Commands in "${group}":\n${lines.join('\n')}\nReply STOP to get no more texts from us.`,
    helpOfOwners: () => '*help 2 lists what owners can do',
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
    noNumberYet: ({ group }: { group: string }) =>
      `"${group}" isn't on yet: we have no free number for one of its people. Please reply YES again later.`,
    addIsOff: ({ group }: { group: string }) =>
      `Only the owner of "${group}" can add members. *invite shows how to join.`,
    accountChanged: ({ brand, changes }: { brand: Brand; changes: readonly string[] }) =>
      `${brand.name}: your account has a new ${changes.join(' and a new ')}. If that wasn't you, text *logout to this number: it ends every session and key of your apps.`,
    loggedOut: () => "You're logged out of every app. Whoever used your sessions or keys can't any more.",
    lowBalance: ({ balance, suspended }: { balance: string; suspended: boolean }) =>
      suspended
        ? `Your group texting balance is used up (${balance}), so your groups are paused and texts to them don't go out. Pay in the app to turn them back on.`
        : `Your group texting balance is down to ${balance}. When it runs out, your groups are paused and texts to them don't go out. Pay in the app to keep them on.`,
    digest: (sums: DigestSums) =>
      `"${sums.group}", text ${sums.id}: delivered to ${sums.delivered}, failed for ${sums.failed.length === 0 ? '0' : `${sums.failed.length} (${list(sums.failed, 110)})`}, opted out ${sums.optedOut}${sums.open === 0 ? '' : `, still on the way to ${sums.open}`}${sums.silent === 0 ? '' : `, texts off for ${sums.silent}`}.`,

    offer: ({ by, group }: { by: string; group: string }) =>
      `${by} wants you to take over the group "${group}": you'd own it and pay for its texts. Reply YES or NO within 72 hours.`,
    offerLost: ({ group }: { group: string }) =>
      `The owner of "${group}" has been gone for 7 days. Take it over? You'd own it and pay for its texts. Reply YES or NO within 72 hours.`,
    offerByUs: ({ group }: { group: string }) =>
      `"${group}" needs an owner. Take it over? You'd own it and pay for its texts. Reply YES or NO within 72 hours.`,
    offerLater: ({ group }: { group: string }) =>
      `Your text went to "${group}". To take the group over and pay for its texts, text *accept.`,
    nowCoOwner: ({ by, group }: { by: string; group: string }) =>
      `${by} made you a co-owner of "${group}": you can run it too. *help lists what you can do.`,
    declined: ({ group }: { group: string }) => `You didn't take over "${group}". Nothing changes.`,
    offerDeclined: ({ who, group }: { who: string; group: string }) =>
      `${who} doesn't want to take over "${group}", so it stays yours.`,
    nowYours: ({ group }: { group: string }) =>
      `"${group}" is yours now: your account pays for its texts. *help lists what its owner can do, *balance shows the account.`,
    newOwner: ({ who, group }: { who: string; group: string }) => `${who} owns "${group}" now. *bye leaves the group.`,
    ownerLost: ({ who, group }: { who: string; group: string }) =>
      `The owner of "${group}" has been gone for 7 days, so ${who} owns it now. *bye leaves the group.`,

    serviceHelp: ({ lines }: { lines: readonly string[] }) =>
      `${lines.join(' ')} To text a group, text its own number. Reply STOP to get no more texts from us.`,
  },
  { lists: ['help', 'bundle'] },
);

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

/** How many texts, or more than that, a mute held back, and the last of them as they would have come. */
type Missed = { group: string; missed: number; isMore: boolean; last: readonly string[] };

export type DigestSums = {
  group: string;
  id: number;
  delivered: number;
  failed: readonly string[];
  optedOut: number;
  open: number;
  silent: number;
};
