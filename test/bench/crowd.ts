import { openAccount } from '../../db/billing/accounts.ts';
import { type Db, rows, transact } from '../../db/connect.ts';
import { activateGroup, insertGroup } from '../../db/groups/group-changes.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { ensurePeople } from '../../db/people/people.ts';

export type Group = { id: number; number: string; phones: string[] };

/**
 * Active groups of any size, written straight into the database: `/group/create` takes a hundred at a time and texts
 * every one of them. Each group has people of its own and all of them reach it through one number; the first is the
 * owner and has pennies enough. `members` is the size of each group, or of the one at each place.
 * The groups take the numbers of the pool in turn, from the `firstNumber`th on, and are called `name` 1 and so on.
 */
export async function makeGroups(
  db: Db,
  {
    groups,
    members,
    firstNumber = 0,
    name = 'Bench',
  }: { groups: number; members: number | ((at: number) => number); firstNumber?: number; name?: string },
): Promise<Group[]> {
  const numbers = await rows<{ id: number; phone: string }>(
    db,
    "SELECT id, phone FROM numbers WHERE kind = 'pool' ORDER BY id",
  );
  const [{ known } = { known: 0 }] = await rows<{ known: number }>(db, 'SELECT COUNT(*) AS known FROM people');
  const made: Group[] = [];
  let nextPhone = known;
  for (let at = 0; at < groups; at++) {
    const number = numbers[(firstNumber + at) % numbers.length];
    if (number === undefined) throw new Error('the pool has no numbers');
    const size = typeof members === 'number' ? members : members(at);
    const phones = Array.from({ length: size }, () => phoneOf(nextPhone++));
    made.push({
      id: await makeGroup(db, { name: `${name} ${at + 1}`, numberId: number.id, phones }),
      number: number.phone,
      phones,
    });
  }
  return made;
}

const FIRST_PHONE = 13_120_000_000;
const PLENTY = 1_000_000_000;
const ROWS_A_STATEMENT = 1_000;

function phoneOf(index: number): string {
  return `+${FIRST_PHONE + index}`;
}

function makeGroup(
  db: Db,
  { name, numberId, phones }: { name: string; numberId: number; phones: string[] },
): Promise<number> {
  const now = new Date();
  return transact(db, async (tx) => {
    const ids: number[] = [];
    for (const some of chunks(phones)) {
      const people = await ensurePeople(tx, some, now);
      ids.push(...some.map((phone) => people.get(phone)?.id ?? 0));
    }
    const ownerId = ids[0] ?? 0;
    await openAccount(tx, { personId: ownerId, trial: PLENTY, email: null, now });
    const groupId = await insertGroup(tx, { name, ownerId, numberId, replyToOwner: false, source: null, now });
    for (const [at, some] of chunks(ids).entries()) {
      const newcomers = some.map((personId, place) => {
        const index = at * ROWS_A_STATEMENT + place + 1;
        return { groupId, personId, numberId, name: `Member ${index}` };
      });
      await insertMemberships(tx, { members: newcomers, fromVersion: 1, now });
    }
    await activateGroup(tx, { groupId, now });
    return groupId;
  });
}

function chunks<T>(items: readonly T[]): T[][] {
  return Array.from({ length: Math.ceil(items.length / ROWS_A_STATEMENT) }, (_, at) =>
    items.slice(at * ROWS_A_STATEMENT, (at + 1) * ROWS_A_STATEMENT),
  );
}
