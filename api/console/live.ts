import { readLatencies } from '../../db/deliveries/latency.ts';
import { countPending, UNWRITTEN, WAITING } from '../../db/deliveries/pending-messages.ts';
import { openOldestSendable } from '../../engine/delivery/oldest-sendable.ts';
import { readEvents } from '../../engine/platform/events.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { singleFlight } from '../../engine/platform/single-flight.ts';

/**
 * The whole system at one moment. `taken` and `accepted` are sums since Redis was emptied; `waiting` messages are counted up to
 * 10,000; `oldest` is in ms, as /readyz has it; latency from acceptance to the carrier, in ms, of the newest texts.
 */
export type Moment = {
  at: number;
  taken: number;
  accepted: number;
  failed: number;
  waiting: number;
  oldest: { message: number; system_message: number; pin: number };
  latency: { half: number; most: number };
};

/** For `runtime.use`. The moments at which somebody looked, the last quarter of an hour of them, one in 2 s at most. */
export function openMoments(runtime: Runtime): { read(): Promise<readonly Moment[]> } {
  const moments: Moment[] = [];
  const look = singleFlight(async () => {
    moments.push(await readMoment(runtime));
    const first = moments.findIndex(({ at }) => at > Date.now() - KEPT_MS);
    moments.splice(0, Math.max(0, first));
  });
  return {
    async read() {
      if (Date.now() - (moments.at(-1)?.at ?? 0) >= EVERY_MS) await look();
      return moments;
    },
  };
}

const EVERY_MS = 2_000;
const KEPT_MS = 15 * 60_000;
const COUNT_LIMIT = 10_000;

async function readMoment(runtime: Runtime): Promise<Moment> {
  const { db } = runtime;
  const [unwritten, waiting, oldest, latencies, events] = await Promise.all([
    countPending(db, { pending: UNWRITTEN, limit: COUNT_LIMIT }),
    countPending(db, { pending: WAITING, limit: COUNT_LIMIT }),
    runtime.use(openOldestSendable).read(),
    readLatencies(db),
    readEvents(runtime),
  ]);
  const count = (what: string) => events.get(what) ?? 0;
  const share = (part: number) => Math.round(latencies[Math.floor(part * (latencies.length - 1))] ?? 0);
  return {
    at: Date.now(),
    taken: count('sent'),
    accepted: count('accepted'),
    failed: count('undelivered') + [...events].reduce((sum, [what, n]) => sum + (/^failed(:|$)/.test(what) ? n : 0), 0),
    waiting: Number(unwritten) + Number(waiting),
    oldest,
    latency: { half: share(0.5), most: share(0.95) },
  };
}
