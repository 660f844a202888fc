import { setTimeout as sleep } from 'node:timers/promises';
import type { Fixture, Forgotten } from '../fixture.ts';
import { openRandom, type Random } from '../random.ts';
import type { Reports } from '../reports.ts';
import { openApprovals } from './approvals.ts';
import { openBundles } from './bundles.ts';
import type { Feature, OpenFeature } from './feature.ts';
import type { FeatureGroups, FeatureName } from './group.ts';
import type { Heard } from './heard.ts';
import { openHours } from './hours.ts';
import { openPolls } from './polls.ts';
import { openReactions } from './reactions.ts';

/** What members use beside texting, in groups of their own, while the load texts. */
export type Features = {
  /** All of them, until it is stopped. */
  start(fixture: Fixture, random: Random): UsedFeatures;
  /** Meanwhile none of them does anything. */
  hold(work: () => Promise<void>): Promise<void>;
};
export type UsedFeatures = {
  /** Begins no more rounds, and waits for those that are under way. */
  stop(): Promise<void>;
  isQuiet(): Promise<boolean>;
  /** Sentences on what was not kept. To be called when everything is quiet. */
  judge(reports: Reports): Promise<string[]>;
};

const all: Readonly<Record<FeatureName, OpenFeature>> = {
  polls: openPolls,
  bundles: openBundles,
  approvals: openApprovals,
  hours: openHours,
  reactions: openReactions,
};

/** With paces, what a round of them says takes as long again and again on the number of its group. */
const PACED = 3;

export function openFeatures(groups: FeatureGroups): Features {
  let held = false;
  const underWay = new Set<Promise<void>>();

  async function one(name: FeatureName, { fixture, random, isOver, failures }: Use): Promise<Feature | null> {
    const began = Date.now();
    try {
      const feature = await all[name]({ fixture, group: groups[name], random });
      await sleep(random.between(0, 1_000));
      while (!isOver()) {
        if (!held) await tryRound(name, feature, failures);
        const [least, most] = feature.restMs;
        await rest(random.between(least, most) * (fixture.paced ? PACED : 1), isOver);
      }
      return feature;
    } catch (error) {
      failures.push(failureOf(name, began, error));
      return null;
    }
  }

  async function tryRound(name: FeatureName, feature: Feature, failures: Failure[]): Promise<void> {
    const began = Date.now();
    const round = feature
      .round()
      .catch((error: unknown) => void failures.push(failureOf(name, began, error)))
      .finally(() => underWay.delete(round));
    underWay.add(round);
    await round;
  }

  return {
    start(fixture, random) {
      const since = fixture.simulator.accepted.at(-1)?.seq ?? 0;
      let stopped = false;
      const failures: Failure[] = [];
      const uses = namesIn(groups).map((name) =>
        one(name, { fixture, random: openRandom(random.next() * 2 ** 32), isOver: () => stopped, failures }),
      );
      let opened: readonly Feature[] = [];
      return {
        async stop() {
          stopped = true;
          opened = (await Promise.all(uses)).filter((feature) => feature !== null);
        },
        async isQuiet() {
          for (const feature of opened) if (!(await feature.isQuiet())) return false;
          return true;
        },
        async judge(reports) {
          const heard = hear(fixture, { groups, since, reports });
          const wrong = failures.filter(({ from, until }) => !heard.isDoubtful(from, until)).map(({ line }) => line);
          for (const feature of opened) wrong.push(...(await feature.judge(heard)).slice(0, MOST_LINES));
          return wrong;
        },
      };
    },
    async hold(work) {
      held = true;
      await Promise.all(underWay);
      await work().finally(() => {
        held = false;
      });
    },
  };
}

type Use = { fixture: Fixture; random: Random; isOver: () => boolean; failures: Failure[] };
type Failure = { from: number; until: number; line: string };
/** Of each of them. */
const MOST_LINES = 5;
const STEP_MS = 200;

function failureOf(name: FeatureName, from: number, error: unknown): Failure {
  return { from, until: Date.now(), line: `${name}: ${error instanceof Error ? error.message : String(error)}` };
}

async function rest(ms: number, isOver: () => boolean): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end && !isOver(); ) await sleep(STEP_MS);
}

function namesIn(groups: FeatureGroups): FeatureName[] {
  return (Object.keys(groups) as FeatureName[]).filter((name) => groups[name].players.length > 0);
}

function hear(
  { simulator, forgotten }: Pick<Fixture, 'simulator' | 'forgotten'>,
  { groups, since, reports }: { groups: FeatureGroups; since: number; reports: Reports },
): Heard {
  const phones = new Set(Object.values(groups).flatMap(({ players }) => players.map(({ phone }) => phone)));
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
