import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Account } from './account.ts';
import { sendJson } from './answer.ts';
import type { Brought } from './inbound.ts';
import type { Text } from './log.ts';
import { listMessages } from './message-list.ts';
import { numberObject, offerObject, openStock } from './number-stock.ts';
import type { Numbers, Rented } from './numbers.ts';

export type AccountApi = ReturnType<typeof openAccountApi>;
/** How an order of a number is answered: at once, with the number pending, or with the order itself pending. */
export type Buying = 'fulfilled' | 'number_pending' | 'order_pending';

/**
 * The parts of Plivo's API that are not about messages. Sources, all of 2026:
 *
 *     docs.plivo.com/docs/account/api/account             GET    /v1/Account/{id}/
 *     www.plivo.com/docs/numbers/phone-numbers            GET    PhoneNumber/?country_iso, type, services, limit
 *     docs.plivo.com/docs/numbers/api/phone-number/       POST   PhoneNumber/{number}/ {app_id}: 201; a number whose
 *         buy-a-phone-number                                     country wants papers has status "pending" in it
 *     plivo.com/docs/numbers/api/account-phone-number     GET    Number/?type, services, tendlc_campaign_id,
 *         list-all-my-numbers                                    tendlc_registration_status, limit (20), offset
 *                                                         GET, POST, DELETE  Number/{number}/: 200, 202, 204
 *     www.plivo.com/docs/messaging/api/message/           GET    Message/?message_direction, message_time__gte, __lt,
 *         list-all-messages/                                     limit (20), offset: the newest first
 *     www.plivo.com/docs/messaging/api/10dlc/             GET, POST          10dlc/Campaign/{id}/Number/
 *         number-linking.md                               GET, DELETE        10dlc/Campaign/{id}/Number/{number}/: 202
 *     www.plivo.com/docs/account/api/application          GET    Application/{app_id}/
 *     docs.plivo.com/docs/messaging/api/response          {"api_id", "error"} with 401, 404 and 405; meta of lists
 *
 * Assumptions: linking answers 202, as unlinking does; an order may be pending as a whole; there is one campaign for
 * each name that is asked for, and it is approved.
 */
