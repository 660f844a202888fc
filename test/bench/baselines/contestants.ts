import { type Contestant, type Entrant, RATE } from '../case.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { cpuPerItem, perItem } from '../usage.ts';
import { openKannel, type Store } from './kannel.ts';
import { openNaive } from './naive.ts';

/** POSTs and sends of the baselines that are under way at once: as many as our own senders have. */
export const POSTS_AT_ONCE = 100;
/** More that connect at the same instant overrun Kannel: some would be let in 15 s later. */
const REQUESTS_AT_ONCE = 10;

export const kannelOf = (store: Store, each: number) => `Kannel, ${store}, ${each} a request`;

/** What every way of sending has to do at least. They ask for reports where the carrier sends none: nobody reads them. */
export function barePosts(fixture: Fixture, count: number, { asks = true } = {}): Contestant {
  return {
    name: 'bare POSTs',
    async round() {
      const before = await fixture.meter.read();
      const { ms } = await fixture.poster.send('post', { count, asks }, { atOnce: POSTS_AT_ONCE });
      const after = await fixture.meter.read();
      return { [RATE]: (count * 1000) / ms, ...cpuPerItem(before, after, count, ['carrier', 'poster']) };
    },
  };
}

/** A recipient a row, a job, a send with the carrier's SDK and an update. */
export async function naive(fixture: Fixture, count: number): Promise<Contestant> {
  const { send, processes } = await openNaive(fixture);
  return {
    name: 'naive path',
    async round() {
      const before = await fixture.meter.read();
      const { ms } = await send(count);
      const after = await fixture.meter.read();
      const { 'Redis commands': commands = 0, 'SQL statements per 100': statements = 0 } = perItem(
        before,
        after,
        count,
      );
      return {
        [RATE]: (count * 1000) / ms,
        ...cpuPerItem(before, after, count, [...processes, 'carrier', 'redis', 'mariadb']),
        'Redis commands': commands,
        'SQL statements per 100': statements,
      };
    },
  };
}

/** In memory and spooled, fed with 1 and with 25 recipients a request; each text is a request to the carrier. */
export async function kannels(fixture: Fixture, count: number): Promise<Entrant[]> {
  const entrants: Entrant[] = [];
  for (const store of ['memory', 'spool'] as const) {
    const kannel = await openKannel(fixture, store);
    for (const each of [1, 25]) {
      const name = kannelOf(store, each);
      if (kannel === undefined) entrants.push({ name, absent: NO_KANNEL });
      else entrants.push({ name, round: () => forward(fixture, { ...kannel, count, each }) });
    }
  }
  return entrants;
}
const NO_KANNEL = 'Kannel is not installed (Debian: apt-get install kannel)';

/** Until the carrier has them all. */
async function forward(
  fixture: Fixture,
  { url, processes, count, each }: { url: string; processes: string[]; count: number; each: number },
): Promise<Figures> {
  const { taken } = await fixture.outcomes.begin();
  const before = await fixture.meter.read();
  const start = performance.now();
  const posted = fixture.poster.send('gateway', { url, count, each }, { atOnce: REQUESTS_AT_ONCE });
  await Promise.all([posted, fixture.outcomes.taken(taken + count)]);
  const ms = performance.now() - start;
  const after = await fixture.meter.read();
  return { [RATE]: (count * 1000) / ms, ...cpuPerItem(before, after, count, [...processes, 'carrier', 'poster']) };
}
