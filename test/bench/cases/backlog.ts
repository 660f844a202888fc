import { setTimeout as sleep } from 'node:timers/promises';
import { rows } from '../../../db/connect.ts';
import { UNWRITTEN } from '../../../db/deliveries/pending-messages.ts';
import type { Case, Effort } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { bytesOnDisk, memoryOf, most } from '../memory.ts';
import { saysInTurn } from './whole-path.ts';

const DELIVERIES = 1_000_000;
const GROUPS = 10;
const MEMBERS = 10_000;
/** Few: the first text to each group has its members read. */
export const BROADCASTS_AT_ONCE = 4;
const LOOK_MS = 200;

export const DRAIN = 'drained without a limit';
export const LAST_TO_FIRST = 'last tenth ÷ first tenth';

/** A million deliveries at once: whether they are taken, and whether the last go out as fast as the first. */
export const backlog: Case = {
  name: 'backlog',
  reporting: 'none',
  title: `A backlog of ${DELIVERIES.toLocaleString('en-US')} deliveries in ${GROUPS} groups of ${MEMBERS.toLocaleString('en-US')}`,
  mostRounds: 0,
  async prepare(fixture, effort) {
    effort.onProgress('Preparing the groups');
    const groups = await makeGroups(fixture.db, { groups: GROUPS, members: MEMBERS });
    return [{ name: DRAIN, round: () => drain(fixture, { groups, effort }) }];
  },
  ratios: [],
};

/** Texts that make `deliveries` deliveries between them. */
export function textsFor(groups: readonly Group[], share: number) {
  return saysInTurn(groups)(Math.max(1, Math.round((DELIVERIES * share) / (MEMBERS - 1))));
}

async function drain(
  fixture: Fixture,
  { groups, effort }: { groups: readonly Group[]; effort: Effort },
): Promise<Figures> {
  const inbound = textsFor(groups, effort.share);
  const expected = inbound.length * (MEMBERS - 1);
  const disk = bytesOnDisk(fixture);
  const mark = await fixture.outcomes.begin();
  const start = performance.now();
  const posted = await fixture.poster.send('text', { inbound }, { atOnce: BROADCASTS_AT_ONCE });

  const tenths: number[] = [];
  let memory: Figures = {};
  let writtenMs: number | undefined;
  while (tenths.length < 10) {
    memory = most(memory, await memoryOf(fixture));
    if (writtenMs === undefined && (await isWritten(fixture))) writtenMs = performance.now() - start;
    const { taken } = await fixture.outcomes.begin();
    while (tenths.length < 10 && taken - mark.taken >= (expected * (tenths.length + 1)) / 10) {
      tenths.push(performance.now() - start);
      effort.onProgress(`${tenths.length * 10} % of ${expected.toLocaleString('en-US')} deliveries are out`);
    }
    await sleep(LOOK_MS);
  }
  await fixture.outcomes.allOf(mark, expected);
  const [first = 0, ninth = 0, last = 0] = [tenths[0], tenths[8], tenths[9]];
  const used = bytesOnDisk(fixture);
  return {
    'deliveries accepted a second': (expected * 1000) / posted.ms,
    'rows written a second': (expected * 1000) / (writtenMs ?? last),
    'drained a second': (expected * 1000) / last,
    'drained a second, first tenth': (expected * 100) / first,
    'drained a second, last tenth': (expected * 100) / (last - ninth),
    [LAST_TO_FIRST]: first / (last - ninth),
    ...(disk === null || used === null ? {} : { 'bytes on disk a delivery': (used - disk) / expected }),
    ...Object.fromEntries(Object.entries(memory).map(([name, value]) => [`${name}, most`, value])),
  };
}

/** Every message that was accepted has the rows of its deliveries. */
export async function isWritten(fixture: Fixture): Promise<boolean> {
  const sql = `SELECT COUNT(*) AS unwritten FROM messages WHERE pending = ${UNWRITTEN}`;
  const [found] = await rows<{ unwritten: number }>(fixture.db, sql);
  return found?.unwritten === 0;
}
