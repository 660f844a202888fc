import { findByName, findByPhone } from '../../membership.ts';
import { nameIn } from '../../pairs.ts';
import { texts } from '../../texts.ts';
import { answer } from '../command.ts';
import { badName } from '../people.ts';
import { serviceCommand } from './command.ts';

export const join = serviceCommand({
  words: ['join'],
  starless: true,
  usage: 'JOIN CODE NAME',
  does: 'joins a group by its invite code',
  read({ rest }) {
    const [, code = '', name = ''] = /^(\S+)(?:\s+([\s\S]*))?$/u.exec(rest.trim()) ?? [];
    return { code: nameIn(code).slice(0, 50), name: nameIn(name) || null };
  },
  needs: ({ code }) => ({ kind: 'invited', code }),
  run({ phone, name: lastName, invited }, { code, name }) {
    if (code === '') return answer(texts.joinHow());
    if (invited === null) return answer(texts.noSuchCode({ code }));
    const known = findByPhone(invited, phone);
    if (known !== undefined) return answer(texts.alreadyIn({ group: invited.group.name, number: known.number }));
    const bad = name === null ? null : badName(name);
    if (bad !== null) return bad;
    const usual = lastName === null || findByName(invited, lastName) !== undefined ? null : lastName;
    // The welcome is the answer, and comes from the number of the group.
    return [{ kind: 'add', name: name ?? usual, phone, joins: true }];
  },
});
