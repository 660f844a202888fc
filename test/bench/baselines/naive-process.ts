import BullQueue from 'bull';
import { Client } from 'plivo';
import { type Db, openDb, run } from '../../../db/connect.ts';
import type { NaiveSettings } from './naive.ts';

/** A half of the naive path: it adds rows and jobs, or it sends them; each order is how many. */
const OURS = '+12015550101';
const ADDS_AT_ONCE = 20;
const SENDS_AT_ONCE = 50;

process.once('message', (settings: NaiveSettings) => {
  const db = openDb(settings.mysqlUrl, { size: 20 });
  const queue = new BullQueue('naive', settings.redisUrl, { defaultJobOptions: { removeOnComplete: true } });
  if (settings.part === 'adds') {
    process.on('message', (count: number) => void addAll(db, queue, count));
  } else {
    const client = new Client(settings.authId, settings.authToken, {
      url: `${settings.carrier}/v1/Account/${settings.authId}`,
    });
    let left = 0;
    process.on('message', (count: number) => {
      left += count;
    });
    queue.process(SENDS_AT_ONCE, async ({ data: { id, phone, text } }) => {
      const { messageUuid } = await client.messages.create(OURS, phone, text);
      await run(db, 'UPDATE naive_deliveries SET state = ?, carrier_id = ?, updated_at = ? WHERE id = ?', [
        'accepted',
        String(messageUuid),
        new Date(),
        id,
      ]);
      left--;
      if (left === 0) process.send?.('done');
    });
  }
  process.send?.('ready');
});
process.on('disconnect', () => process.exit(0));

async function addAll(db: Db, queue: BullQueue.Queue, count: number): Promise<void> {
  let next = 0;
  async function goOn(): Promise<void> {
    while (next < count) {
      const at = next++;
      const phone = `+${14_150_000_000 + at}`;
      const text = `Member 1: Who brings the ball tonight? (${at})`;
      const { id } = await run(
        db,
        'INSERT INTO naive_deliveries (phone, text, state, updated_at) VALUES (?, ?, ?, ?)',
        [phone, text, 'queued', new Date()],
      );
      await queue.add({ id, phone, text });
    }
  }
  await Promise.all(Array.from({ length: ADDS_AT_ONCE }, goOn));
}
