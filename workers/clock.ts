import { DatabaseUnavailable } from '../db/connect.ts';
import { settleCharges } from '../engine/billing/charges.ts';
import { sendEmails } from '../engine/billing/emails.ts';
import { checkLedgers } from '../engine/billing/ledger.ts';
import { tellLowBalances } from '../engine/billing/low-balance.ts';
import { matchFirstTexts } from '../engine/delivery/first-text-halves.ts';
import { squarePaid } from '../engine/delivery/paid-messages.ts';
import { keepHolds } from '../engine/delivery/sending-holds.ts';
import { sweep } from '../engine/delivery/sweep.ts';
import { sendHeld } from '../engine/delivery/system-messages.ts';
import { readyOrdered } from '../engine/groups/buying.ts';
import { sendDigests } from '../engine/groups/digests.ts';
import { deleteOldMedia } from '../engine/groups/media.ts';
import { endMutes } from '../engine/groups/mutes.ts';
import { sendNews } from '../engine/groups/newcomer-news.ts';
import { countNumberLoads } from '../engine/groups/numbers.ts';
import { askHeirs } from '../engine/groups/owners.ts';
import { purge } from '../engine/groups/purge.ts';
import { deleteOld } from '../engine/groups/retention.ts';
import { dropUnconfirmed } from '../engine/people/devices.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { sendBundles } from '../engine/usecases/bundles.ts';
import { sweepHooks } from '../engine/usecases/hooks/sweep.ts';
import { copyMedia } from '../engine/usecases/media/copy.ts';
import { sendDue } from '../engine/usecases/schedules.ts';

/** What the clock does again and again. Any number of clocks may run, so each task is safe to do twice at once. */
const tasks: readonly Task[] = [
  { name: 'sweep', everyMs: 1_000, run: sweep },
  { name: 'sending-holds', everyMs: 1_000, run: keepHolds },
  { name: 'first-texts', everyMs: 1_000, run: sendHeld },
  { name: 'first-text-halves', everyMs: 60_000, run: (runtime) => matchFirstTexts(runtime) },
  { name: 'purge', everyMs: 60_000, run: purge },
  { name: 'media', everyMs: 60_000, run: deleteOldMedia },
  { name: 'media-copies', everyMs: 1_000, run: copyMedia },
  { name: 'retention', everyMs: 1_000, idleMs: 30_000, run: deleteOld },
  { name: 'mutes', everyMs: 1_000, run: (runtime) => endMutes(runtime) },
  { name: 'digests', everyMs: 1_000, run: (runtime) => sendDigests(runtime) },
  { name: 'bundles', everyMs: 1_000, run: (runtime) => sendBundles(runtime) },
  { name: 'newcomers', everyMs: 1_000, run: (runtime) => sendNews(runtime) },
  { name: 'owners', everyMs: 60_000, run: (runtime) => askHeirs(runtime) },
  { name: 'schedules', everyMs: 1_000, run: sendDue },
  { name: 'ledgers', everyMs: 5_000, run: checkLedgers },
  { name: 'paid-messages', everyMs: 10_000, run: (runtime) => squarePaid(runtime) },
  { name: 'low-balances', everyMs: 1_000, run: tellLowBalances },
  { name: 'charges', everyMs: 5_000, run: settleCharges },
  { name: 'emails', everyMs: 5_000, run: (runtime) => sendEmails(runtime) },
  { name: 'number-loads', everyMs: 60_000, run: (runtime) => countNumberLoads(runtime) },
  { name: 'ordered-numbers', everyMs: 30_000, run: readyOrdered },
  { name: 'hooks', everyMs: 250, idleMs: 1_000, run: sweepHooks },
  { name: 'devices', everyMs: 60_000, run: dropUnconfirmed },
];
/** `idleMs`: how long it rests after a turn in which `run` returned 0. */
type Task = { name: string; everyMs: number; idleMs?: number; run: (runtime: Runtime) => Promise<unknown> };

/** Starts every task. Returns a function that stops them and waits for those that run. */
export function runClock(runtime: Runtime): () => Promise<void> {
  const stops = tasks.map((task) => repeat(runtime, task));
  return async () => {
    await Promise.all(stops.map((stop) => stop()));
  };
}

function repeat(runtime: Runtime, { name, everyMs, idleMs = everyMs, run }: Task): () => Promise<void> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> = Promise.resolve();
  let isFailing = false;

  /** Says once that a task fails; of a server that is unavailable there is one line for all tasks. */
  async function turn(): Promise<void> {
    let restMs = everyMs;
    try {
      if ((await run(runtime)) === 0) restMs = idleMs;
      if (isFailing) runtime.log.info({ task: name }, 'a task of the clock works again');
      isFailing = false;
    } catch (err) {
      if (isFailing || err instanceof DatabaseUnavailable || runtime.redis.status !== 'ready') {
        runtime.log.debug({ err, task: name }, 'a task of the clock failed');
      } else {
        isFailing = true;
        runtime.log.warn({ err, task: name }, 'a task of the clock fails; the next turn goes on');
      }
    }
    if (!stopped) timer = setTimeout(next, restMs);
  }

  function next(): void {
    running = turn();
  }

  next();
  return async () => {
    stopped = true;
    clearTimeout(timer);
    await running;
  };
}
