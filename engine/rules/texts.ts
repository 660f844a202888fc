/**
 * Every text of ours to a handset, in one place: GSM-7 characters only, the group named, the way out named, at most
 * two segments (`who` and `help` aside).
 */
export const texts = {
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
    `You made the group "${group}" with ${people(members)} besides you. Reply YES to turn it on: nobody has been texted yet. Unanswered it lapses in ${hours} hours.${pin === null ? '' : ` Your PIN is ${pin}.`}`,
  isOn: ({ group }: { group: string }) =>
    `"${group}" is on and everybody in it has been welcomed. Text this number to reach them all. *help lists commands.`,
  notOn: ({ group }: { group: string }) =>
    `"${group}" is not on and nobody in it has been texted. Reply YES to turn it on, or do nothing and it lapses.`,
  welcome: ({ group, by, toOwner }: { group: string; by: string; toOwner: boolean }) =>
    `${by} added you to the group "${group}". Text this number to reach ${toOwner ? by : 'everybody in it'}. *bye leaves the group, *help lists commands. Reply STOP to get no more texts from us.`,
  joined: ({ group, toOwner }: { group: string; toOwner: boolean }) =>
    `You are in the group "${group}". Text this number to reach ${toOwner ? 'its owner' : 'everybody in it'}. *bye leaves the group, *help lists commands. Reply STOP to get no more texts from us.`,
  newcomer: ({ who, group, by }: { who: string; group: string; by: string | null }) =>
    by === null ? `${who} joined "${group}".` : `${by} added ${who} to "${group}".`,
  groupEnded: ({ group }: { group: string }) =>
    `The group "${group}" was deleted by its owner. Texts to this number reach nobody any more.`,
  pin: ({ pin }: { pin: string }) => `Your PIN is ${pin}. It is good for 15 minutes. We never ask you for it.`,

  stopped: () => 'You will get no more texts from us, from any group. Reply START to undo that.',
  started: () => 'You get texts from your groups again. Reply STOP to end that, HELP for help.',
  about: () =>
    'This is a group-texting number: text it and everybody in your group gets it. *help lists commands. Reply STOP to get no more texts from us. Message and data rates may apply.',
  memberStopped: ({ who, group }: { who: string; group: string }) =>
    `${who} replied STOP and gets no more texts from "${group}" or any other group until they text START.`,
  memberUnreachable: ({ who, group }: { who: string; group: string }) =>
    `The phone of ${who} could not be reached five times in a row, so "${group}" sends nothing more there until they text *on.`,

  unknownSender: () =>
    'Your phone is in no group at this number, so nobody got your text. Ask the owner of the group to add you. Reply STOP to get no texts from us.',
  comeBack: ({ group }: { group: string }) => `You left "${group}", so your text was not sent. Text *hi to come back.`,
  suspended: ({ group }: { group: string }) =>
    `"${group}" is paused: the balance of its owner's account is used up, so your text was not sent.`,

  left: ({ group }: { group: string }) => `You left "${group}" and get no more of its texts. Text *hi to come back.`,
  alreadyLeft: ({ group }: { group: string }) => `You had left "${group}" already. Text *hi to come back.`,
  back: ({ group }: { group: string }) => `Welcome back to "${group}". *bye leaves it, *help lists commands.`,
  alreadyHere: ({ group }: { group: string }) => `You are in "${group}" already. *help lists commands.`,
  who: ({ group, lines }: { group: string; lines: readonly string[] }) =>
    `"${group}" has ${people(lines.length)}:\n${lines.join('\n')}`,
  whoIsOff: ({ group }: { group: string }) => `Only the owner of "${group}" can list its members.`,
  help: ({ group, lines }: { group: string; lines: readonly string[] }) =>
    `Commands in "${group}":\n${lines.join('\n')}\nReply STOP to get no more texts from us.`,
  unknownCommand: ({ word, nearest }: { word: string; nearest: string }) =>
    `There is no command ${word}. Did you mean ${nearest}? *help lists the commands. Nothing was sent to the group.`,
} as const;

function people(count: number): string {
  return count === 1 ? '1 person' : `${count} people`;
}
