import { AccountRefused, type CarrierAccount, type CarrierNumber } from '../carrier.ts';
import type { NumberSettings } from './numbers.ts';

/**
 * What an operator has set up at Telnyx. Its webhooks are signed with a key that Telnyx alone has, so none can be tried.
 *
 *     GET /v2/balance                                      200  {"data":{"available_credit":"400.00","currency":"USD",...}}
 *     GET /v2/phone_numbers/messaging?page[number]=1&page[size]=250
 *     200  {"data":[{"id":"129338…","phone_number":"+18005550001","messaging_profile_id":"3fa85f64-…","type":"long-code",
 *           "features":{"sms":{"domestic_two_way":true,...},"mms":null},...}],"meta":{"total_pages":1,...}}
 *     GET /v2/10dlc/phone_number_campaigns?recordsPerPage=250&page=1
 *     200  {"records":[{"phoneNumber":"+18005550199","tcrCampaignId":"CCAMPA1","assignmentStatus":"ASSIGNED",...}],"totalRecords":1}
 *     GET /v2/messaging_profiles/3fa85f64-…                200  {"data":{"enabled":true,"webhook_url":"https://…",...}}
 *     PATCH /v2/phone_numbers/129338…/messaging  {"messaging_profile_id":"3fa85f64-…"}                     200
 *     GET /v2/phone_numbers/voice?page[number]=1&page[size]=250
 *     200  {"data":[{"id":"129338…","phone_number":"+18005550001","connection_id":"140038…",...}],"meta":{"total_pages":1,...}}
 *     GET /v2/texml_applications/140038…  200  {"data":{"active":true,"voice_url":"https://…","voice_method":"post",...}}
 *     401  a wrong key; 404 no such profile or application; a connection of another kind is none
 *
 * Source: https://developers.telnyx.com/api-reference/billing/get-user-balance-details, .../number-settings/
 * list-phone-numbers-with-messaging-settings, .../phone-number-campaigns/list-phone-number-campaigns, .../profiles/retrieve-a-messaging-profile,
 * .../phone-number-configurations/list-phone-numbers-with-voice-settings, .../texml-applications/retrieve-a-texml-application
 */
export function openTelnyxAccount({ apiKey, apiUrl, timeoutMs, profileId }: NumberSettings): CarrierAccount {
  const root = `${apiUrl.replace(/\/+$/, '')}/v2/`;

  async function ask<T>(path: string, change?: object): Promise<T | null> {
    const answer = await fetch(root + path, {
      method: change === undefined ? 'GET' : 'PATCH',
      headers: { authorization: `Bearer ${apiKey}`, accept: 'application/json', 'content-type': 'application/json' },
      ...(change === undefined ? {} : { body: JSON.stringify(change) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    if (answer.status === 401 || answer.status === 403) throw new AccountRefused(`${answer.status}`);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`Telnyx answered ${answer.status}`);
    return (await answer.json()) as T;
  }

  async function listSettings<T = Listed>(of: 'messaging' | 'voice' = 'messaging'): Promise<T[]> {
    const listed: T[] = [];
    for (let page = 1, pages = 1; page <= pages; page += 1) {
      const query = new URLSearchParams({ 'page[number]': String(page), 'page[size]': String(AT_ONCE) });
      const found = await ask<Page<T>>(`phone_numbers/${of}?${query}`);
      pages = found?.meta.total_pages ?? 0;
      listed.push(...(found?.data ?? []));
    }
    return listed;
  }

  async function listCampaigns(): Promise<Map<string, string>> {
    const campaigns = new Map<string, string>();
    for (let page = 1, seen = 0; ; page += 1) {
      const found = await ask<Assignments>(`10dlc/phone_number_campaigns?recordsPerPage=${AT_ONCE}&page=${page}`);
      for (const { phoneNumber, tcrCampaignId, campaignId, assignmentStatus } of found?.records ?? [])
        if (assignmentStatus === 'ASSIGNED') campaigns.set(phoneNumber, tcrCampaignId ?? campaignId);
      seen += found?.records.length ?? 0;
      if (found === null || found.records.length === 0 || seen >= found.totalRecords) return campaigns;
    }
  }

  return {
    probe: null,
    inboundBy: 'messaging profile',
    async attach(phone) {
      if (profileId === '') throw new Error('TELNYX_PROFILE_ID is not set');
      const id = (await listSettings()).find((one) => one.phone_number === phone)?.id;
      const change = { messaging_profile_id: profileId };
      const done = id === undefined ? null : await ask(`phone_numbers/${encodeURIComponent(id)}/messaging`, change);
      if (done === null) throw new Error('the account does not have the number');
    },
    async readCredit() {
      const balance = await ask<{ data: { available_credit?: string } }>('balance');
      const credit = balance?.data.available_credit;
      return credit === undefined ? null : Number(credit);
    },
    async listNumbers() {
      const campaigns = await listCampaigns();
      return (await listSettings()).map((one) => toNumber(one, campaigns.get(one.phone_number) ?? null));
    },
    async readInbound(profile) {
      const found = await ask<{ data: Profile }>(`messaging_profiles/${encodeURIComponent(profile)}`);
      return found === null || found.data.enabled === false ? null : (found.data.webhook_url ?? null);
    },
    answeredBy: 'TeXML application',
    async listAnswering() {
      const listed = await listSettings<Answered>('voice');
      return new Map(listed.map(({ phone_number: phone, connection_id: id }) => [phone, id || null]));
    },
    async readAnswering(id) {
      const found = await ask<{ data: TexmlApplication }>(`texml_applications/${encodeURIComponent(id)}`);
      const { active, voice_url: url, voice_method: method } = found?.data ?? {};
      return url && active !== false ? { url, isSigned: (method ?? 'post').toLowerCase() === 'post' } : null;
    },
    listInbound: null,
    // Its detail records come minutes late.
    listSent: null,
  };
}

const AT_ONCE = 250;

type Page<T> = { data: readonly T[]; meta: { total_pages: number } };
type Answered = { phone_number: string; connection_id?: string | null };
type TexmlApplication = { active?: boolean; voice_url?: string | null; voice_method?: string };
type Listed = {
  id: string;
  phone_number: string;
  messaging_profile_id: string | null;
  features?: { sms?: object | null; mms?: object | null };
};
type Assignments = { records: readonly Assignment[]; totalRecords: number };
type Assignment = { phoneNumber: string; campaignId: string; tcrCampaignId?: string; assignmentStatus: string };
type Profile = { enabled?: boolean; webhook_url?: string | null };

function toNumber(
  { phone_number: phone, messaging_profile_id: profile, features }: Listed,
  campaign: string | null,
): CarrierNumber {
  const [sms, mms] = [features?.sms ?? null, features?.mms ?? null];
  return { phone, application: profile || null, sms: sms !== null, mms: mms !== null, campaign };
}
