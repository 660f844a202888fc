import type { PhoneLine } from '../../rules/lines.ts';

/**
 * What a phone is, by Plivo's Lookup API, at $0.004 each (2026). It has a host of its own.
 *
 *     GET /v1/Number/+16172252821?type=carrier
 *     200 {"api_id":"e4a2…","phone_number":"+16172252821","carrier":{"type":"fixed","name":"…","ported":"no",...},...}
 *         type: fixed, mobile, voip, toll-free or unknown
 *     404  it cannot be looked up
 *
 * Source: https://www.plivo.com/docs/lookup/api/lookup-phone-number
 */
export function openPlivoLookup({ authId, authToken, lookupUrl = '', timeoutMs }: LookupSettings): Lookup | null {
  if (lookupUrl === '') return null;
  const root = `${lookupUrl.replace(/\/+$/, '')}/v1/Number/`;
  const authorization = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
  return async (phone) => {
    const signal = AbortSignal.timeout(timeoutMs);
    const answer = await fetch(`${root}${encodeURIComponent(phone)}?type=carrier`, {
      headers: { authorization },
      signal,
    });
    if (answer.status === 404) return 'other';
    if (!answer.ok) throw new Error(`Plivo's Lookup API answered ${answer.status}`);
    const { carrier } = (await answer.json()) as { carrier?: { type?: string | null } | null };
    const { type } = carrier ?? {};
    return type === 'fixed' || type === 'mobile' ? type : 'other';
  };
}

type Lookup = (phone: string) => Promise<PhoneLine>;
export type LookupSettings = { authId: string; authToken: string; lookupUrl?: string; timeoutMs: number };
