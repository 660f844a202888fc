import { commands } from '../../engine/rules/commands.ts';
import { type Dialogue, parseDialogues } from './dialogues.ts';

/**
 * Every command by those who left, said STOP or never were in the group, wherever they text it: a dialogue for each row
 * of the commands. Each stranger is a new one, for a hint comes once a day.
 */
export function outsiderDialogues(): Dialogue[] {
  const told = commands.map(({ word }) => dialogueOf(word, rows[word] ?? {})).join('\n');
  return parseDialogues(told, 'every command by outsiders');
}

type Row = {
  /** What stands after the command; `N` becomes another letter in each text. */
  rest?: string;
  /** The answer to somebody who has left the group. */
  left?: (group: string) => string;
  /** What comes of it where somebody who said STOP texts it to a group that is on. */
  stopped?: readonly [club: string, poor: string];
  /** What a member gets for it, so that a text understood by nobody does not pass. */
  member?: string;
};

const nothing = (word: string) => (group: string) => `You left "${group}", so *${word} did nothing...`;
const owners = (group: string) => `Only the owner of "${group}" can do that...`;

const rows: Readonly<Record<string, Row>> = {
  help: { left: (group) => `Commands in "${group}"...` },
  add: {
    rest: ' Max {MaxN}',
    stopped: ['MaxD: Group Texting: Cy added you to "Club"...', 'MaxE: Group Texting: Cy added you to "Poor"...'],
  },
  remove: { rest: ' Ann', left: owners },
  name: { rest: ' Zed', member: `Ann -> Hikers: *name Zed\n    Ann: You're Zed in "Hikers" now.` },
  bye: { left: (group) => `You already left "${group}"...` },
  hi: {
    left: (group) => `Welcome back to "${group}"...`,
    member: `Ann -> Hikers: *hi\n    Ann: You're already in "Hikers"...`,
  },
  on: { member: `Ann -> Hikers: *on\n    Ann: You'll get "Hikers" texts...` },
  off: { member: `Ann -> Hikers: *off\n    Ann: You won't get "Hikers" texts...` },
  mute: { rest: ' 3', member: 'Ann -> Hikers: *mute 3\n    Ann: "Hikers" is muted for 3 hours...' },
  to: {
    rest: ' Ann hey',
    stopped: ['Ann: Cy: hey', 'nobody'],
    member: 'Ann -> Hikers: *to Dan hey\n    Ann: Only Dan in "Hikers" gets that text.\n    Dan: Ann: hey',
  },
  group: { rest: ' Owls', left: owners },
  broadcast: {
    rest: ' Ann on',
    left: owners,
    member:
      'Ann -> Hikers: *broadcast Dan on\n    Ann: Everyone in "Hikers" gets what Dan texts...\nDan -> Hikers: *broadcast Ann on\n    Dan: Only the owner of "Hikers" can do that...',
  },
  balance: { left: owners },
  statement: { left: owners },
  digest: { rest: ' off', left: owners },
  owner: {
    rest: ' Ann',
    left: owners,
    member: 'Dan -> Hikers: *owner Ann\n    Dan: Only the owner of "Hikers" can do that...',
  },
  delete: {
    rest: ' Wrong',
    left: owners,
    member: 'Dan -> Hikers: *delete Wrong\n    Dan: Only the owner of "Hikers" can do that...',
  },
};

/** Who texts it where; then what arrives. */
function dialogueOf(word: string, { rest = '', left = nothing(word), stopped = ['nobody', 'nobody'], member }: Row) {
  const hint = "You're not in a group at this number...";
  const texts: readonly [who: string, to: string, arrives: string][] = [
    ['Bob', 'Club', `Bob: ${left('Club')}`],
    ['Bob', 'Poor', `Bob: ${left('Poor')}`],
    ['Bob', 'Past', `Bob: ${hint}`],
    ['Cy', 'Club', stopped[0]],
    ['Cy', 'Poor', stopped[1]],
    ['Cy', 'Plans', 'nobody'],
    ['Cy', 'Gone', 'nobody'],
    ['Eve', 'Club', `Eve: ${hint}`],
    ['Fay', 'Poor', `Fay: ${hint}`],
    ['Gus', 'Plans', `Gus: ${hint}`],
    ['Hal', 'Gone', `Hal: ${hint}`],
    ['Dan', 'Gone', `Dan: ${hint}`],
  ];
  const letter = (at: number) => String.fromCharCode('A'.charCodeAt(0) + at);
  return `== *${word} by those outside, everywhere
Group Club (replies to the owner): Ann, Bob, Cy
Group Poor (suspended): Pat, Bob, Cy
Group Plans (staged): Ann, Cy
Group Gone (deleted): Ann, Cy, Dan
Group Past: Ann, Bob
${member === undefined ? '' : 'Group Hikers: Ann, Dan'}
Quietly: Bob -> Club: *BYE
Quietly: Bob -> Poor: *BYE
Quietly: Bob -> Past: *BYE
Quietly: Ann -> Past: *delete Past
Quietly: Cy -> service: STOP
${texts.map(([who, to, arrives], at) => `${who} -> ${to}: *${word}${rest.replace('N', letter(at))}\n    ${arrives}`).join('\n')}
${member ?? ''}`;
}
