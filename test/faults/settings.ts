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
const PACES = { NUMBER_MPS: '1', ACCOUNT_MPS: '50' };
/** So many texts a second at `NUMBER_MPS` 1. */
const POOL = Array.from({ length: 51 }, (_, at) => `+1202555${String(101 + at).padStart(4, '0')}`).join(',');
/** What the checked calls of a fault may cause, from one address. */
const BUDGETS = { FIRST_TEXTS_PER_ADDRESS: '0', FIRST_TEXTS_PER_HOUR: '0', FIRST_TEXTS_PER_PREFIX: '0' };

/** Of the engine, for a fixture. */
export function settingsFor({ paced, gates = false }: { paced: boolean; gates?: boolean }): Record<string, string> {
  return { ...ALWAYS, NUMBER_POOL: POOL, ...(paced ? PACES : {}), ...(gates ? BUDGETS : {}) };
}
