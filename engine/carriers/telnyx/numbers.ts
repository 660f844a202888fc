import { setTimeout as sleep } from 'node:timers/promises';
import type { CarrierNumbers } from '../carrier.ts';
import { errorCodeIn } from './codes.ts';

/**
 * Renting numbers.
 *
 *     GET  /v2/available_phone_numbers?filter[country_code]=US&filter[phone_number_type]=local&filter[features][]=sms…
 *     200  {"data":[{"phone_number":"+19705555098",...}]}
 *     POST /v2/number_orders  {"phone_numbers":[{"phone_number":"+19705555098"}],"messaging_profile_id":"abc85f64-…"}
 *     200  {"data":{"id":"12ade33a-…","status":"pending",...}}    an order is done when GET says "success"
 *     GET  /v2/phone_numbers?filter[phone_number]=+19705555098
 *     200  {"data":[{"id":"129338…","phone_number":"+19705555098","status":"active",...}]}    before that "purchase-pending"
 *     DELETE /v2/phone_numbers/1293384261075731499     200  {"data":{"status":"deleted",...}}
 *
 * Source: https://developers.telnyx.com/api-reference/phone-number-orders/create-a-number-order
 * and https://developers.telnyx.com/api-reference/phone-number-configurations/list-phone-numbers
 */
export function openTelnyxNumbers({ apiKey, apiUrl, profileId, timeoutMs }: NumberSettings): CarrierNumbers {
  async function ask(method: 'GET' | 'POST' | 'DELETE', path: string, body?: object): Promise<unknown> {
    const response = await fetch(`${apiUrl.replace(/\/+$/, '')}/v2/${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const { data, errors } = (await response.json()) as { data?: unknown; errors?: unknown };
    if (!response.ok) throw new Error(`Telnyx refused with ${response.status}, code ${errorCodeIn(errors)}`);
    return data;
  }

  async function find(phone: string): Promise<Listed | undefined> {
    const wanted = new URLSearchParams([['filter[phone_number]', phone]]);
    const found = (await ask('GET', `phone_numbers?${wanted}`)) as Listed[];
    return found.find((one) => one.phone_number === phone);
  }

  async function search({ country, area, limit }: Search): Promise<string[]> {
    const wanted = new URLSearchParams([
      ['filter[country_code]', country],
      ['filter[phone_number_type]', 'local'],
      ['filter[features][]', 'sms'],
      ['filter[features][]', 'mms'],
      ['filter[limit]', String(limit)],
    ]);
    if (area !== null) wanted.set('filter[national_destination_code]', area);
    const offers = (await ask('GET', `available_phone_numbers?${wanted}`)) as { phone_number: string }[];
    return offers.map((offer) => offer.phone_number);
  }

  return {
    search: (wanted) => search({ ...wanted, limit: 20 }),
    async buy({ country, phone }) {
      const chosen = phone ?? (await search({ country, area: null, limit: 1 }))[0];
      if (chosen === undefined) throw new Error(`Telnyx offers no number in ${country}`);
      let order = (await ask('POST', 'number_orders', {
        phone_numbers: [{ phone_number: chosen }],
        ...(profileId === '' ? {} : { messaging_profile_id: profileId }),
      })) as Order;
      for (let asked = 0; order.status === 'pending' && asked < ASKED_AT_MOST; asked++) {
        await sleep(ASK_EVERY_MS);
        order = (await ask('GET', `number_orders/${encodeURIComponent(order.id)}`)) as Order;
      }
      // One that is pending still has been paid for.
      if (order.status !== 'success' && order.status !== 'pending')
        throw new Error(`Telnyx's order of a number is ${order.status}`);
      return { phone: chosen, isReady: order.status === 'success' };
    },
    async makeReady(phone) {
      return (await find(phone))?.status === 'active';
    },
    async release(phone) {
      const found = await find(phone);
      if (found !== undefined) await ask('DELETE', `phone_numbers/${encodeURIComponent(found.id)}`);
    },
  };
}

type Search = { country: string; area: string | null; limit: number };
type Listed = { id: string; phone_number: string; status: string };
type Order = { id: string; status: string };

/** An order of a local number is done within moments; somebody waits for this one. */
const ASK_EVERY_MS = 250;
const ASKED_AT_MOST = 6;

export type NumberSettings = {
  apiKey: string;
  apiUrl: string;
  timeoutMs: number;
  /** The messaging profile that bought numbers belong to; its webhook address is ours. */
  profileId: string;
};
