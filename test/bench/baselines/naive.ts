import { fork } from 'node:child_process';
import { once } from 'node:events';
import { run } from '../../../db/connect.ts';
import type { Fixture } from '../fixture.ts';

/** The plain way: for each recipient a row, a job, a send with the carrier's own SDK, and an update of the row. */
export type Naive = { send(count: number): Promise<{ ms: number }>; processes: string[] };
export type NaiveSettings = {
  part: Part;
  mysqlUrl: string;
  redisUrl: string;
  carrier: string;
  authId: string;
  authToken: string;
};
export type Part = 'adds' | 'sends';

/** Two processes, so that it has both cores as we have. */
export async function openNaive(fixture: Fixture): Promise<Naive> {
  await run(fixture.db, TABLE);
  const { mysqlUrl, redisUrl, simulator: carrier, auth } = fixture;
  const [adds, sends] = await Promise.all(
    (['adds', 'sends'] as const).map(async (part) => {
      const child = fork(new URL('./naive-process.ts', import.meta.url), { execArgv: ['--import', 'tsx'] });
      const ended = once(child, 'exit');
      fixture.onClose(async () => {
        if (child.connected) child.disconnect();
        await ended;
      });
      fixture.also(`naive, ${part}`, () => child.pid ?? 0);
      child.send({ part, mysqlUrl, redisUrl, carrier, ...auth } satisfies NaiveSettings);
      await once(child, 'message');
      return child;
    }),
  );
  if (adds === undefined || sends === undefined) throw new Error('the naive path did not start');
  return {
    processes: ['naive, adds', 'naive, sends'],
    async send(count) {
      const start = performance.now();
      sends.send(count);
      const isDone = once(sends, 'message');
      adds.send(count);
      await isDone;
      return { ms: performance.now() - start };
    },
  };
}

const TABLE = `CREATE TABLE IF NOT EXISTS naive_deliveries (
  id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY,
  phone VARCHAR(16) NOT NULL,
  text VARCHAR(1600) NOT NULL,
  state VARCHAR(16) NOT NULL,
  carrier_id VARCHAR(64) NULL,
  updated_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4`;
