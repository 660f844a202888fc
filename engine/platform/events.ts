import type { Budget, CardTry } from '../rules/budgets.ts';
import { keys } from './keys.ts';
import type { Runtime } from './runtime.ts';

/**
 * What is counted for the operators, over all processes; Redis holds the sums, and they begin anew when it is emptied.
 * `sent`, `unknown` and the ends are deliveries that came to that, each once; `failed:30` the same by the carrier’s code,
 * `network:310410:delivered` by the phone's network where the carrier names it. `campaign:C1:accepted` are tries from numbers of a
 * 10DLC campaign by what the carrier said.
 */
export type Counted =
  | 'accepted'
  | (typeof countedStates)[number]
  | `failed:${number}`
  | `network:${string}:${NetworkState}`
  | `campaign:${string}:${string}`
  | 'retried'
  | 'pennies'
  | 'stop'
  | 'start'
  | `push:${PushEvent}`
  | `copy:${CopyEnd}`
  | `call:${CallEnd}`
  | `budget:${Budget | CardTry}`;
/** `sent`: the carrier, or a push service, took it. */
export const countedStates = ['sent', 'unknown', 'delivered', 'undelivered', 'failed', 'skipped'] as const;
export type NetworkState = 'delivered' | 'undelivered' | 'failed';
/** What a push service said of a device, or that a member got a text instead. */
export type PushEvent = 'taken' | 'refused' | 'gone' | 'unsure' | 'late' | 'text';

/** What became of a picture that came in by MMS: `gone` at the carrier, `refused` because it is no picture or too large, `lost` after a day of tries. */
export type CopyEnd = 'copied' | 'gone' | 'refused' | 'lost';

/**
 * What became of a call to one of our numbers: it was forwarded, and perhaps nobody picked up then; it would have been, but the group,
 * the phone or the system had too many; or it was told what the number is for, as those are as well.
 */
export const callEnds = ['forwarded', 'missed', 'group_limit', 'phone_limit', 'system_limit', 'told'] as const;
export type CallEnd = (typeof callEnds)[number];

/** Nobody waits for it. While Redis is unavailable the counts gather here; those of a process that is killed then are lost. */
export function countEvents(runtime: Runtime, counts: Partial<Record<Counted, number>>): void {
  runtime.use(openCounts).add(counts);
}

/** The sums so far. Throws while Redis is unavailable. */
export async function readEvents(runtime: Runtime): Promise<ReadonlyMap<string, number>> {
  const sums = await runtime.redis.hgetall(keys.events);
  return new Map(Object.entries(sums).map(([what, count]) => [what, Number(count)]));
}

/** For `runtime.use`. Many counts are written at once. */
function openCounts({ redis }: Runtime): {
  add(counts: Partial<Record<string, number>>): void;
  close(): Promise<void>;
} {
  let waiting = new Map<string, number>();
  let timer: NodeJS.Timeout | null = null;

  function gather(counts: Iterable<readonly [string, number]>): void {
    for (const [what, count] of counts) if (count !== 0) waiting.set(what, (waiting.get(what) ?? 0) + count);
  }
  async function write(): Promise<void> {
    timer = null;
    const counts = waiting;
    waiting = new Map();
    if (counts.size === 0) return;
    const all = redis.multi();
    for (const [what, count] of counts) all.hincrby(keys.events, what, count);
    await all.exec().catch(() => {
      gather(counts);
      timer ??= setTimeout(write, AGAIN_MS).unref();
    });
  }
  return {
    add(counts) {
      gather(Object.entries(counts).map(([what, count]) => [what, count ?? 0] as const));
      timer ??= setTimeout(write, WRITE_EVERY_MS).unref();
    },
    async close() {
      if (timer !== null) clearTimeout(timer);
      await write();
      if (timer !== null) clearTimeout(timer);
    },
  };
}

const WRITE_EVERY_MS = 50;
const AGAIN_MS = 1_000;
