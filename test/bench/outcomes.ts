import { setTimeout as sleep } from 'node:timers/promises';
import type { Watch } from './usage.ts';

/** Where the counting of a round begins: the last message row, and how many texts the carrier had taken. */
export type Mark = { messageId: number; taken: number };

/** Sees what became of the deliveries, with as few statements as it can: they go to the database that is measured. */
export type Outcomes = {
  begin(): Promise<Mark>;
  /** Waits until `expected` deliveries since then have a committed outcome. Throws when one was lost or sent twice. */
  allOf(since: Mark, expected: number): Promise<void>;
  /** Waits until the carrier has taken `count` texts in all; returns how many it has. */
  taken(count: number): Promise<number>;
  /** Waits until nothing is under way: no job, no retry, no report. */
  quiet(): Promise<void>;
};

const TIMEOUT_MS = 60_000;
const LOOK_MS = 20;

export function openOutcomes({ watch, simulator }: { watch: Watch; simulator: string }): Outcomes {
  async function carrier(): Promise<{ accepted: number; waiting: number }> {
    const answer = await fetch(`${simulator}/stats`);
    const { accepted, reports } = (await answer.json()) as { accepted: number; reports: { waiting: number } };
    return { accepted, waiting: reports.waiting };
  }

  async function untilTaken(count: number): Promise<number> {
    let accepted = 0;
    // As long as more come, it goes on.
    for (let leftMs = TIMEOUT_MS; leftMs > 0; leftMs -= LOOK_MS) {
      const before = accepted;
      ({ accepted } = await carrier());
      if (accepted >= count) return accepted;
      if (accepted > before) leftMs = TIMEOUT_MS;
      await sleep(LOOK_MS);
    }
    throw new Error(`the carrier got ${accepted} texts, not ${count}, and for ${TIMEOUT_MS / 1000} s none came`);
  }

  return {
    taken: untilTaken,
    async begin() {
      const messageId = await watch.ask('SELECT COALESCE(MAX(id), 0) AS value FROM messages');
      return { messageId, taken: (await carrier()).accepted };
    },
    async allOf({ messageId, taken }, expected) {
      await untilTaken(taken + expected);
      const open = `SELECT COUNT(*) AS value FROM deliveries WHERE message_id > ${messageId} AND state IN ('queued', 'sending', 'unknown')`;
      await until(
        async () => (await watch.ask(open)) === 0,
        5,
        () => 'outcomes are missing',
      );
      const written = await watch.ask(`SELECT COUNT(*) AS value FROM deliveries WHERE message_id > ${messageId}`);
      const sent = (await carrier()).accepted - taken;
      if (written !== expected || sent !== expected)
        throw new Error(`${expected} deliveries were expected, ${written} are written, and ${sent} texts were sent`);
    },
    async quiet() {
      const open = `SELECT (SELECT COUNT(*) FROM messages WHERE pending IS NOT NULL)
        + (SELECT COUNT(*) FROM deliveries WHERE due_at IS NOT NULL) + (SELECT COUNT(*) FROM batches) AS value`;
      await until(
        async () => (await carrier()).waiting === 0,
        20,
        () => 'reports did not end',
      );
      await until(
        async () => (await watch.ask(open)) === 0,
        20,
        () => 'the engine did not come to rest',
      );
    },
  };
}

async function until(isSo: () => Promise<boolean>, everyMs: number, complaint: () => string): Promise<void> {
  const limit = Date.now() + TIMEOUT_MS;
  while (!(await isSo())) {
    if (Date.now() > limit) throw new Error(`${complaint()} within ${TIMEOUT_MS / 1000} s`);
    await sleep(everyMs);
  }
}
