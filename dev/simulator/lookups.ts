import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './answer.ts';

/** What a phone is, in Plivo's words. */
export type Line = 'fixed' | 'mobile' | 'voip' | 'toll-free' | 'unknown';
export type Lookups = ReturnType<typeof openLookups>;

/**
 * Plivo's Lookup API, at a host of its own there: GET /v1/Number/{phone}?type=carrier. Every phone is a mobile unless said otherwise.
 * Source: https://www.plivo.com/docs/lookup/api/lookup-phone-number
 */
export function openLookups(authorization: string) {
  const lines = new Map<string, Line>();
  const asked: string[] = [];
  const lookups = {
    lines,
    /** The phones that were looked up, oldest first. */
    asked,
    /** Nothing is looked up for now: 500. */
    fails: false,
    /** False for a request that is about something else. */
    handle(req: IncomingMessage, res: ServerResponse): boolean {
      const { pathname, searchParams } = new URL(req.url ?? '/', 'http://simulator');
      const [, found] = /^\/v1\/Number\/([^/]+)$/.exec(pathname) ?? [];
      if (found === undefined || req.method !== 'GET') return false;
      const phone = decodeURIComponent(found);
      const error = whyNot(req.headers.authorization, searchParams);
      if (error > 0)
        sendJson(res, error, JSON.stringify({ api_id: randomUUID(), error_code: error, message: 'refused' }));
      else {
        asked.push(phone);
        const carrier = { type: lines.get(phone) ?? 'mobile', name: 'Simulated', ported: 'no' };
        const uri = `/v1/Number/${phone}?type=carrier`;
        sendJson(res, 200, JSON.stringify({ api_id: randomUUID(), phone_number: phone, carrier, resource_uri: uri }));
      }
      return true;
    },
  };

  function whyNot(sent: string | undefined, query: URLSearchParams): number {
    if (lookups.fails) return 500;
    if (sent !== authorization) return 401;
    return query.get('type') === 'carrier' ? 0 : 400;
  }
  return lookups;
}
