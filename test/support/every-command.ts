import type { CommandWord } from '../../engine/rules/commands.ts';
import { type Dialogue, parseDialogues } from './dialogues.ts';

/**
 * Every command by everybody in every kind of group, and a command that there is none of: two dialogues for each row
 * below, one by members and owners, one by those who left, said STOP, wait for the group or never were in it.
 */
export function everyCommand(): Dialogue[] {
  return Object.entries(rows).flatMap(([word, row]) =>
    parseDialogues(`${inside(word, row)}\n${outside(word, row)}`, 'every command'),
  );
}

/**
 * What arrives for a command, in the words of a dialogue. `<me>` is who texts it, `<group>` where, and `<new>` somebody
 * who is new in each text.
 */
type Row = {
  ownerOnly?: true;
  /** What stands after the command. */
  rest?: string;
  /** Where members and owners say something else after it. */
  restInside?: string;
  member?: string;
  /** As to a member, where it is not said. */
  owner?: string;
  /** What they text then, so that the next one finds everything as it was. */
  after?: string;
  left?: string;
  /** What comes of it where somebody who said STOP texts it: they get nothing themselves. */
  stopped?: string;
};

const ownersOnly = '<me>: Only the owner of "<group>" can do that...';
const noGroup = "<me>: You're not in a group at this number...";

/** A command without a row is a type error. */
const rows: Readonly<Record<CommandWord | 'nonsense', Row>> = {
  help: {
    member: '<me>: Commands in "<group>"...',
    owner: '<me>: Commands in "<group>"...*help 2 lists what owners can do...',
    left: '<me>: Commands in "<group>"...',
  },
  who: { member: '<me>: "<group>" has 2 people: / ... (owner) / Bob' },
  add: {
    rest: ' <new> {<new>}',
    member: '<me>: Added to "<group>": <new>...\n<new>: Group Texting: <me> added you to "<group>"...',
    stopped: '<new>: Group Texting: <me> added you to "<group>"...',
  },
  remove: { ownerOnly: true, rest: ' Bob', owner: '<me>: Bob is no longer in "<group>".' },
  name: { rest: ' Zed<me>', member: '<me>: You\'re Zed<me> in "<group>" now.' },
  bye: {
    member: '<me>: You left "<group>" and won\'t get its texts. Text *hi to come back.',
    owner: '<me>: You left "<group>"...but you still own it...',
    after: '*hi',
    left: '<me>: You already left "<group>". Text *hi to come back.',
  },
  hi: { member: '<me>: You\'re already in "<group>"...', left: '<me>: Welcome back to "<group>"...' },
  on: { member: '<me>: You\'ll get "<group>" texts on this phone...' },
  off: { member: '<me>: You won\'t get "<group>" texts on this phone...' },
  mute: { rest: ' 3', member: '<me>: "<group>" is muted for 3 hours...' },
  batch: { member: '<me>: You\'ll get one text for several from "<group>"...', after: '*batch off' },
  live: { member: '<me>: You\'ll get each text from "<group>" at once...', after: '*live off' },
  batches: { ownerOnly: true, rest: ' off', owner: '<me>: Everyone in "<group>" gets each text at once...' },
  to: {
    rest: ' Ann hey',
    restInside: '',
    member: '<me>: *to NAME text: texts one member only; so does @NAME text...',
    stopped: 'Ann: <me>: hey',
  },
  poll: { member: '<me>: No poll is open in "<group>". *poll Question? yes/no asks everyone.' },
  rsvp: { member: '<me>: *rsvp EVENT: asks who comes...' },
  pinned: { member: '<me>: Nothing is pinned in "<group>"...' },
  last: { member: '<me>: Nobody has texted "<group>" since you joined.' },
  likes: { member: '<me>: None of the last texts in "<group>" was liked...' },
  pin: {
    ownerOnly: true,
    rest: ' Bring water',
    owner: '<me>: Pinned in "<group>" for newcomers. *pinned shows it, *unpin takes it away: / Bring water',
    after: '*unpin',
  },
  unpin: { ownerOnly: true, owner: '<me>: Nothing is pinned in "<group>"...' },
  schedule: {
    ownerOnly: true,
    rest: ' every Tue 6pm Bring water',
    restInside: '',
    owner: '<me>: *schedule TIME text: sends a text later...',
  },
  schedules: { ownerOnly: true, owner: '<me>: Nothing waits to go out to "<group>"...' },
  hours: { ownerOnly: true, rest: ' off', owner: '<me>: Texts to "<group>" go out at any hour now.' },
  list: { member: '<me>: "<group>" has no lists...' },
  lists: { member: '<me>: "<group>" has no lists...' },
  forward: { ownerOnly: true, rest: ' off', owner: '<me>: Calls to "<group>" ring nowhere...' },
  approval: { ownerOnly: true, owner: '<me>: Nothing in "<group>" waits for your OK...' },
  approve: { ownerOnly: true, rest: ' 7', owner: '<me>: Nothing in "<group>" waits for your OK...' },
  decline: { ownerOnly: true, rest: ' 7', owner: '<me>: Nothing in "<group>" waits for your OK...' },
  language: { rest: ' français', member: '<me>: Nous vous écrivons...', after: '*language off' },
  zone: { rest: ' Denver', member: '<me>: Your time zone in "<group>" is America/Denver now, where it\'s ...' },
  invite: { member: '<me>: "<group>" has no invite code...', owner: '<me>: To join "<group>", text this to ...' },
  group: { ownerOnly: true, rest: ' Owls', owner: '<me>: The group is now called "Owls".' },
  broadcast: { ownerOnly: true, rest: ' Bob on', owner: '<me>: Everyone in "<group>" gets what Bob texts...' },
  count: { member: '<me>: "<group>" has 0 messages for you and 2 people.' },
  balance: { ownerOnly: true, owner: '<me>: The account for "<group>" is on trial...' },
  statement: { ownerOnly: true, owner: '<me>: ...trial credit $5.00...' },
  digest: { ownerOnly: true, rest: ' off', owner: '<me>: No more digests for "<group>"...' },
  owner: {
    ownerOnly: true,
    rest: ' Bob',
    owner: '<me>: Bob has 72 hours to reply YES and take over "<group>"...\nBob: <me> wants you to take over...',
  },
  owners: { member: '<me>: Owners of "<group>": ... (owner).' },
  logout: { member: "<me>: You're logged out of every app...", left: "<me>: You're logged out of every app..." },
  accept: { member: '<me>: Nobody is waiting for you to take over "<group>"...' },
  delete: {
    ownerOnly: true,
    rest: ' Wrong',
    owner: '<me>: Not deleted. To delete this group, text *delete <group>',
  },
  nonsense: { member: "<me>: There's no command *nonsense...", left: "<me>: There's no command *nonsense..." },
};

