import type { Effect } from '../rules/effects.ts';
import type { Roster } from '../rules/types.ts';

/** Who does it, and on which picture of which group it was decided. */
export type Act = {
  by: { personId: number; membershipId: number | null; numberId: number };
  /** The group with the roster that the decision was made on; null where there is none. */
  roster: Roster | null;
  effects: readonly Effect[];
  /** The text that it comes from; its carrier id makes a repeat harmless. */
  inbound: { carrierId: string; phone: string; hash?: Buffer } | null;
  now: Date;
};

/** `repeated`: this text was here before, nothing was done. `stale`: the group has changed since, decide again. */
export type Performed = 'done' | 'repeated' | 'stale';
