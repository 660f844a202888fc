import type { CarrierNumbers } from '../carrier.ts';

/**
 * Renting numbers, by the official SDK; it is loaded when it is needed, which is rarely.
 *
 *     GET  /v1/Account/MAXXXX/PhoneNumber/?type=local&services=sms&limit=1&country_iso=US
 *     200  {"meta":{...},"objects":[{"number":"14155550100","type":"local","sms_enabled":true,...}]}
 *     POST /v1/Account/MAXXXX/PhoneNumber/14155550100/  {"app_id":"36..."}
 *     201  {"message":"created","numbers":[{"number":"14155550100","status":"Success"}],"status":"fulfilled"}
 */
export function openPlivoNumbers(settings: NumberSettings): CarrierNumbers {
  const { authId, authToken, apiUrl, applicationId, timeoutMs } = settings;
  return {
    async buy({ country }) {
      const { Client } = await import('plivo');
      const url = `${apiUrl.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}`;
      const { numbers } = new Client(authId, authToken, { url, timeout: timeoutMs });
      const [offer] = await done(numbers.search(country, { type: 'local', services: 'sms', limit: 1 }));
      if (offer === undefined) throw new Error(`Plivo offers no number in ${country}`);
      const order = await done(numbers.buy(offer.number, applicationId || undefined));
      if (order.status !== 'fulfilled') throw new Error(`Plivo's order of a number is ${order.status}`);
      return `+${offer.number.replace(/^\+/, '')}`;
    },
  };
}

export type NumberSettings = {
  authId: string;
  authToken: string;
  apiUrl: string;
  timeoutMs: number;
  /** The Plivo application whose message address is ours; without it the account's default is taken. */
  applicationId?: string;
};

/** The SDK throws strings as well as errors. */
async function done<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error).split('\n')[0]);
  }
}
