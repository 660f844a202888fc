import { findByName, findByPhone } from '../../membership.ts';
import { nameIn } from '../../pairs.ts';
import { wording } from '../../wording.ts';
import { answer } from '../command.ts';
import { badName } from '../people.ts';
import { serviceCommand } from './command.ts';

export const join = serviceCommand({
  name: 'join',
  words: ['join'],
  starless: true,
  usage: 'JOIN CODE NAME',
  does: 'joins a group by its invite code',
  read({ rest }) {
    const [, typed = '', name = ''] = /^(\S+)(?:\s+([\s\S]*))?$/u.exec(rest.trim()) ?? [];
    return { code: codeIn(typed), name: nameIn(name.replace(/^[\s\p{Pd}:,.]+/u, '')) || null };
  },
  needs: ({ code }) => ({ kind: 'invited', code }),
  run({ phone, name: lastName, invited }, { code, name }) {
    if (code === '') return answer(joinTexts.joinHow());
    if (invited === null) return answer(joinTexts.noSuchCode({ code }));
    const known = findByPhone(invited, phone);
    if (known !== undefined) return answer(joinTexts.alreadyIn({ group: invited.group.name, number: known.number }));
    const bad = name === null ? null : badName(name);
    if (bad !== null) return bad;
    // A name from before that somebody else has here is no name.
    const usual = lastName === null || findByName(invited, lastName) !== undefined ? null : lastName;
    if (name === null && usual === null && !invited.group.replyToOwner)
      return answer(joinTexts.joinName({ group: invited.group.name, code }));
    // The welcome is the answer, and comes from the number of the group.
    return [{ kind: 'add', name: name ?? usual, phone, joins: true, agreed: true }];
  },
});

/** Codes are ASCII: a keyboard's quotes, full stop and long dash are no part of one. */
function codeIn(typed: string): string {
  const code = typed
    .slice(0, LONGEST)
    .normalize('NFKC')
    .replace(/\p{Pd}/gu, '-');
  const bare = code.replace(/^[^\p{L}\p{N}_-]+|[^\p{L}\p{N}_-]+$/gu, '');
  return (bare || code).slice(0, 50);
}
/** A code and its quotes, with room. */
const LONGEST = 100;

/** What these commands say. */
export const joinTexts = wording({
  joinHow: () => 'To join a group, text JOIN, its invite code and your name: JOIN HIKERS Ann.',
  joinName: ({ group, code }: { group: string; code: string }) =>
    `What's your name in "${group}"? You're not in it yet. Text this again, with your own name at the end: JOIN ${code} Sam`,
  noSuchCode: ({ code }: { code: string }) => `No group has the invite code ${code}. Please check it and try again.`,
  alreadyIn: ({ group, number }: { group: string; number: string }) =>
    `You're already in "${group}": text ${number}. If you left it, text *hi to that number.`,
});
