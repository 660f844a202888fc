import { setTimeout as sleep } from 'node:timers/promises';
import type { Fixture, Forgotten } from '../fixture.ts';
import { openRandom, type Random } from '../random.ts';
import type { Reports } from '../reports.ts';
import { openApprovals } from './approvals.ts';
import { openBundles } from './bundles.ts';
import type { Feature, OpenFeature } from './feature.ts';
import type { FeatureName } from './group.ts';
import type { Heard } from './heard.ts';
import { openHours } from './hours.ts';
import { openPolls } from './polls.ts';
import { openReactions } from './reactions.ts';

/** Features that are used while a fault strikes, until they are stopped. */
export type UsedFeatures = {
  /** Begins no more rounds, and waits for those that are under way. */
  stop(): Promise<void>;
  isQuiet(): Promise<boolean>;
  /** How many rounds of each there were. */
  say(): string;
  /** Sentences on what was not kept. To be called when everything is quiet. */
  judge(reports: Reports): Promise<string[]>;
};

const all = [
  ['polls', openPolls],
  ['bundles', openBundles],
  ['approvals', openApprovals],
  ['hours', openHours],
  ['reactions', openReactions],
] as const satisfies readonly (readonly [FeatureName, OpenFeature])[];

/** With paces, what a round says takes longer on the number of its group. */
const PACED = 3;

export function useFeatures(fixture: Fixture, random: Random): UsedFeatures {
  const since = fixture.simulator.accepted.at(-1)?.seq ?? 0;
  const opened: Feature[] = [];
  const rounds = new Map<FeatureName, number>();
  const failures: Failure[] = [];
  let stopped = false;

  async function use(name: FeatureName, open: OpenFeature): Promise<void> {
    const choices = openRandom(random.next() * 2 ** 32);
    const feature = await open({ fixture, group: fixture.features.groups[name], random: choices });
    opened.push(feature);
    await sleep(choices.between(0, 1_000));
    while (!stopped) {
      await fixture.features.whileFree(async () => {
        await noting(name, feature.round());
        rounds.set(name, (rounds.get(name) ?? 0) + 1);
      });
      const [least, most] = feature.restMs;
      await rest(choices.between(least, most) * (fixture.paced ? PACED : 1), () => stopped);
    }
  }

  async function noting(name: FeatureName, work: Promise<void>): Promise<void> {
    const from = Date.now();
    await work.catch(({ message }: Error) => {
      failures.push({ from, until: Date.now(), line: `${name}: ${message}` });
    });
  }

  const uses = all.map(([name, open]) => noting(name, use(name, open)));
  return {
    async stop() {
      stopped = true;
      await Promise.all(uses);
    },
    async isQuiet() {
      for (const feature of opened) if (!(await feature.isQuiet())) return false;
      return true;
    },
    say: () => `rounds meanwhile: ${all.map(([name]) => `${rounds.get(name) ?? 0} of ${name}`).join(', ')}`,
    async judge(reports) {
      const heard = hear(fixture, { since, reports });
      const wrong = failures.filter(({ from, until }) => !heard.isDoubtful(from, until)).map(({ line }) => line);
      for (const feature of opened) wrong.push(...(await feature.judge(heard)).slice(0, MOST_LINES));
      return wrong;
    },
  };
}

type Failure = { from: number; until: number; line: string };
/** Of each of them. */
const MOST_LINES = 5;
const STEP_MS = 200;

async function rest(ms: number, isOver: () => boolean): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end && !isOver(); ) await sleep(STEP_MS);
}

function hear(
  { simulator, forgotten, features }: Fixture,
  { since, reports }: { since: number; reports: Reports },
): Heard {
  const phones = new Set(Object.values(features.groups).flatMap(({ players }) => players.map(({ phone }) => phone)));
  return {
    texts: simulator.accepted.filter(({ seq, to }) => seq > since && phones.has(to)),
    reports,
    isDoubtful: (from, until) => forgotten.some((time) => touches(time, { from, until })),
    mayComeAgain: (from, until) => forgotten.some((time) => !time.settled && touches(time, { from, until })),
  };
}

/** What was sent right before may be forgotten to be sent; what was said may come again with the carrier's last try. */
export function touches({ from, until }: Forgotten, at: { from: number; until: number }): boolean {
  return at.from < until + CARRIED_MS && at.until > from - OUTCOME_WITHIN_MS;
}
const CARRIED_MS = 25_000;
const OUTCOME_WITHIN_MS = 3_000;
