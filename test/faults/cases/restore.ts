import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { row } from '../../../db/connect.ts';
import type { Text } from '../../../dev/simulator/log.ts';
import { reportFields } from '../../../dev/simulator/report-fields.ts';
import { signatureHeaders } from '../../../dev/simulator/signature.ts';
import { runAdmin } from '../admin.ts';
import { tryOf } from '../copies.ts';
import { type Dump, takeDump } from '../dump.ts';
import type { Fault } from '../fault.ts';
import type { Fixture, Forgotten } from '../fixture.ts';
import { startTooEarly } from '../forgotten-step.ts';
import { doStep } from '../steps.ts';

/** The steps of docs/operating/backup.md, while the carrier goes on. */
export const restoreFaults: readonly Fault[] = [
  {
    name: 'restore',
    does: 'MySQL is lost and restored from a dump of some time ago, as the guide says; then the carrier’s calls of the lost time come again',
    times: 2,
    needs: 'dump',
    unavailable: 'web',
    recoversWithinMs: 15_000,
    async strike(fixture, random, mend, note) {
      const { processes, guests, ready } = fixture;
      const from = Date.now();
      const dump = await takeDump(fixture, path.join(fixture.folder, 'backup.sql'));
      await sleep(random.between(8_000, 15_000));
      await guests.hold(async () => {
        const names = processes.names();
        let start: () => void = () => {};
        const restored = new Promise<void>((resolve) => {
          start = resolve;
        });
        const replaced = names.map((name) => processes.replace(name, 'SIGTERM', { after: restored }));
        await Promise.all(names.map((name) => processes.ended(name)));
        const stoppedAt = Date.now();
        const forgotten: Forgotten = { from: from - UNDER_WAY_MS, until: stoppedAt };
        fixture.forgotten.push(forgotten);
        guests.doubtSince(from);
        try {
          const last = await putBack(fixture, dump, { stoppedAt, note });
          // Where it failed, what was under way in the dump comes again, as the guide says: the failure is what is wrong.
          forgotten.settled = true;
          mend();
          start();
          await Promise.all(replaced);
          await processes.up();
          await ready();
          // The carrier lists by whole seconds: what came in the last one may be said again.
          await comeAgain(fixture, { from, until: Math.floor(stoppedAt / 1_000) * 1_000, last });
        } finally {
          start();
        }
      });
      await sleep(5_000);
    },
  },
];

/** How long before the dump a text may have been accepted that was still under way in it. */
const UNDER_WAY_MS = 60_000;

/** Returns the last message that the backup has. */
async function putBack(
  fixture: Fixture,
  dump: Dump,
  { stoppedAt, note }: { stoppedAt: number; note: (line: string) => void },
): Promise<number> {
  const { db, redisClient, mysqlUrl } = fixture;
  await dump.restore();
  // With what Redis has, and by what the carrier has alone.
  await startTooEarly(fixture, dump);
  const last = await doStep(() => row<{ id: number }>(db, 'SELECT MAX(id) AS id FROM messages'));
  const code = await new Promise((resolve) => fixture.release(mysqlUrl).once('exit', resolve));
  if (code !== 0) throw new Error(`the release line ended with code ${code}`);
  await redisClient.flushall();
  await startTooEarly(fixture, dump);
  const stopped = new Date(stoppedAt).toISOString();
  const words = ['database', 'restored', '--stopped', stopped, '--reason', 'rehearsal', '--yes'];
  for (const line of await runAdmin(fixture, words)) note(line);
  return last?.id ?? 0;
}

/**
 * What the carrier brought in the lost time is played back, and its reports of that time come late: that a text whose message
 * is lost has failed, which no other message may be taken for, and that the others have arrived.
 */
async function comeAgain(
  fixture: Fixture,
  { from, until, last }: { from: number; until: number; last: number },
): Promise<void> {
  const { simulator } = fixture;
  const isLost = ({ at }: { at: number }) => at >= from && at < until;
  for (const { uuid } of simulator.brought.filter(isLost)) {
    await untilTaken('a text that was played back', () => simulator.replay(uuid));
  }
  const reports = simulator.accepted.filter(isLost).flatMap((text) => {
    const id = tryOf(text)?.messageId;
    return id === undefined ? [] : [{ text, status: id > last ? ('failed' as const) : ('delivered' as const) }];
  });
  const work = async () => {
    for (let next = reports.shift(); next !== undefined; next = reports.shift()) await reportLate(fixture, next);
  };
  await Promise.all(Array.from({ length: 8 }, work));
}

type LateReport = { text: Text; status: 'failed' | 'delivered' };

async function reportLate({ authToken }: Fixture, { text, status }: LateReport): Promise<void> {
  const step = { status, sequence: 9, errorCode: status === 'failed' ? '30' : '000', waitMs: 0 };
  const source = { kind: 'long', campaign: '', registered: true, mms: true, barred: '' } as const;
  const params = reportFields(text, step, source);
  const headers = signatureHeaders({ url: text.url, params, token: authToken, nonce: text.uuid }, 'main');
  await untilTaken('a late report', async () => {
    const answer = await fetch(text.url, { method: 'POST', headers, body: new URLSearchParams(params) });
    return answer.status;
  });
}

/** A busy machine may answer 503, or nothing in time. */
async function untilTaken(what: string, call: () => Promise<number>): Promise<void> {
  let status = 0;
  for (let tries = 0; tries < 5; tries += 1) {
    status = await call().catch(() => 0);
    if (status === 200) return;
  }
  throw new Error(`${what} was answered ${status}`);
}
