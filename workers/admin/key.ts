import { listApiKeys, revokeApiKey } from '../../db/people/api-keys.ts';
import { makeApiKey } from '../../engine/people/api-keys.ts';
import { type KeyAccess, keyAccesses } from '../../engine/rules/api-keys.ts';
import { readId } from '../../engine/rules/ids.ts';
import { accountOf, type Command, Misuse, NotPossible } from './command.ts';
import { groupOf } from './groups.ts';
import { tableOf } from './table.ts';

export const keyCreate: Command = {
  words: ['key', 'create'],
  takes: ['<phone>', '<access>', '<name>'],
  options: { '--group <group>': 'the id of the one group that it is for; else it is for all that the phone owns' },
  changes: true,
  does: 'makes a key by which a program calls the API for an owner, said once: read gets messages and schedules, send also sends and schedules',
  examples: ['key create +12015550123 send "Shop bot"', 'key create +12015550123 read Archive --group 12'],
  async run(call) {
    const { db, args, options, now } = call;
    const [written = '', access = '', name = ''] = args;
    if (!isAccess(access)) throw new Misuse(`"${access}" is no access: ${keyAccesses.join(', ')}.`);
    if (name.trim() === '' || name.length > LONGEST_NAME)
      throw new Misuse(`A key needs a name of at most ${LONGEST_NAME} characters.`);
    const { personId, phone } = await accountOf(call, written);
    const group = options.group === undefined ? null : await groupOf(call, options.group);
    if (group !== null && group.ownerId !== personId) throw new NotPossible(`${phone} does not own group ${group.id}.`);
    const groupId = group?.id ?? null;
    const { id, key } = await makeApiKey(db, { personId, groupId, access, name: name.trim(), now });
    return { text: `Key ${id} of ${phone} (${access}): ${key}`, json: { id, phone, groupId, access, key } };
  },
};

export const keyRevoke: Command = {
  words: ['key', 'revoke'],
  takes: ['<key>'],
  changes: true,
  does: 'ends a key, named by its id, at once and for good',
  examples: ['key revoke 3 --reason "was in a public repository"'],
  async run({ db, args: [written = ''], now }) {
    const id = readId(written);
    if (id === null) throw new Misuse(`"${written}" is no id of a key: see key list.`);
    if (!(await revokeApiKey(db, { id, now })))
      throw new NotPossible(`There is no key ${id} that works: see key list.`);
    return { text: `Key ${id} works no more.`, json: { id } };
  },
};

export const keyList: Command = {
  words: ['key', 'list'],
  takes: ['[phone]'],
  does: 'lists keys, of a phone or of all, the newest first: for which groups and what, when they were made, last used (to the hour) and revoked',
  examples: ['key list', 'key list +12015550123 --json'],
  async run(call) {
    const [written] = call.args;
    const keys = await listApiKeys(call.db, written === undefined ? null : (await accountOf(call, written)).personId);
    const cells = keys.map(({ id, phone, access, groupId, name, createdAt, usedAt, revokedAt }) => [
      ...[String(id), phone, access, groupId === null ? 'all' : String(groupId), name],
      ...[createdAt, usedAt, revokedAt].map((at) => at?.toISOString().slice(0, 16) ?? ''),
    ]);
    const head = ['key', 'owner', 'may', 'group', 'name', 'made', 'used', 'revoked'];
    return { text: tableOf(head, cells, { numbers: 0 }), json: { keys } };
  },
};

/** The column's. */
const LONGEST_NAME = 50;

function isAccess(text: string): text is KeyAccess {
  return keyAccesses.some((access) => access === text);
}
