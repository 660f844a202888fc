import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { reply } from './http.ts';

type Call = { method: string; url: URL; body: unknown };

/**
 * Searching and ordering numbers. An order is pending first and done when it is looked at; then the number is active.
 * Source: https://developers.telnyx.com/api-reference/phone-number-orders/create-a-number-order and
 * https://developers.telnyx.com/api-reference/phone-number-configurations/list-phone-numbers
 */
export function openNumberApi() {
  const bought: { number: string; profileId: string | null }[] = [];
  const orders = new Set<string>();
  let next = 1_001;

  function order(body: unknown, res: ServerResponse) {
    const { phone_numbers: wanted, messaging_profile_id: profileId = null } = (body ?? {}) as {
      phone_numbers?: { phone_number?: unknown }[];
      messaging_profile_id?: string | null;
    };
    const number = wanted?.[0]?.phone_number;
    if (typeof number !== 'string') return reply.error(res, 422, '10004', 'phone_numbers is required');
    const id = randomUUID();
    orders.add(id);
    bought.push({ number, profileId });
    next += 1;
    reply.data(res, { id, record_type: 'number_order', status: 'pending', phone_numbers: [{ phone_number: number }] });
  }

  return {
    bought,
    /** True where the call was one of these. */
    handle({ method, url, body }: Call, res: ServerResponse): boolean {
      const [, , resource = '', id = ''] = url.pathname.split('/');
      if (method === 'GET' && resource === 'available_phone_numbers') {
        const area = url.searchParams.get('filter[national_destination_code]') ?? '970';
        const offers = [{ record_type: 'available_phone_number', phone_number: `+1970555${next}` }];
        reply.data(res, area === '970' ? offers : []);
        return true;
      }
      if (method === 'POST' && resource === 'number_orders') {
        order(body, res);
        return true;
      }
      if (method === 'GET' && resource === 'phone_numbers') {
        const wanted = url.searchParams.get('filter[phone_number]');
        const found = bought.filter(({ number }) => number === wanted);
        reply.data(
          res,
          found.map(({ number }) => ({
            ...{ id: idOf(number), record_type: 'phone_number', phone_number: number, status: 'active' },
          })),
        );
        return true;
      }
      if (method === 'DELETE' && resource === 'phone_numbers') {
        const at = bought.findIndex(({ number }) => idOf(number) === id);
        const [gone] = at < 0 ? [] : bought.splice(at, 1);
        if (gone === undefined) reply.error(res, 404, '10005', 'Resource not found');
        else reply.data(res, { id, record_type: 'phone_number', phone_number: gone.number, status: 'deleted' });
        return true;
      }
      if (method !== 'GET' || resource !== 'number_orders' || !orders.has(id)) return false;
      reply.data(res, { id, record_type: 'number_order', status: 'success' });
      return true;
    },
  };
}

/** The simulator's own: digits, as the carrier's ids are. */
function idOf(number: string): string {
  return number.replace('+', '9');
}
