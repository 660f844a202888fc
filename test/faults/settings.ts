import { FEATURE_NUMBERS } from './features/group.ts';

export const UNKNOWN_WAIT_SECONDS = 12;
const ALWAYS = {
  UNKNOWN_WAIT_SECONDS: String(UNKNOWN_WAIT_SECONDS),
  CARRIER_TIMEOUT_MS: '4000',
  INBOUND_PER_MINUTE: '100000',
  LOOP_ANSWERS: '0',
  FIRST_TEXTS_PER_PHONE: '0',
  FIRST_TEXTS_PER_ADDRESS: '0',
  FIRST_TEXTS_PER_MEMBER: '0',
  FIRST_TEXTS_PER_PREFIX: '0',
  FIRST_TEXTS_PER_HOUR: '0',
  CARD_TRIES_PER_ACCOUNT: '0',
  CARD_TRIES_PER_ADDRESS: '0',
  CARD_TRIES_PER_HOUR: '0',
  THROTTLE_PER_MINUTE: '1000000',
  NUMBER_MPS: '0',
  ACCOUNT_MPS: '0',
  // Receivers of webhooks are on this machine.
  HOOKS_TO_PRIVATE: '1',
};
export const PACE = '1';
/** The load has at least so many; so it is for the smaller rehearsals, and the account's limit with it. */
const LEAST_NUMBERS = 51;
/** What the checked calls of a fault may cause, from one address. */
const BUDGETS = { FIRST_TEXTS_PER_ADDRESS: '0', FIRST_TEXTS_PER_HOUR: '0', FIRST_TEXTS_PER_PREFIX: '0' };

/** Of the engine, for a fixture: so many texts a second for the account as there are groups, whose numbers have one each. */
export function settingsFor({
  paced,
  groups,
  gates = false,
}: {
  paced: boolean;
  groups: number;
  gates?: boolean;
}): Record<string, string> {
  const forLoad = firstFeatureNumber({ groups });
  // What waits in a backlog has the last.
  const numbers = forLoad + FEATURE_NUMBERS + 1;
  const pool = Array.from({ length: numbers }, (_, at) => `+1202555${String(101 + at).padStart(4, '0')}`);
  return {
    ...ALWAYS,
    NUMBER_POOL: pool.join(','),
    ...(paced ? { NUMBER_MPS: PACE, ACCOUNT_MPS: String(forLoad - 1) } : {}),
    ...(gates ? BUDGETS : {}),
  };
}

/** Features have numbers of their own, after those of the load. */
export function firstFeatureNumber({ groups }: { groups: number }): number {
  return Math.max(LEAST_NUMBERS, groups + 1);
}
