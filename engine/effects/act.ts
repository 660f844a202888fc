import type { Cause } from '../rules/budgets.ts';
import type { Effect } from '../rules/effects.ts';
import type { Roster } from '../rules/types.ts';

/** Effects to perform: who caused them, and which state of the group they were decided on. */
export type Act = {
  by: { personId: number; membershipId: number | null; numberId: number };
  /** Whose budget the texts of ours are taken from that it causes. */
  cause: Cause;
  /** The group with the roster that the decision was made on; null without a group. */
  roster: Roster | null;
  effects: readonly Effect[];
  /** The inbound text that asks for it; its carrier id makes a repeat harmless. */
  inbound: Inbound | null;
  now: Date;
  /** The call that it comes from may come again: its name, and what tells it from another call of that name. */
  call?: CallKey;
  /** Filled with what the one who acted is answered, for a caller who gets it in their answer too. */
  reply?: { text: string | null };
  /** The webhook or call that it came by. */
  request?: Requested | undefined;
  /** Filled with the id, in its group, of the message that the act kept; null where it kept none. */
  kept?: { messageId: number | null };
};

/** `words` are what it says, as far as it is known; `isCall`: an app said it for the member. */
export type Inbound = { carrierId: string; phone: string; hash?: Buffer; words?: string; isCall?: boolean };

/** `id` is in the log lines of a request; `messages` is filled with the rows that were kept for it. */
export type Requested = { id: string; messages: number[] };

export type CallKey = { token: Buffer; body: string };

/** `repeated`: this text was received before, nothing was done. `stale`: the group has changed since; decide again. */
export type Performed = 'done' | 'repeated' | 'stale';
