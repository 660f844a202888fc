import type { Counts } from './tally.ts';

export type Result = Counts & {
  groups: number;
  members: number;
  texts: number;
  refused: number;
  timeToLastMs: { median: number; p99: number; worst: number };
  deliveriesPerSecond: number;
  seconds: number;
  /** What else the service said to these people while they texted: it explains what is missing. */
  remarks: string[];
};
