import type { ServerResponse } from 'node:http';
import { reply } from './http.ts';

/** What somebody has set up in the account; a test changes it as its console would. */
export type TelnyxAccount = {
  credit: number;
  numbers: Map<string, TelnyxNumber>;
  /** The webhook address of each messaging profile. */
  profiles: Map<string, string | null>;
  /** Whom each TeXML application asks about calls, and how. */
  texml: Map<string, { url: string; method: 'get' | 'post' }>;
};

type TelnyxNumber = {
  profile: string | null;
  sms: boolean;
  mms: boolean;
  campaign: string | null;
  /** The TeXML application of its calls, or none; without it the number cannot be called. */
  texml?: string | null;
};

type Call = { method: string; url: URL; body: unknown };

/**
 * The balance, the messaging and voice settings of numbers, their campaigns, the messaging profiles and TeXML applications.
 * Source: https://developers.telnyx.com/api-reference, billing/get-user-balance-details, number-settings/
 * list-phone-numbers-with-messaging-settings, phone-number-campaigns/list-phone-number-campaigns, profiles/retrieve-a-messaging-profile,
 * phone-number-configurations/list-phone-numbers-with-voice-settings, texml-applications/retrieve-a-texml-application
 */
export function openAccountApi(account: TelnyxAccount) {
  const rows: [string, RegExp, (id: string, body: unknown) => object | null][] = [
    ['GET', /^\/v2\/balance$/, () => ({ data: balanceOf(account) })],
    ['GET', /^\/v2\/phone_numbers\/messaging$/, () => page([...account.numbers.keys()].map(settingsOf))],
    ['GET', /^\/v2\/10dlc\/phone_number_campaigns$/, listCampaigns],
    ['GET', /^\/v2\/messaging_profiles\/([^/]+)$/, readProfile],
    ['GET', /^\/v2\/phone_numbers\/voice$/, () => page(voiceSettings())],
    ['GET', /^\/v2\/texml_applications\/([^/]+)$/, readTexml],
    ['PATCH', /^\/v2\/phone_numbers\/([^/]+)\/messaging$/, attach],
  ];

  function settingsOf(phone: string): object {
    const number = account.numbers.get(phone);
    const feature = { domestic_two_way: true, international_inbound: true, international_outbound: true };
    return {
      record_type: 'messaging_settings',
      id: phone.replace('+', '9'),
      phone_number: phone,
      messaging_profile_id: number?.profile ?? '',
      type: 'long-code',
      features: { sms: number?.sms ? feature : null, mms: number?.mms ? feature : null },
    };
  }

  function listCampaigns(): object {
    const records = [...account.numbers].flatMap(([phoneNumber, { campaign }]) =>
      campaign === null
        ? []
        : [{ phoneNumber, campaignId: campaign, tcrCampaignId: campaign, assignmentStatus: 'ASSIGNED' }],
    );
    return { records, page: 1, totalRecords: records.length };
  }

  function readProfile(id: string): object | null {
    if (!account.profiles.has(id)) return null;
    const url = account.profiles.get(id) ?? null;
    return { data: { record_type: 'messaging_profile', id, enabled: true, webhook_url: url } };
  }

  function voiceSettings(): object[] {
    return [...account.numbers].flatMap(([phone, { texml }]) =>
      texml === undefined
        ? []
        : [
            {
              record_type: 'voice_settings',
              id: phone.replace('+', '9'),
              phone_number: phone,
              connection_id: texml ?? '',
            },
          ],
    );
  }

  function readTexml(id: string): object | null {
    const found = account.texml.get(id);
    if (found === undefined) return null;
    return {
      data: { record_type: 'texml_application', id, active: true, voice_url: found.url, voice_method: found.method },
    };
  }

  function attach(id: string, body: unknown): object | null {
    const phone = [...account.numbers.keys()].find((one) => one.replace('+', '9') === id) ?? '';
    const number = account.numbers.get(phone);
    if (number === undefined) return null;
    number.profile = (body as { messaging_profile_id?: string } | null)?.messaging_profile_id ?? null;
    return { data: settingsOf(phone) };
  }

  return {
    /** True where the call was one of these. */
    handle({ method, url, body }: Call, res: ServerResponse): boolean {
      for (const [wanted, pattern, answer] of rows) {
        const found = method === wanted ? pattern.exec(url.pathname) : null;
        if (found === null) continue;
        const said = answer(found[1] ?? '', body);
        if (said === null) reply.error(res, 404, '10005', 'Resource not found');
        else reply.whole(res, said);
        return true;
      }
      return false;
    },
  };
}

function balanceOf({ credit }: TelnyxAccount): object {
  const amount = credit.toFixed(2);
  return { record_type: 'balance', balance: amount, credit_limit: '0.00', available_credit: amount, currency: 'USD' };
}

function page(data: readonly object[]): object {
  return { data, meta: { total_pages: 1, total_results: data.length, page_number: 1, page_size: 250 } };
}