export function openAccountApi(options: {
  authId: string;
  authorization: string;
  numbers: Numbers;
  account: Account;
  brought: readonly Brought[];
  /** The texts that were taken for delivery, the oldest first. */
  sent: () => readonly Text[];
  buying: Buying;
  /** Of an application; undefined where there is none. */
  messageUrlOf: (application: string) => string | null | undefined;
  answerUrlOf: (application: string) => string | null;
}) {
  const { authId, numbers } = options;
  const root = `/v1/Account/${authId}/`;
  const stock = openStock((number) => numbers.get(number) !== undefined);

  const rows: [string, RegExp, (call: Call) => Answer][] = [
    ['GET', /^$/, () => ok(options.account.object(authId))],
    ['GET', /^PhoneNumber\/$/, search],
    ['POST', /^PhoneNumber\/(?<number>[^/]+)\/$/, buy],
    ['GET', /^Number\/$/, list],
    ['GET', /^Number\/(?<number>[^/]+)\/$/, (call) => withNumber(call, (rented) => ok(numberObject(rented, root)))],
    ['POST', /^Number\/(?<number>[^/]+)\/$/, (call) => withNumber(call, (rented) => update(rented, call.body))],
    ['DELETE', /^Number\/(?<number>[^/]+)\/$/, (call) => withNumber(call, release)],
    ['GET', /^Message\/$/, ({ query }) => listMessages(options, query, pageSize(query))],
    ['GET', /^Application\/(?<application>[^/]+)\/$/, application],
    ['GET', /^10dlc\/Campaign\/(?<campaign>[^/]+)\/Number\/$/, linked],
    ['POST', /^10dlc\/Campaign\/(?<campaign>[^/]+)\/Number\/$/, link],
    ['GET', /^10dlc\/Campaign\/(?<campaign>[^/]+)\/Number\/(?<number>[^/]+)\/$/, linked],
    ['DELETE', /^10dlc\/Campaign\/(?<campaign>[^/]+)\/Number\/(?<number>[^/]+)\/$/, unlink],
  ];

  function search({ query }: Call): Answer {
    const limit = pageSize(query);
    const services = (query.get('services') ?? '').split(',');
    const offers = stock
      .offers({ type: query.get('type') ?? 'local', services, limit })
      .filter(({ number }) => number.startsWith(`1${query.get('pattern') ?? ''}`));
    return ok({ meta: meta(limit, 0, offers.length), objects: offers.map((offer) => offerObject(offer, root)) });
  }

  function buy({ names: { number = '' }, body }: Call): Answer {
    if (!stock.has(number)) return notFound('number is not available');
    const { app_id: appId } = body;
    const pending = options.buying !== 'fulfilled';
    const offer = stock.offers({ type: number.startsWith('1888') ? 'tollfree' : 'local', services: [], limit: 9_000 });
    const mms = offer.find((one) => one.number === number)?.mms ?? true;
    numbers.rent({ number: `+${number}`, appId: typeof appId === 'string' ? appId : null, pending, mms });
    return {
      status: 201,
      body: {
        message: 'created',
        numbers: [{ number, status: pending ? 'pending' : 'Success' }],
        status: options.buying === 'order_pending' ? 'pending' : 'fulfilled',
      },
    };
  }

  function list({ query }: Call): Answer {
    const wanted = query.get('tendlc_registration_status');
    const campaign = query.get('tendlc_campaign_id');
    const found = numbers
      .all()
      .filter((rented) => wanted === null || registrations[rented.link] === wanted)
      .filter((rented) => campaign === null || rented.campaign === campaign);
    const limit = pageSize(query);
    const offset = Number(query.get('offset') ?? 0);
    const page = found.slice(offset, offset + limit);
    return ok({ meta: meta(limit, offset, found.length), objects: page.map((rented) => numberObject(rented, root)) });
  }

  function update(rented: Rented, { app_id: appId }: Record<string, unknown>): Answer {
    if (typeof appId === 'string') rented.appId = appId;
    return { status: 202, body: { message: 'changed' } };
  }

  function release({ number }: Rented): Answer {
    numbers.release(number);
    return { status: 204, body: undefined };
  }

  function application({ names: { application: id = '' } }: Call): Answer {
    const messageUrl = options.messageUrlOf(id);
    if (messageUrl === undefined) return notFound('not found');
    return ok({
      app_id: id,
      app_name: 'Group texting',
      enabled: true,
      message_url: messageUrl,
      message_method: 'POST',
      answer_url: options.answerUrlOf(id),
      answer_method: 'POST',
    });
  }

  function linked({ names: { campaign = '', number } }: Call): Answer {
    const found = numbers
      .all()
      .filter((rented) => rented.campaign === campaign && (number === undefined || rented.number === plus(number)));
    if (number !== undefined && found.length === 0) return notFound('not found');
    const phones = found.map((rented) => ({ number: rented.number.slice(1), status: rented.link }));
    const alias = 'Group texting';
    return ok({ campaign_alias: alias, campaign_id: campaign, phone_numbers: phones, usecase: 'PROXY' });
  }

  function link({ names: { campaign = '' }, body }: Call): Answer {
    const wanted = Array.isArray(body.numbers) ? body.numbers.map((number) => plus(String(number))) : [];
    const found = wanted.map((number) => numbers.get(number));
    const unknown = wanted.filter((_, at) => found[at] === undefined);
    if (wanted.length === 0) return { status: 400, body: { error: 'numbers is a mandatory parameter' } };
    if (unknown.length > 0) return { status: 400, body: { error: `${unknown.join(', ')} is not a number of yours` } };
    for (const rented of found) if (rented) numbers.link(rented, campaign);
    const names = wanted.map((number) => number.slice(1)).join(', ');
    return {
      status: 202,
      body: { message: `Request to link ${names} to campaign ${campaign} was received and is being processed` },
    };
  }

  function unlink(call: Call): Answer {
    const { campaign, number } = call.names;
    return withNumber(call, (rented) => {
      numbers.unlink(rented);
      return {
        status: 202,
        body: { message: `Request to unlink ${number} from campaign ${campaign} was received and is being processed` },
      };
    });
  }

  function withNumber({ names: { number = '' } }: Call, then: (rented: Rented) => Answer): Answer {
    const rented = numbers.get(plus(number));
    return rented ? then(rented) : notFound('not found');
  }

  function answer(req: IncomingMessage, raw: string): Answer {
    const { pathname, searchParams: query } = new URL(req.url ?? '/', 'http://simulator');
    if (req.headers.authorization !== options.authorization) return unauthorized;
    const path = pathname.slice(root.length).replace(/([^/])$/, '$1/');
    const here = rows.filter(([, pattern]) => pattern.test(path));
    if (here.length === 0) return notFound('not found');
    const [, pattern, handler] = here.find(([method]) => method === req.method) ?? [];
    if (!handler) return { status: 405, body: { error: 'method not allowed' } };
    const body = objectIn(raw);
    return body ? handler({ names: pattern?.exec(path)?.groups ?? {}, query, body }) : badJson;
  }

  return {
    /** False for a request that is not about the account. */
    handle(req: IncomingMessage, raw: string, res: ServerResponse): boolean {
      if (!req.url?.startsWith(root)) return false;
      const { status, body } = answer(req, raw);
      if (body === undefined) res.writeHead(status).end();
      else sendJson(res, status, JSON.stringify({ api_id: randomUUID(), ...body }));
      return true;
    },
  };
}

type Call = { names: Record<string, string | undefined>; query: URLSearchParams; body: Record<string, unknown> };
type Answer = { status: number; body: object | undefined };

const unauthorized: Answer = { status: 401, body: { error: 'Could not verify your access level for that URL.' } };
const badJson: Answer = { status: 400, body: { error: 'the body is not a JSON object' } };
const registrations = {
  UNREGISTERED: 'unregistered',
  FAILED: 'unregistered',
  PROCESSING: 'in_progress',
  COMPLETED: 'registered',
};

function ok(body: object): Answer {
  return { status: 200, body };
}

function notFound(error: string): Answer {
  return { status: 404, body: { error } };
}

function pageSize(query: URLSearchParams): number {
  return Math.min(Math.max(Number(query.get('limit') ?? 20), 1), 20);
}

function meta(limit: number, offset: number, total: number): object {
  return { limit, offset, total_count: total, previous: null, next: null };
}

function plus(number: string): string {
  return number.startsWith('+') ? number : `+${number}`;
}

function objectIn(raw: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(raw || '{}');
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}
