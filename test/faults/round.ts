import { monitorEventLoopDelay } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Copies, namesOf } from './copies.ts';
import type { Fault, Unavailable } from './fault.ts';
import { type UsedFeatures, useFeatures } from './features/use.ts';
import type { Fixture } from './fixture.ts';
import { type Said, startLoad } from './load.ts';
import { type Answered, startProbes } from './probes.ts';
import type { Random } from './random.ts';
import { longWaits, recoveriesOf, type Strike, slowRecoveries } from './recovery.ts';
import type { Reports } from './reports.ts';
import { countOpen, judge, type Verdict } from './verdict.ts';

export type Result = Verdict & {
  fault: string;
  times: number;
  /** How long texts took at most that were accepted in each strike, in milliseconds. */
  recoveries: number[];
  /** The slowest answer of the API while something was broken, in milliseconds. */
  slowest: number;
  /** How long callers were without answer each time, in milliseconds, where that was watched. */
  gaps?: readonly number[];
};

/** How long the last texts may take: longer than two retries. */
const QUIET_WITHIN_MS = 150_000;
/** From the contract, and what a busy machine may add. */
const ANSWER_WITHIN_MS = 3_000 + 300;

/** Breaks it again and again while people text, waits until everything is quiet, and looks what became of the texts. */
export async function runFault(
  fixture: Fixture,
  fault: Fault,
  { times, random, rate, reports, copies, watchGaps, onProgress }: Round,
): Promise<Result> {
  const before = fixture.processes.died.length;
  const lag = monitorEventLoopDelay();
  lag.enable();
  const load = startLoad(fixture, { random, rate });
  const guests = fixture.guests.start(fixture, random);
  const features = useFeatures(fixture, random);
  const probes = startProbes(fixture);
  const watch = watchGaps?.(fixture);
  const strikes: Strike[] = [];
  const broken: string[] = [];
  const notes: string[] = [];
  await sleep(random.between(500, 1_500));
  for (let time = 1; time <= times; time++) {
    onProgress(`${fault.name} ${time} of ${times}`);
    await sleep(random.between(0, 800));
    const from = Date.now();
    let mended = 0;
    const mend = () => {
      mended = Date.now();
    };
    await fault
      .strike(fixture, random, mend, (line) => notes.push(line))
      .catch((error: Error) => broken.push(error.message));
    strikes.push({ from, mended, until: Date.now() });
    // What the next one does is not to be taken for slowness after this one.
    if (fault.recoversWithinMs !== undefined) await arrive(load.said, copies, Date.now() + fault.recoversWithinMs);
    await sleep(random.between(200, 1_000));
  }
  onProgress(`${fault.name}: waiting until everything has arrived`);
  await Promise.all([load.stop(), guests.stop(), probes.stop(), features.stop()]);
  const gaps = await watch?.stop();
  const quiet = await becomeQuiet(fixture, { said: load.said, features, gather: copies });
  if (!quiet) broken.push(`it did not become quiet within ${QUIET_WITHIN_MS / 1000} s`);
  const verdict = await judge(fixture, { said: load.said, copies: copies(), reports });
  const during = probes.answers.filter(({ at, ms }) =>
    strikes.some(({ from, until }) => at + ms > from && at < until + ANSWER_WITHIN_MS),
  );
  const recoveries = recoveriesOf(fixture, { said: load.said, copies: copies(), strikes });
  const died = fixture.processes.died.slice(before).map(({ name, how }) => `${name} ended by itself: ${how}`);
  return {
    ...verdict,
    notes: [features.say(), ...notes, ...longWaits(recoveries), ...verdict.notes, ...sayLag(lag.max / 1e6)],
    fault: fault.name,
    times,
    recoveries: recoveries.map(({ ms }) => ms),
    ...(gaps && { gaps }),
    slowest: Math.max(0, ...during.map(({ ms }) => ms)),
    broken: [
      ...broken,
      ...died,
      ...slowRecoveries(fault, recoveries),
      ...verdict.broken,
      ...(await features.judge(reports)),
      ...wrongAnswers(fault, probes.answers, strikes),
    ],
  };
}

