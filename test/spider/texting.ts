import type { Db } from '../../db/connect.ts';
import { cpuOfAll, spentBetween } from '../bench/cpu.ts';
import { startGroup } from '../support/group.ts';
import { type Asked, statementsDuring } from '../support/statements.ts';
import { openWorld } from '../support/world.ts';

const GROUPS = 8;
const MEMBERS = ['Ann', 'Bob', 'Cid', 'Dee', 'Eve', 'Fay', 'Gus', 'Hal', 'Ida', 'Jon'];
const TEXTS = 15;

export type Texting = {
  texts: number;
  recipients: number;
  ms: number;
  /** Of the texts that were answered 200, by recipient. */
  lost: number;
  doubled: number;
  failed: number;
  /** Of all servers, for a recipient; the clock's steps included. */
  cpuUs: number;
  asked: Asked[];
  shapes: number;
};

/**
 * Makes groups and texts in all of them at once, in a world of its own; counts what reaches the handsets. `servers`: processes of
 * MariaDB; `look`: before it is closed.
 */
export async function textThrough({
  servers,
  look = async () => {},
}: {
  servers: Record<string, number>;
  look?: (db: Db) => Promise<void>;
}): Promise<Texting> {
  const world = await openWorld();
  let [ms, failed, recipients, cpuUs] = [0, 0, 0, 0];
  const said: string[] = [];
  try {
    const asked = await statementsDuring(async () => {
      const groups = [];
      for (let at = 0; at < GROUPS; at++)
        groups.push(await startGroup(world, MEMBERS, { name: `Group ${at}`, areaCode: String(301 + at) }));
      const begin = performance.now();
      const before = cpuOfAll(servers);
      await Promise.all(
        groups.map(async ({ number, phones }, group) => {
          for (let at = 0; at < TEXTS; at++) {
            const text = `Text ${at} of ${group}.`;
            if ((await world.text(phones[MEMBERS[at % 3] ?? ''] ?? '', number, text)) === 200) said.push(text);
            else failed += 1;
          }
        }),
      );
      // Where other things run beside it, locks of Spider may hold some for longer than a test waits.
      await world.quiet().catch(() => world.quiet());
      ms = performance.now() - begin;
      cpuUs = spentBetween(before, cpuOfAll(servers)).reduce((sum, [, us]) => sum + us, 0);
    });
    await look(world.runtime.db);
    const got = new Map<string, number>();
    for (const { to, text } of world.texts()) {
      const key = `${to} ${text.replace(/^\w+: /, '')}`;
      got.set(key, (got.get(key) ?? 0) + 1);
    }
    const ofTexts = [...got].filter(([key]) => said.some((text) => key.endsWith(` ${text}`)));
    recipients = said.length * (MEMBERS.length - 1);
    const doubled = ofTexts.filter(([, count]) => count > 1).length;
    const shapes = new Set(asked.map(({ text }) => text)).size;
    const lost = recipients - ofTexts.length;
    return { texts: said.length, recipients, ms, lost, doubled, failed, cpuUs: cpuUs / recipients, asked, shapes };
  } finally {
    await world.close();
  }
}
