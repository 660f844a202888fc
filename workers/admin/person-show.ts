import { findAccount } from '../../db/billing/accounts.ts';
import { listGroupsOf } from '../../db/groups/group-owners.ts';
import { inDollars } from '../../engine/rules/money.ts';
import { type Command, sheetOf } from './command.ts';
import { tableOf } from './table.ts';

export const personShow: Command = {
  words: ['person', 'show'],
  takes: ['<phone>'],
  does: 'shows what we know of a phone, of any country: the name it used last, since when we know it, whether a STOP blocks it, its account, and its groups with the number that it texts for each',
  examples: ['person show +12015550123', 'person show "(201) 555-0123" --json'],
  async run(call) {
    const { id, blockedByCarrier, hasPassword, ...sheet } = await sheetOf(call, call.args[0] ?? '');
    const account = (await findAccount(call.db, id)) ?? null;
    const groups = await listGroupsOf(call.db, id);
    const person = { ...sheet, blockedByCarrier: blockedByCarrier === 1, hasPassword: hasPassword === 1 };
    const lines = [
      `${person.phone} ${person.name ?? '(no name)'}, known since ${dayOf(person.since)}${person.language === null ? '' : `, texted in ${person.language}`}`,
      blockOf(person),
      account === null ? 'no account' : `account of type ${account.type}, balance ${inDollars(account.balance)}`,
      `${person.sessions} sessions, ${person.devices} devices, ${person.hasPassword ? 'a' : 'no'} password`,
      `last text from it: ${person.lastTextAt === null ? 'none' : person.lastTextAt.toISOString()}`,
    ];
    const cells = groups.map(({ name, number, left }) => [name, number, left ? 'has left' : '']);
    return {
      text: [...lines, tableOf(['group', 'its number', ''], cells, { numbers: 0 })].join('\n'),
      json: { ...person, account, groups },
    };
  },
};

function blockOf({ blockedAt, blockedByCarrier }: { blockedAt: Date | null; blockedByCarrier: boolean }): string {
  if (blockedAt === null) return 'not blocked';
  return `blocked since ${dayOf(blockedAt)}${blockedByCarrier ? ', by the carrier too: only START from it ends that' : ''}`;
}

function dayOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
