import { rows, transact } from '../../db/connect.ts';
import type { Fixture } from './fixture.ts';

/**
 * What becomes of a transaction on the second primary and, over a link, on the first, which dies before the COMMIT: whichever half
 * was written first.
 */
export async function commitHalves({ first, second }: Fixture): Promise<string[]> {
  const said: string[] = [];
  const halves = {
    own: 'UPDATE `groups` SET source = ? ORDER BY id LIMIT 1',
    linked: 'UPDATE people SET last_name = ? ORDER BY id LIMIT 1',
  };
  for (const order of [
    ['own', 'linked'],
    ['linked', 'own'],
  ] as const) {
    const mark = `half ${order[0]}`;
    let outcome = '';
    // Each connection that a link has kept since the first was gone before fails once, at its first statement.
    for (let wasKilled = false; !wasKilled; )
      outcome = await transact(second.db, async (tx) => {
        for (const half of order) await rows(tx, halves[half], [mark]);
        wasKilled = true;
        await first.database.kill();
      }).then(
        () => 'is answered as committed',
        (error: Error) => `fails (${error.message})`,
      );
    await first.database.start();
    const kept = await rows(second.db, 'SELECT 1 FROM `groups` WHERE source = ?', [mark]);
    said.push(
      `a transaction over both, the ${order[0]} half first, of which A dies before the COMMIT: ${outcome}, and B has ${kept.length > 0 ? 'kept' : 'taken back'} its half`,
    );
  }
  return said;
}
