import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Text, TextLog } from '../simulator/log.ts';
import type { Faults } from './faults.ts';
import { reply } from './http.ts';
import { payloadOf, type Reports } from './reports.ts';

/**
 * `POST /v2/messages`: takes a text, answers with its id, then reports on it.
 * Source: https://developers.telnyx.com/api-reference/messages/send-a-message
 */
export function openMessageApi(options: {
  log: TextLog;
  faults: Faults;
  reports: Reports;
  isBlocked: (phone: string) => boolean;
  onText: () => void;
}) {
  const { log, faults, reports, isBlocked, onText } = options;
  return {
    handle(body: unknown, res: ServerResponse) {
      const send = readSend(body);
      if (typeof send === 'string') return reply.error(res, 422, '10004', send);
      const refused = faults.pick(send.to, 'refuse');
      if (refused) return reply.error(res, refused.status, refused.code, refused.title);
      // https://developers.telnyx.com/docs/messaging/messages/advanced-opt-in-out
      if (isBlocked(send.to)) return reply.error(res, 400, '40300', 'Blocked due to STOP message');
      const fault = faults.pick(send.to, 'lost', 'report_lost');
      const text = { uuid: randomUUID(), at: Date.now(), ...send };
      const kept: Text = fault?.kind === 'lost' ? { seq: 0, ...text } : log.add(text).text;
      onText();
      reply.data(res, payloadOf(kept, { status: 'queued' }));
      if (fault?.kind !== 'report_lost') reports.start(kept, fault);
    },
  };
}

type Send = Pick<Text, 'from' | 'to' | 'text' | 'url' | 'media'>;

/** What was sent; a string says what is missing or malformed. */
function readSend(body: unknown): Send | string {
  if (typeof body !== 'object' || body === null) return 'The body is no JSON object';
  const { from, to, text = '', media_urls: media = [], webhook_url: url = '' } = body as Record<string, unknown>;
  if (typeof to !== 'string' || !E164.test(to)) return 'to must be in +E.164 format';
  if (typeof from !== 'string' || !E164.test(from)) return 'from must be in +E.164 format';
  if (typeof text !== 'string' || typeof url !== 'string' || !Array.isArray(media)) return 'malformed';
  // https://developers.telnyx.com/docs/messaging/messages/mms-transcoding/index
  if (media.length > 10) return 'media_urls holds more than 10';
  if (text === '' && media.length === 0) return 'text is required';
  return { from, to, text, url, media: media.map(String) };
}

const E164 = /^\+[1-9]\d{6,14}$/;
