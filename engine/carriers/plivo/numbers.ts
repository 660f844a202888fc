import type { CarrierNumbers } from '../carrier.ts';

/**
 * Renting numbers, by the official SDK; it is loaded when it is needed, which is rarely.
 *
 *     GET  /v1/Account/MAXXXX/PhoneNumber/?type=local&services=sms,mms&limit=20&country_iso=US         &pattern=415: so begins it
 *     200  {"meta":{...},"objects":[{"number":"14155550100","sms_enabled":true,"mms_enabled":true,"restriction":null,...}]}
 *     POST /v1/Account/MAXXXX/PhoneNumber/14155550100/  {"app_id":"36..."}
 *     201  {"message":"created","numbers":[{"number":"14155550100","status":"Success"}],"status":"fulfilled"}
 *     GET  /v1/Account/MAXXXX/Number/14155550100/
 *     200  {"number":"14155550100","sms_enabled":true,"mms_enabled":true,"tendlc_campaign_id":"C...",
 *           "tendlc_registration_status":"COMPLETED",...}                        before that UNREGISTERED, PROCESSING
 *     POST /v1/Account/MAXXXX/10dlc/Campaign/C.../Number/  {"numbers":["14155550100"]}                          202
 *     DELETE /v1/Account/MAXXXX/Number/14155550100/                                                               204
 *
 * An order may be pending, and a number texts nothing before it is linked to a campaign.
 * Source: https://www.plivo.com/docs/messaging/api/10dlc/number-linking
 */
export function openPlivoNumbers(settings: NumberSettings): CarrierNumbers {
  const { authId, authToken, apiUrl, applicationId, campaignId = '', timeoutMs } = settings;

  async function connect() {
    const { Client } = await import('plivo');
    const url = `${apiUrl.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}`;
    return new Client(authId, authToken, { url, timeout: timeoutMs });
  }

  async function search({ country, area }: { country: string; area: string | null }): Promise<string[]> {
    const { numbers } = await connect();
    const wanted = { type: 'local', services: 'sms,mms', limit: 20, ...(area === null ? {} : { pattern: area }) };
    // The SDK's types have other names than its answers.
    const offers = (await done(numbers.search(country, wanted))) as unknown as readonly Offered[];
    const able = offers.filter((one) => one.smsEnabled && one.mmsEnabled && !one.restriction);
    return able.map(({ number }) => `+${number.replace(/^\+/, '')}`);
  }

  return {
    search,
    async buy({ country, phone = '' }) {
      const chosen = phone === '' ? (await search({ country, area: null }))[0] : phone;
      if (chosen === undefined) throw new Error(`Plivo offers no number in ${country} that can do SMS and MMS`);
      const { numbers } = await connect();
      const order = await done(numbers.buy(chosen.replace('+', ''), applicationId || undefined));
      const isReady = order.status === 'fulfilled' && campaignId === '';
      return { phone: chosen, isReady };
    },
    async makeReady(phone) {
      const { numbers, campaign } = await connect();
      const number = phone.replace('+', '');
      // Which its types leave out.
      const { get } = numbers as unknown as { get(this: object, number: string): Promise<Rented> };
      const rented = await done(get.call(numbers, number));
      if (!rented.smsEnabled || !rented.mmsEnabled) return false;
      if (campaignId === '') return true;
      if (rented.tendlcCampaignId === campaignId && rented.tendlcRegistrationStatus === 'COMPLETED') return true;
      if (rented.tendlcRegistrationStatus !== 'PROCESSING') await done(campaign.linkNumber(campaignId, [number]));
      return false;
    },
    // By a plain request, because the SDK loses the status of an answer.
    async release(phone) {
      const root = `${apiUrl.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}/`;
      const answer = await fetch(`${root}Number/${encodeURIComponent(phone.replace('+', ''))}/`, {
        method: 'DELETE',
        headers: { authorization: `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}` },
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!answer.ok && answer.status !== 404) throw new Error(`Plivo answered ${answer.status}`);
    },
  };
}

type Offered = { number: string; smsEnabled?: boolean; mmsEnabled?: boolean; restriction?: string | null };
type Rented = Pick<Offered, 'smsEnabled' | 'mmsEnabled'> & {
  tendlcCampaignId?: string | null;
  tendlcRegistrationStatus?: string | null;
};

export type NumberSettings = {
  authId: string;
  authToken: string;
  apiUrl: string;
  timeoutMs: number;
  /** The Plivo application whose message address is ours; without it the account's default is taken. */
  applicationId?: string;
  /** The 10DLC campaign that bought numbers are linked to; without it they are used as they come. */
  campaignId?: string;
};

/** The SDK throws strings as well as errors. */
async function done<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw error instanceof Error ? error : new Error(String(error).split('\n')[0]);
  }
}
