import { transact } from '../../db/connect.ts';
import { ensurePerson } from '../../db/people/people.ts';
import { openSession } from '../../engine/people/sessions.ts';
import type { World } from './world.ts';

/** A session of a phone without the PIN that a person would need. */
export async function openSid(world: World, phone: string): Promise<string> {
  const { db } = world.runtime;
  const now = new Date();
  const { id: personId } = await ensurePerson(db, phone, now);
  return transact(db, (tx) => openSession(tx, { personId, source: null, now }));
}
