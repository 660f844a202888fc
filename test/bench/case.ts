import type { Reporting } from '../../dev/simulator/reports.ts';
import type { Stage } from './stage.ts';

/** One thing to measure: a file in `cases/` and a row in its index. */
export type Case = {
  name: string;
  /** What is measured, for the table's head. */
  title: string;
  /** Settings of the engine that differ from those of the stage. */
  settings?: Record<string, string>;
  /** Which reports the simulated carrier sends, where the command line does not say. */
  reporting: Reporting;
  /** Prepares what all rounds share and answers who takes part: in every round each has its turn, in this order. */
  prepare(stage: Stage, effort: Effort): Promise<Contestant[]>;
  ratios: readonly Ratio[];
};

/** How much work a round is; `share` is 1, and less for a quick look. */
export type Effort = { share: number };
export type Contestant = { name: string; round(): Promise<Figures> };
/** Figures by what they say of themselves, unit included. */
export type Figures = Record<string, number>;
/** A figure of one contestant over one of another, taken within each round. Below its floor the bench fails. */
export type Ratio = {
  name: string;
  over: [who: string, figure: string];
  under: [who: string, figure: string];
  floor?: number;
};
