import { row } from '../../db/connect.ts';
import type { World } from './world.ts';

/** A group that is on, and its members by name; the first is the owner. */
export type TestGroup = { id: number; number: string; numberId: number; phones: Record<string, string> };

/** The API makes it, a YES by text turns it on, and, where somebody works, everybody has had their welcome then. */
export async function startGroup(
  world: World,
  names: readonly string[],
  {
    name = 'Friends',
    areaCode = '444',
    replyToOwner = false,
    phones = {} as Record<string, string>,
    quiet = true,
  } = {},
): Promise<TestGroup> {
  const nextPhone = phonesOf(areaCode);
  const all = Object.fromEntries(names.map((one) => [one, phones[one] ?? nextPhone()]));
  const [creator = '', ...others] = names;
  const { body } = await world.call('/group/create', {
    group: name,
    name: creator,
    number: all[creator],
    reply_to_owner: replyToOwner ? 1 : 0,
    ...Object.fromEntries(
      others.flatMap((one, at) => [
        [`name_${at}`, one],
        [`number_${at}`, all[one]],
      ]),
    ),
  });
  const number = String(body.number);
  if (body.status !== 'OK') throw new Error(`the group was refused: ${JSON.stringify(body)}`);
  const creatorPhone = all[creator] ?? '';
  if ((await world.text(creatorPhone, number, 'YES')) !== 200) throw new Error('the YES was not taken');
  if (quiet) await world.quiet();
  const found = await row<{ id: number; numberId: number }>(
    world.runtime.db,
    'SELECT m.group_id AS id, m.number_id AS numberId FROM memberships m JOIN people p ON p.id = m.person_id JOIN numbers n ON n.id = m.number_id WHERE p.phone = ? AND n.phone = ? AND m.live = 1',
    [creatorPhone, number],
  );
  if (found === undefined) throw new Error('the group has no row');
  return { ...found, number, phones: all };
}

const used = new Map<string, number>();

/** Phones that nobody else in this process has, of an area code. */
function phonesOf(areaCode: string): () => string {
  return () => {
    const count = (used.get(areaCode) ?? 0) + 1;
    used.set(areaCode, count);
    return `+1${areaCode}555${String(1000 + count)}`;
  };
}
