import { type Binding, type Db, rows, run, transact } from '../../db/connect.ts';
import { insertMemberships } from '../../db/groups/memberships.ts';
import { indexed } from '../../db/groups/words.ts';
import { findPerson } from '../../db/people/people.ts';
import { insertSession } from '../../db/people/sessions.ts';
import { hashSid, newSid } from '../../engine/people/secrets.ts';
import { openChance } from '../support/chance.ts';
import { makeGroups } from './crowd.ts';

/** A member of `groups` groups of `members` people each; returns a session of theirs. */
export async function makeRegular(db: Db, { groups, members }: { groups: number; members: number }): Promise<string> {
  const now = new Date();
  const made = await makeGroups(db, { groups, members: members - 1 });
  const { id: personId } = await newPerson(db, '+13129999999', now);
  for (const [at, { id: groupId }] of made.entries()) {
    // Each through a number of its own: a pair of phone and number names one membership.
    const number = await run(
      db,
      "INSERT INTO numbers (phone, kind, carrier, created_at, retired_at) VALUES (?, 'pool', 'plivo', ?, ?)",
      [`+1628777${1000 + at}`, now, now],
    );
    const newcomer = { groupId, personId, numberId: number.id, name: 'Regular' };
    await transact(db, (tx) => insertMemberships(tx, { members: [newcomer], fromVersion: 1, now }));
  }
  return openSession(db, personId);
}

/** A session of somebody whom we know. */
export async function logIn(db: Db, phone: string): Promise<string> {
  const person = await findPerson(db, phone);
  if (person === undefined) throw new Error('nobody has this phone');
  return openSession(db, person.id);
}

/** A session of each of these, in their order. */
export async function logInAll(db: Db, phones: readonly string[]): Promise<string[]> {
  const now = new Date();
  const people = await rows<{ id: number; phone: string }>(db, 'SELECT id, phone FROM people WHERE phone IN (?)', [
    phones,
  ]);
  const ids = new Map(people.map(({ id, phone }) => [phone, id]));
  const sids = phones.map((phone) => ({ sid: newSid(), personId: ids.get(phone) ?? 0 }));
  for (let from = 0; from < sids.length; from += ROWS_A_STATEMENT) {
    await insertAll(
      db,
      'INSERT INTO sessions (sid_hash, person_id, created_at, used_at)',
      sids.slice(from, from + ROWS_A_STATEMENT).map(({ sid, personId }) => [hashSid(sid), personId, now, now]),
    );
  }
  return sids.map(({ sid }) => sid);
}

async function openSession(db: Db, personId: number): Promise<string> {
  const sid = newSid();
  await insertSession(db, { sidHash: hashSid(sid), personId, source: 'bench', now: new Date() });
  return sid;
}

/**
 * Public groups whose names and descriptions are made of words as unevenly common as those of a language; all of
 * them have "club" in their name. Returns a rare, a middling and a common word.
 */
export async function makePublicGroups(
  db: Db,
  count: number,
): Promise<{ rare: string; middling: string; common: string }> {
  const now = new Date();
  const { id: ownerId } = await newPerson(db, '+13129999998', now);
  const [number] = await rows<{ id: number }>(db, "SELECT id FROM numbers WHERE kind = 'pool' LIMIT 1");
  const [last] = await rows<{ id: number }>(db, 'SELECT COALESCE(MAX(id), 0) AS id FROM `groups`');
  const chance = openChance(7);
  const vocabulary = Array.from({ length: WORDS }, () => wordBy(chance));
  const word = () => vocabulary[Math.floor(WORDS * chance() ** 3)] ?? '';
  for (let from = 0; from < count; from += ROWS_A_STATEMENT) {
    const groups = Array.from({ length: Math.min(ROWS_A_STATEMENT, count - from) }, (_, at) => ({
      id: (last?.id ?? 0) + 1 + from + at,
      name: `${word()} ${word()} club`,
      description: Array.from({ length: 12 }, word).join(' '),
    }));
    await insertAll(
      db,
      'INSERT INTO `groups` (id, name, owner_id, number_id, state, is_public, invite_code, invite_key, description, created_at, activated_at)',
      groups.map(({ id, name, description }) => [
        id,
        name,
        ownerId,
        number?.id ?? 0,
        'active',
        1,
        `b${id}`,
        `b${id}`,
        description,
        now,
        now,
      ]),
    );
    await insertAll(
      db,
      'INSERT INTO public_groups (group_id, activated_at, words)',
      groups.map((group) => [group.id, new Date(now.getTime() - group.id), indexed(group)]),
    );
  }
  return { rare: vocabulary[WORDS - 1] ?? '', middling: vocabulary[300] ?? '', common: vocabulary[0] ?? '' };
}

const WORDS = 20_000;
const ROWS_A_STATEMENT = 1_000;
const SYLLABLES = 'ba ri to mo ke sa lu ni fo de ga pi ra ve zo chi ten mar'.split(' ');

function wordBy(chance: () => number): string {
  const syllable = () => SYLLABLES[Math.floor(chance() * SYLLABLES.length)] ?? '';
  return Array.from({ length: 2 + Math.floor(chance() * 3) }, syllable)
    .join('')
    .slice(0, 12);
}

async function insertAll(db: Db, into: string, lines: readonly Binding[][]): Promise<void> {
  const places = lines.map((line) => `(${line.map(() => '?').join(', ')})`).join(', ');
  await run(db, `${into} VALUES ${places}`, lines.flat());
}

async function newPerson(db: Db, phone: string, now: Date): Promise<{ id: number }> {
  return run(db, 'INSERT INTO people (phone, created_at) VALUES (?, ?)', [phone, now]);
}
