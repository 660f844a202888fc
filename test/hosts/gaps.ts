import { setTimeout as sleep } from 'node:timers/promises';
import type { Fixture } from '../faults/fixture.ts';

/** How long callers were without answer each time, in milliseconds. */
export type Gaps = { stop(): Promise<readonly number[]> };

/** One look: when it was sent, and whether it was answered as it should be. */
export type Look = { at: number; ok: boolean };

const LOOK_EVERY_MS = 100;
/** A caller who has waited so long takes it for unavailable. */
const ANSWERED_WITHIN_MS = 2_000;

/** Calls through the proxy every 100 ms, whether the calls before were answered or not. Each writes, and texts nobody. */
export function watchGaps({ api, groups }: Fixture): Gaps {
  const looks: Look[] = [];
  const underWay = new Set<Promise<void>>();
  let asked = 0;
  let stopped = false;

  async function look(at: number): Promise<void> {
    // Calls that change one group wait for each other.
    const { sid = '', number = '' } = groups[asked++ % groups.length] ?? {};
    const body = new URLSearchParams({ sid, group: number });
    const signal = AbortSignal.timeout(ANSWERED_WITHIN_MS);
    const answer = await fetch(`${api}/member/hi`, { method: 'POST', body, signal }).catch(() => null);
    const said = (await answer?.json().catch(() => null)) as { status?: string } | null;
    looks.push({ at, ok: answer?.status === 200 && said?.status === 'OK' });
  }

  async function goOn(): Promise<void> {
    while (!stopped) {
      const one = look(Date.now()).finally(() => underWay.delete(one));
      underWay.add(one);
      await sleep(LOOK_EVERY_MS);
    }
  }
  const going = goOn();
  return {
    async stop() {
      stopped = true;
      await going;
      await Promise.all(underWay);
      return gapsIn(looks);
    },
  };
}

/** Each from the first call in a row that was not answered until the next one that was, by when they were made. */
export function gapsIn(looks: readonly Look[]): number[] {
  const gaps: number[] = [];
  let since: number | undefined;
  for (const { at, ok } of looks.toSorted((a, b) => a.at - b.at)) {
    if (!ok) since ??= at;
    else if (since !== undefined) {
      gaps.push(at - since);
      since = undefined;
    }
  }
  const last = looks.reduce((latest, { at }) => Math.max(latest, at), 0);
  return since === undefined ? gaps : [...gaps, last + LOOK_EVERY_MS - since];
}
