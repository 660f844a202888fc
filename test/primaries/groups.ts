import { makeGroups } from '../bench/crowd.ts';
import { openSid } from '../faults/crowd.ts';
import type { RunningCell } from './cells.ts';
import type { Fixture } from './fixture.ts';
import { call, type TextedGroup } from './texting.ts';

/** Groups of people of their own on a primary, written into its database; each owner has a session. */
export async function makeGroupsOn(
  cell: RunningCell,
  { groups, members, name }: { groups: number; members: number; name: string },
): Promise<TextedGroup[]> {
  const made: TextedGroup[] = [];
  for (const { number, phones } of await makeGroups(cell.db, { groups, members, name }))
    made.push({ cell, number, phones, sid: await openSid(cell.db, phones[0] ?? '') });
  return made;
}

/** A group that an app makes, as its owner: the router says on which primary. All have had their welcome then. */
export async function makeByCall(
  fixture: Fixture,
  { name, phones }: { name: string; phones: readonly string[] },
): Promise<TextedGroup> {
  const { simulator, cells } = fixture;
  const [owner = '', ...others] = phones;
  const named = others.flatMap((phone, at) => [
    [`name_${at}`, `Member ${at + 2}`],
    [`number_${at}`, phone],
  ]);
  const fields = Object.fromEntries(named) as Record<string, string>;
  const { status, number } = await call(fixture, '/group/create', {
    group: name,
    name: 'Owner',
    number: owner,
    ...fields,
  });
  const cell = cells.find(({ numbers }) => numbers.includes(String(number)));
  if (status !== 'OK' || cell === undefined) throw new Error(`the group ${name} was not made`);
  const from = simulator.accepted.length;
  await simulator.text({ from: owner, to: String(number), text: 'YES' });
  for (const to of others)
    await simulator.waitForTexts({ to, from: String(number) }, { after: from, timeoutMs: 20_000 });
  return { cell, number: String(number), phones, sid: await logIn(fixture, owner) };
}

/** By the PIN that comes from the service number. */
async function logIn(fixture: Fixture, phone: string): Promise<string> {
  const { simulator, serviceNumber } = fixture;
  const before = simulator.accepted.length;
  await call(fixture, '/member/find', { number: phone });
  const [pin] = await simulator.waitForTexts({ to: phone, from: serviceNumber }, { after: before, timeoutMs: 20_000 });
  const digits = /\b\d{6}\b/.exec(pin?.text ?? '')?.[0] ?? '';
  const { sid } = await call(fixture, '/member/login', { number: phone, pin: digits });
  if (typeof sid !== 'string') throw new Error(`${phone} could not log in`);
  return sid;
}
