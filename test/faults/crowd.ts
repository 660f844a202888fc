import { type Db, row, run, transact } from '../../db/connect.ts';
import { openSession } from '../../engine/people/sessions.ts';
import { type Group, makeGroups } from '../bench/crowd.ts';
import { GUEST, type Guest } from './guests.ts';

/** Each owner and each guest has a session; the last of each group is its guest. */
export async function makeCrowd(
  db: Db,
  { groups, members }: { groups: number; members: number },
): Promise<{ groups: (Group & { sid: string })[]; guests: Guest[] }> {
  const step = groups === 1 ? 0 : (members - Math.max(3, Math.ceil(members / 20))) / (groups - 1);
  const size = { groups, members: (at: number) => Math.max(3, Math.round(members - at * step)) + 1 };
  const made: (Group & { sid: string })[] = [];
  const guests: Guest[] = [];
  for (const { phones, ...group } of await makeGroups(db, size)) {
    const phone = phones.at(-1) ?? '';
    const sid = await openSid(db, phones[0] ?? '');
    made.push({ ...group, phones: phones.slice(0, -1), sid });
    guests.push({ phone, sid: await openSid(db, phone), group: { ...group, ownerSid: sid } });
    await run(db, 'UPDATE memberships m JOIN people p ON p.id = m.person_id SET m.name = ? WHERE p.phone = ?', [
      GUEST,
      phone,
    ]);
  }
  return { groups: made, guests };
}

/** A session of somebody's, as if they had logged in. */
export async function openSid(db: Db, phone: string): Promise<string> {
  const person = await row<{ id: number }>(db, 'SELECT id FROM people WHERE phone = ?', [phone]);
  return transact(db, (tx) => openSession(tx, { personId: person?.id ?? 0, source: null, now: new Date() }));
}
