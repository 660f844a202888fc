export type Account = ReturnType<typeof openAccount>;

/**
 * The account's money and its pace. Sources:
 *
 *     support.plivo.com/support/solutions/articles/17000088423   a text that the credit does not cover fails with 900,
 *         and for the next two minutes every send is refused with "Insufficient Credit"
 *     github.com/plivo/plivo-cli: docs/errors.md (2026)          300 requests in 5 s, then 429
 *     docs.plivo.com/docs/account/api/account/the-account-object the object below
 *
 * Assumptions: that refusal is a 402, because no page says which 4xx it is; a 429 has no Retry-After; requests are
 * counted in windows that do not slide.
 */
export function openAccount(options: { credit: number; requestsPer5s: number; timeScale: number }) {
  let { credit } = options;
  let refusedUntil = 0;
  let window = { endsAt: 0, requests: 0 };

  return {
    /** Nobody counts the money, so what a text costs need not be worked out. */
    isUnlimited: options.credit === Infinity,
    /** Why a request is refused now, if it is. */
    refusal(): { status: number; error: string } | undefined {
      if (options.requestsPer5s !== Infinity) {
        const now = Date.now();
        if (now >= window.endsAt) window = { endsAt: now + 5_000 * options.timeScale, requests: 0 };
        window.requests += 1;
        if (window.requests > options.requestsPer5s) return { status: 429, error: 'rate_limit_exceeded' };
      }
      if (refusedUntil > Date.now()) return { status: 402, error: 'Insufficient Credit' };
      return undefined;
    },
    /** False where the credit does not cover it. */
    charge(dollars: number): boolean {
      if (dollars <= credit) {
        credit -= dollars;
        return true;
      }
      refusedUntil = Date.now() + 120_000 * options.timeScale;
      return false;
    },
    recharge(dollars: number): void {
      credit = dollars;
      refusedUntil = 0;
    },
    object: (authId: string): object => ({
      account_type: 'standard',
      address: '1 Market Street',
      auth_id: authId,
      auto_recharge: false,
      billing_mode: 'prepaid',
      cash_credits: (credit === Infinity ? 1_000 : credit).toFixed(5),
      city: 'San Francisco',
      name: 'Simulated account',
      resource_uri: `/v1/Account/${authId}/`,
      state: 'CA',
      timezone: 'America/Los_Angeles',
    }),
  };
}
