import { setTimeout as sleep } from 'node:timers/promises';
import { AccountRefused, type CarrierAccount, type CarrierNumber, type ListedText } from '../carrier.ts';
import { probeOf } from './probe.ts';

/**
 * What an operator has set up at Plivo. By plain requests, because the SDK loses the status of an answer.
 *
 *     GET /v1/Account/MAXXXX/                     200  {"cash_credits":"12.50000","auth_id":"MAXXXX",...}
 *     GET /v1/Account/MAXXXX/Number/?limit=20&offset=0
 *     200  {"meta":{"total_count":1,...},"objects":[{"number":"14155550100","application":"/v1/Account/MAXXXX/Application/36.../",
 *           "sms_enabled":true,"mms_enabled":true,"voice_enabled":true,"tendlc_campaign_id":"C...","tendlc_registration_status":"COMPLETED",...}]}
 *     GET /v1/Account/MAXXXX/Application/36.../   200  {"app_id":"36...","message_url":"https://...","message_method":"POST",
 *                                                       "answer_url":"https://...","answer_method":"POST",...}
 *     POST /v1/Account/MAXXXX/Number/14155550100/ {"app_id":"36..."}                                        202
 *     GET /v1/Account/MAXXXX/Message/?message_direction=inbound&message_time__gte=2026-01-31 14:00:00&limit=20&offset=0
 *     200  {"meta":{...},"objects":[{"message_uuid":"...","from_number":"12125550123","to_number":"14155550100",...}]}
 *     401  a wrong auth id or token; 429  more than 20 lists of messages a minute
 *
 * Source: https://www.plivo.com/docs/account/api/account, .../numbers/api/account-phone-number, .../api/application,
 * https://www.plivo.com/docs/messaging/api/message/list-all-messages/
 */
export function openPlivoAccount({
  authId,
  authToken,
  apiUrl,
  timeoutMs,
  applicationId = '',
}: AccountSettings): CarrierAccount {
  const root = `${apiUrl.replace(/\/+$/, '')}/v1/Account/${encodeURIComponent(authId)}/`;
  const authorization = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;

  async function get<T>(path: string): Promise<T | null> {
    const answer = await fetch(root + path, { headers: { authorization }, signal: AbortSignal.timeout(timeoutMs) });
    if (answer.status === 429) {
      await sleep(THROTTLED_MS);
      return get(path);
    }
    if (answer.status === 401 || answer.status === 403) throw new AccountRefused(`${answer.status}`);
    if (answer.status === 404) return null;
    if (!answer.ok) throw new Error(`Plivo answered ${answer.status}`);
    return (await answer.json()) as T;
  }

  async function listNumbers(): Promise<Listed[]> {
    const numbers: Listed[] = [];
    for (let total = 1; numbers.length < total; ) {
      const page = await get<Page>(`Number/?limit=${AT_ONCE}&offset=${numbers.length}`);
      if (page === null || page.objects.length === 0) break;
      total = page.meta.total_count;
      numbers.push(...page.objects);
    }
    return numbers;
  }

  /** With an end where every text counts: what comes in meanwhile would move the pages, the newest first. */
  async function* listTexts(
    direction: string,
    { from, until }: { from: Date; until?: Date },
  ): AsyncIterable<ListedText[]> {
    const query = new URLSearchParams({
      message_direction: direction,
      message_time__gte: asTime(from),
      ...(until && { message_time__lt: asTime(until) }),
      limit: String(AT_ONCE),
    });
    for (let offset = 0; ; offset += AT_ONCE) {
      const page = await get<{ objects: readonly ListedMessage[] }>(`Message/?${query}&offset=${offset}`);
      if (page === null || page.objects.length === 0) return;
      yield page.objects.map(toText);
      if (page.objects.length < AT_ONCE) return;
    }
  }

  return {
    probe: (url) => probeOf(url, authToken),
    inboundBy: 'application',
    async attach(phone) {
      if (applicationId === '') throw new Error('PLIVO_APP_ID is not set');
      const answer = await fetch(`${root}Number/${encodeURIComponent(phone.replace('+', ''))}/`, {
        method: 'POST',
        headers: { authorization, 'content-type': 'application/json' },
        body: JSON.stringify({ app_id: applicationId }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!answer.ok) throw new Error(`Plivo answered ${answer.status}`);
    },
    async readCredit() {
      const account = await get<{ cash_credits?: string }>('');
      if (account === null) throw new AccountRefused('404');
      return account.cash_credits === undefined ? null : Number(account.cash_credits);
    },
    listNumbers: async () => (await listNumbers()).map(toNumber),
    async readInbound(application) {
      const found = await get<{ message_url?: string | null }>(`Application/${encodeURIComponent(application)}/`);
      return found?.message_url ?? null;
    },
    answeredBy: 'application',
    async listAnswering() {
      const callable = (await listNumbers()).filter(({ voice_enabled: voice }) => voice === true);
      return new Map(callable.map(toNumber).map(({ phone, application }) => [phone, application]));
    },
    async readAnswering(application) {
      const found = await get<{ answer_url?: string | null }>(`Application/${encodeURIComponent(application)}/`);
      // By GET it signs as well.
      return found?.answer_url ? { url: found.answer_url, isSigned: true } : null;
    },
    listInbound: (period) => listTexts('inbound', period),
    listSent: (period) => listTexts('outbound', period),
  };
}

const AT_ONCE = 20;
const THROTTLED_MS = 3_000;

export type AccountSettings = {
  authId: string;
  authToken: string;
  apiUrl: string;
  timeoutMs: number;
  /** Of the application whose message address is ours. */
  applicationId?: string;
};

type Page = { meta: { total_count: number }; objects: readonly Listed[] };
type Listed = {
  number: string;
  application?: string | null;
  sms_enabled?: boolean;
  mms_enabled?: boolean;
  voice_enabled?: boolean;
  tendlc_campaign_id?: string | null;
  tendlc_registration_status?: string | null;
};

type ListedMessage = { message_uuid: string; from_number: string; to_number: string };

function toText({ message_uuid: carrierId, from_number: from, to_number: to }: ListedMessage): ListedText {
  return { carrierId, from: plus(from), to: plus(to) };
}

/**
 * UTC, to the second, as Plivo reads it. Of the second in which a period ends nothing is listed: where that is what was taken before
 * all processes stopped, a text of it that comes again is rather said twice than taken for one that was said.
 */
function asTime(at: Date): string {
  return at.toISOString().slice(0, 19).replace('T', ' ');
}

function plus(number: string): string {
  return `+${number.replace(/^\+/, '')}`;
}

function toNumber(listed: Listed): CarrierNumber {
  const { number, application, sms_enabled: sms, mms_enabled: mms, tendlc_campaign_id: campaign } = listed;
  return {
    phone: plus(number),
    application: /\/Application\/([^/]+)\/?$/.exec(application ?? '')?.[1] ?? null,
    sms: sms === true,
    mms: mms === true,
    campaign: listed.tendlc_registration_status === 'COMPLETED' ? (campaign ?? null) : null,
  };
}
