import { setTimeout as sleep } from 'node:timers/promises';
import { bareEnv } from '../../../dev/system/system.ts';
import { type Audience, openAudience, tooFewFiles } from '../audience.ts';
import type { Case, Contestant, Entrant } from '../case.ts';
import { type Group, makeGroups } from '../crowd.ts';
import type { Figures } from '../figures.ts';
import type { Fixture } from '../fixture.ts';
import { memoryOf } from '../memory.ts';
import type { Inbound } from '../poster.ts';
import { logInAll } from '../seed-data.ts';
import { shareOf } from '../spread.ts';
import { cpuPerItem, type Usage } from '../usage.ts';

const GROUPS = 100;
const MEMBERS = 50;
/** A text every so often: each group has one in ten seconds, and each of its members hears of it. */
const EVERY_MS = 100;
const TEXTS = 300;
const WEB = 'MB, web';
const KB = 1024;

const WITHOUT = 'none listens';
export const LISTENING = 'all listen';
const ANSWERED = 'ms to the answer of a webhook, p99';
export const HEARD = 'ms from a text’s acceptance to its event at a listener, p99';
export const EACH = 'KB of web a listener';
export const LISTENERS_RATIO = 'webhook p99, all listen ÷ none listens';

/** What it costs that apps listen: memory, and how long the carrier waits meanwhile; and how soon they hear. */
export const listeners: Case = {
  name: 'listeners',
  reporting: 'none',
  title: `${(GROUPS * MEMBERS).toLocaleString('en-US')} listeners of /v1/events on one web process, ${GROUPS} groups of ${MEMBERS}, a text every ${EVERY_MS} ms`,
  mostRounds: 3,
  async prepare(fixture, { share, onProgress }) {
    onProgress('Preparing the groups');
    const groups = await makeGroups(fixture.db, { groups: Math.max(1, Math.round(GROUPS * share)), members: MEMBERS });
    const sids = await logInAll(
      fixture.db,
      groups.flatMap(({ phones }) => phones),
    );
    const texts = Math.max(50, Math.round(TEXTS * share));
    const reason = tooFewFiles(sids.length);
    const bare = { megabytes: 0 };
    const without: Contestant = {
      name: WITHOUT,
      async round() {
        const before = await fixture.meter.read();
        const { answersMs } = await talk(fixture, { groups, texts });
        const spent = spentOn(texts, before, await fixture.meter.read());
        // Before anybody has listened: what a process once had for listeners it keeps.
        if (bare.megabytes === 0) bare.megabytes = await megabytesOfWeb(fixture);
        return { ...answered(answersMs), ...spent };
      },
    };
    const all: Entrant =
      reason === null
        ? { name: LISTENING, round: () => listening(fixture, { groups, texts, sids, bare: bare.megabytes }) }
        : { name: LISTENING, absent: reason };
    return [without, all];
  },
  ratios: [{ name: LISTENERS_RATIO, over: [LISTENING, ANSWERED], under: [WITHOUT, ANSWERED] }],
};

async function listening(
  fixture: Fixture,
  { groups, texts, sids, bare }: { groups: readonly Group[]; texts: number; sids: readonly string[]; bare: number },
): Promise<Figures> {
  const start = performance.now();
  const audience = await openAudience({ api: fixture.api, sids }, bareEnv());
  const openMs = performance.now() - start;
  try {
    const before = await fixture.meter.read();
    const idle = await megabytesOfWeb(fixture);
    const { answersMs, accepted } = await talk(fixture, { groups, texts });
    const heardMs = await delays(audience, accepted);
    const sorted = heardMs.toSorted((a, b) => a - b);
    const spent = spentOn(texts, before, await fixture.meter.read());
    const busy = await megabytesOfWeb(fixture);
    return {
      ...answered(answersMs),
      'ms from a text’s acceptance to its event at a listener, median': shareOf(sorted, 0.5),
      [HEARD]: shareOf(sorted, 0.99),
      [EACH]: ((Math.max(idle, busy) - bare) * KB) / sids.length,
      's until all listen': openMs / 1000,
      ...spent,
      events: sorted.length,
    };
  } finally {
    await audience.close();
    // That thousands go at once is no part of the next round.
    await sleep(SETTLE_MS);
  }
}

const SETTLE_MS = 5_000;

/** Of the processes that tell listeners, a text: these hold where a machine is busy with something else as well. */
function spentOn(texts: number, before: Usage, after: Usage): Figures {
  const { Questions: from = 0 } = before.sql;
  const statements = ((after.sql.Questions ?? 0) - from) / texts;
  return { ...cpuPerItem(before, after, texts, ['web', 'mariadb']), 'SQL statements a text': statements };
}

/** Each text to come has words of its own to be known by. */
let said = 0;

async function talk(
  fixture: Fixture,
  { groups, texts }: { groups: readonly Group[]; texts: number },
): Promise<{ answersMs: number[]; accepted: Map<string, { at: number; listeners: number }> }> {
  await fixture.outcomes.quiet();
  const accepted = new Map<string, { at: number; listeners: number }>();
  const inbound = Array.from({ length: texts }, (): Inbound => {
    const at = said++;
    const group = groups[at % groups.length];
    const from = group?.phones[Math.floor(at / groups.length) % MEMBERS];
    const words = `#${at}`;
    accepted.set(words, { at: 0, listeners: MEMBERS });
    return { from: from ?? '', to: group?.number ?? '', text: `Who brings the ball tonight? ${words}` };
  });
  const { beganAt, answersMs } = await fixture.poster.send('text', { inbound }, { everyMs: EVERY_MS });
  for (const [place, one] of [...accepted.values()].entries()) one.at = (beganAt[place] ?? 0) + (answersMs[place] ?? 0);
  await fixture.outcomes.quiet();
  return { answersMs, accepted };
}

/** How long each event took, of every text at every listener; throws where one does not come, or comes twice. */
async function delays(
  audience: Audience,
  accepted: ReadonlyMap<string, { at: number; listeners: number }>,
): Promise<number[]> {
  const expected = [...accepted.values()].reduce((sum, one) => sum + one.listeners, 0);
  const found: number[] = [];
  for (const limit = Date.now() + TIMEOUT_MS; found.length < expected; await sleep(LOOK_MS)) {
    for (const { words, at } of await audience.heard()) found.push(at - (accepted.get(words)?.at ?? 0));
    if (Date.now() > limit) break;
  }
  if (found.length !== expected) throw new Error(`${expected} events were expected, and ${found.length} were heard`);
  return found;
}

const TIMEOUT_MS = 30_000;
const LOOK_MS = 200;

function answered(answersMs: readonly number[]): Figures {
  const sorted = answersMs.toSorted((a, b) => a - b);
  return { 'ms to the answer of a webhook, median': shareOf(sorted, 0.5), [ANSWERED]: shareOf(sorted, 0.99) };
}

async function megabytesOfWeb(fixture: Fixture): Promise<number> {
  return (await memoryOf(fixture))[WEB] ?? 0;
}