/** By a member and by the owner of every kind of group that is on. */
function inside(word: string, row: Row): string {
  const member = row.ownerOnly ? ownersOnly : (row.member ?? '');
  const owner = row.owner ?? member;
  const told = { word, rest: row.restInside ?? row.rest ?? '' };
  return `== *${word} by members and owners
Group Hikers: Ann, Bob
Group Poor (suspended): Pat, Bob
Group Club (replies to the owner): Ann, Bob
${tell(
  [
    ['Bob', 'Hikers', member],
    ['Ann', 'Hikers', owner],
    ['Bob', 'Poor', member],
    ['Pat', 'Poor', owner],
    ['Bob', 'Club', member],
    ['Ann', 'Club', owner],
  ],
  { ...told, after: row.after },
)}`;
}

/** Each stranger is another one, for a hint comes once a day. */
function outside(word: string, { ownerOnly, rest = '', left, stopped = 'nobody' }: Row): string {
  const nothing = `<me>: You left "<group>", so *${word} did nothing. Text *hi to come back.`;
  const leftAnswer = left ?? (ownerOnly ? ownersOnly : nothing);
  const notOn = '<me>: "<group>" isn\'t on yet, and nobody in it has been texted...';
  return `== *${word} by those outside, everywhere
Group Hikers: Ann, Bob, Cy
Group Club (replies to the owner): Ann, Bob, Cy
Group Poor (suspended): Pat, Bob, Cy, Ann
Group Plans (staged): Ann, Cy, Ida
Group Gone (deleted): Ann, Cy, Dan
Group Past: Ann, Bob
Quietly: Bob -> Hikers: *BYE
Quietly: Bob -> Club: *BYE
Quietly: Bob -> Poor: *BYE
Quietly: Bob -> Past: *BYE
Quietly: Ann -> Past: *delete Past
Quietly: Cy -> service: STOP
${tell(
  [
    ['Bob', 'Hikers', leftAnswer],
    ['Bob', 'Club', leftAnswer],
    ['Bob', 'Poor', leftAnswer],
    ['Bob', 'Past', noGroup],
    ['Cy', 'Hikers', stopped],
    ['Cy', 'Club', stopped],
    ['Cy', 'Poor', word === 'to' ? 'nobody' : stopped],
    ['Cy', 'Plans', 'nobody'],
    ['Cy', 'Gone', 'nobody'],
    ['Eve', 'Hikers', noGroup],
    ['Flo', 'Club', noGroup],
    ['Fay', 'Poor', noGroup],
    ['Gus', 'Plans', noGroup],
    ['Hal', 'Gone', noGroup],
    ['Ida', 'Plans', noGroup],
    ['Ann', 'Plans', notOn],
    ['Ann', 'Gone', noGroup],
    ['Dan', 'Gone', noGroup],
  ],
  { word, rest },
)}`;
}

/** Who texts the command where; then what arrives. */
function tell(
  texts: readonly (readonly [me: string, group: string, arrives: string])[],
  { word, rest, after }: { word: string; rest: string; after?: string | undefined },
): string {
  const told = texts.map(([me, group, arrives], at) => {
    const newcomer = `Max${String.fromCharCode('A'.charCodeAt(0) + at)}`;
    const reset = after === undefined ? '' : `\nQuietly: <me> -> <group>: ${after}`;
    return `<me> -> <group>: *${word}${rest}\n${arrives}${reset}`
      .replaceAll('<me>', me)
      .replaceAll('<group>', group)
      .replaceAll('<new>', newcomer);
  });
  return told.join('\n');
}
