import type { Reporting } from '../../dev/simulator/reports.ts';
import type { Figures } from './figures.ts';
import type { Fixture } from './fixture.ts';

/** One thing to measure: a file in `cases/` and a row in its index. */
export type Case = {
  name: string;
  /** What is measured, for the table's head. */
  title: string;
  /** Settings of the engine that differ from those of the fixture. */
  settings?: Record<string, string>;
  /** How many of a process type run, where it is not one. */
  copies?: Record<string, number>;
  /** Nodes of the Redis Cluster that it runs on; without it, one Redis alone. */
  redisNodes?: number;
  /** Which reports the simulated carrier sends, where the command line does not say. */
  reporting: Reporting;
  /** The most measured rounds: for what takes long, and varies little. 0 warms nothing up and runs once. */
  mostRounds?: number;
  /** Rounds that are not measured, 1: more where processes that have run for long are meant. */
  warmUps?: number;
  /** Prepares what all rounds share and answers who takes part: in every round each has its turn, in this order. */
  prepare(fixture: Fixture, effort: Effort): Promise<Entrant[]>;
  ratios: readonly Ratio[];
};

/** How much work a round is; `share` is 1, and less for a quick look. `oldDeliveries`: rows that `retention` seeds. */
export type Effort = { share: number; oldDeliveries: number; onProgress: (step: string) => void };
export type Contestant = { name: string; round(): Promise<Figures> };
/** Somebody who cannot take part on this machine, and why. */
export type Absent = { name: string; absent: string };
export type Entrant = Contestant | Absent;
/** The figure that most contestants are compared by. */
export const RATE = 'a second';
/** A figure of one contestant over one of another, taken within each round. */
export type Ratio = {
  name: string;
  over: [who: string, figure: string];
  under: [who: string, figure: string];
};
