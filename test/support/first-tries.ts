import { expect } from 'chai';
import { rows } from '../../db/connect.ts';
import { fanOut } from '../../engine/delivery/fanout.ts';
import type { Outcome } from '../../engine/delivery/outcome.ts';
import type { TestGroup } from './group.ts';
import { messageOf } from './rows.ts';
import type { World } from './world.ts';

/** Ann says something in a world without workers; returns the first tries of its deliveries. */
export async function firstTriesOf(
  world: World,
  { phones, number }: TestGroup,
  text: string,
): Promise<Outcome['of'][]> {
  expect(await world.text(phones.Ann ?? '', number, text)).to.equal(200);
  const messageId = await messageOf(world, `Ann: ${text}`);
  await fanOut(world.runtime, [messageId]);
  const found = await rows<{ personId: number }>(
    world.runtime.db,
    'SELECT person_id AS personId FROM deliveries WHERE message_id = ?',
    [messageId],
  );
  return found.map(({ personId }) => ({ messageId, personId, part: 0, attempt: 1 }));
}
