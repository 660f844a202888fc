import { rows } from '../../db/connect.ts';
import { appUsers } from './apps.ts';
import { type Copies, tryOf } from './copies.ts';
import type { Fixture } from './fixture.ts';
import { idIn, type Said } from './load.ts';

/**
 * Sentences on first tries that came to a phone after those of a later text of their group, or after a later part of
 * their own. A try after the first comes when it can; who has the app gets pushes, and texts where these fail. Between hosts, one
 * whose outcome was unknown for a while comes when it can, too: what a host had said before it was cut off arrives when it is back,
 * and later texts do not wait for that.
 */
export async function findOutOfOrder(fixture: Fixture, said: readonly Said[], copies: Copies): Promise<string[]> {
  const ranks = await readRanks(fixture, said);
  const groups = new Map(said.map(({ id, groupId }) => [id, groupId]));
  const users = new Set(fixture.groups.flatMap(({ phones }) => appUsers(phones)));
  const unknown = fixture.onHosts ? await readUnknown(fixture, said) : new Set<string>();
  const arrivals = new Map<string, Arrival[]>();
  for (const { id, phone, part, texts } of copies.all()) {
    const [first] = texts;
    const rank = ranks.get(id);
    if (first === undefined || rank === undefined || !groups.has(id) || users.has(phone) || tryOf(first)?.attempt !== 1)
      continue;
    if (unknown.has(`${id} ${phone} ${part}`)) continue;
    const key = `${groups.get(id)} ${phone}`;
    arrivals.set(key, [...(arrivals.get(key) ?? []), { id, rank, part, seq: first.seq }]);
  }
  return [...arrivals].flatMap(([key, some]) => sayLate(key.split(' ')[1] ?? '', some));
}

type Arrival = { id: number; rank: number; part: number; seq: number };

function sayLate(phone: string, arrivals: readonly Arrival[]): string[] {
  const late: string[] = [];
  let last: Arrival | undefined;
  for (const one of arrivals.toSorted((a, b) => a.seq - b.seq)) {
    const isLate = last !== undefined && (one.rank - last.rank || one.part - last.part) < 0;
    if (isLate)
      late.push(`out of order: text ${one.id} (${one.part}) came to ${phone} after ${last?.id} (${last?.part})`);
    else last = one;
  }
  return late;
}

/** In which order texts were accepted, by the ids that their groups gave them. */
async function readRanks({ db }: Fixture, said: readonly Said[]): Promise<Map<number, number>> {
  const groups = [...new Set(said.map(({ groupId }) => groupId))];
  if (groups.length === 0) return new Map();
  const kept = await rows<{ rank: number; text: string }>(
    db,
    "SELECT message_id AS `rank`, text FROM messages WHERE group_id IN (?) AND kind = 'said' AND message_id IS NOT NULL",
    [groups],
  );
  return new Map(kept.map(({ rank, text }) => [idIn(text) ?? 0, rank]));
}

/** Text, phone and part of deliveries that have a reason: they were not simply sent. */
async function readUnknown({ db }: Fixture, said: readonly Said[]): Promise<Set<string>> {
  const groups = [...new Set(said.map(({ groupId }) => groupId))];
  if (groups.length === 0) return new Set();
  const found = await rows<{ text: string; phone: string; part: number }>(
    db,
    `SELECT m.text, p.phone, d.part FROM messages m JOIN deliveries d ON d.message_id = m.id
     JOIN people p ON p.id = d.person_id WHERE m.group_id IN (?) AND m.kind = 'said' AND d.reason IS NOT NULL`,
    [groups],
  );
  return new Set(found.map(({ text, phone, part }) => `${idIn(text) ?? 0} ${phone} ${part + 1}`));
}