export type Round = {
  times: number;
  random: Random;
  /** Texts a second. */
  rate: number;
  reports: Reports;
  /** All that the carrier brought so far. */
  copies: () => Copies;
  /** Looks whether callers are answered. */
  watchGaps?: ((fixture: Fixture) => { stop(): Promise<readonly number[]> }) | undefined;
  onProgress: (step: string) => void;
};

async function becomeQuiet(
  fixture: Fixture,
  { said, features, gather }: { said: readonly Said[]; features: UsedFeatures; gather: () => Copies },
): Promise<boolean> {
  let limit = Date.now() + QUIET_WITHIN_MS;
  let least = Number.POSITIVE_INFINITY;
  const areThere = openArrivals(said);
  while (Date.now() < limit) {
    const isThere = areThere(gather()) || fixture.forgotten.length > 0;
    const open = await countOpen(fixture);
    // A number of one text a second may have hundreds of answers to send; what stands still is wrong.
    if (fixture.paced && open < least) limit = Date.now() + QUIET_WITHIN_MS;
    least = Math.min(least, open);
    if (isThere && open === 0 && (await features.isQuiet())) {
      await Promise.race([fixture.simulator.settled(), sleep(limit - Date.now(), undefined, { ref: false })]);
      if ((await countOpen(fixture)) === 0) return true;
    }
    await sleep(100);
  }
  return false;
}

/** Waits until all has arrived that was accepted so far, or until then. */
async function arrive(said: readonly Said[], gather: () => Copies, until: number): Promise<void> {
  const areThere = openArrivals(said.filter(({ acceptedAt }) => acceptedAt !== null));
  while (Date.now() < until && !areThere(gather())) await sleep(100);
}

/**
 * Whether all of these that were accepted have arrived. What has is not looked at again: there may be tens of thousands, and the
 * connections of the processes go through this one, which must not stand still.
 */
function openArrivals(said: readonly Said[]): (copies: Copies) => boolean {
  let arrived = 0;
  return (copies) => {
    for (; arrived < said.length; arrived++) {
      const one = said[arrived];
      if (one === undefined || one.acceptedAt === null) continue;
      if (!namesOf(one, copies).every((name) => copies.get(name).length > 0)) return false;
    }
    return true;
  };
}

/** The carrier is in this process: one that stands still makes time-outs, and so tries that look like doubles. */
function sayLag(ms: number): string[] {
  return ms < LAG_MS
    ? []
    : [`the carrier stood still for ${(ms / 1000).toFixed(1)} s: this machine is too busy for these figures`];
}
const LAG_MS = 1_500;

/** What callers may be told while a server is unavailable, and how soon. */
function wrongAnswers(fault: Fault, answers: readonly Answered[], strikes: readonly Strike[]): string[] {
  const wrong: string[] = [];
  const { unavailable } = fault;
  if (unavailable === 'web') return [];
  const slow = answers.filter(({ ms }) => ms > ANSWER_WITHIN_MS);
  if (slow.length > 0) wrong.push(`${slow.length} answers took longer than 3 s, for instance ${sayAnswer(slow[0])}`);
  if (unavailable === undefined) return wrong;
  const within = answers.filter(({ at, ms }) =>
    strikes.some(({ from, mended }) => at > from + SETTLED_MS && at + ms < mended),
  );
  const bad = within.filter((answer) => !isRight(unavailable, answer));
  if (bad.length > 0)
    wrong.push(`${bad.length} of ${within.length} answers were wrong, for instance ${sayAnswer(bad[0])}`);
  return wrong;
}
/** What is frozen is noticed by the first who asks. */
const SETTLED_MS = 1_000;

function isRight(unavailable: Unavailable, { probe, status, retryAfter, body }: Answered): boolean {
  const refused = status === 503 && retryAfter && body.includes('UNAVAILABLE');
  if (unavailable === 'mysql') return refused;
  if (unavailable === 'maybe') return refused || status === 200 || probe === 'readyz';
  if (probe === 'find') return refused;
  return status === 200 && (probe !== 'readyz' || unavailable === 'full' || body.includes('"degraded":["redis"]'));
}

function sayAnswer(answer: Answered | undefined): string {
  if (answer === undefined) return 'none';
  const { probe, status, ms, body } = answer;
  return `${probe}: ${status} after ${Math.round(ms)} ms, ${body.slice(0, 120)}`;
}
