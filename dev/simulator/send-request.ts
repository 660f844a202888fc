/**
 * A send that the carrier can carry out; numbers in E.164, a short code as it is. `invalid`: destinations it leaves out,
 * as they came.
 */
export type Send = {
  src: string;
  dsts: string[];
  invalid: string[];
  text: string;
  url: string;
  media: string[];
  method: 'GET' | undefined;
  expiry: number | undefined;
  log: string | undefined;
};

/**
 * Reads the body or the query of a send; a string is the carrier's complaint, for an answer of 400. The arguments and
 * their limits: docs.plivo.com/docs/messaging/api/message/send-a-message and plivo.com/docs/messaging/api/messages.md
 * (2026): dst may hold several numbers with "<" between them; "/", "-", ".", "+", "(", ")" and white space are stripped
 * from a number, which then has at most 14 digits (15 are taken here: E.164); text of 1,600 GSM or 737 other
 * characters; at most 10 media; message_expiry of 5 to 10,799 seconds, 10,800 where none is given; log true, false,
 * content_only or number_only. Assumption: the words of the complaints, beyond the one that the error page shows.
 */
export function readSend(raw: string | URLSearchParams): Send | string {
  const asked = typeof raw === 'string' ? parseObject(raw) : Object.fromEntries(raw);
  if (!asked) return 'the body is not a JSON object';
  const { src, dst, text, url = '', method = 'POST', type = 'sms', media_urls: media = [] } = asked;
  if (!isFilled(src)) return 'src or powerpack_uuid parameter is mandatory';
  if (!isFilled(dst)) return 'dst parameter is mandatory';
  if (!isList(media) || media.length > 10) return 'media_urls must be a list of at most 10 addresses';
  if (type !== 'sms' && type !== 'mms') return `type ${JSON.stringify(type)} is not sms or mms`;
  if (type === 'sms' && media.length > 0) return 'media_urls is for messages of type mms';
  if (text === undefined ? media.length === 0 : typeof text !== 'string') return 'text parameter is mandatory';
  if (text === '' && media.length === 0) return 'text parameter is mandatory';
  if (typeof url !== 'string' || (url !== '' && !/^https?:\/\//.test(url))) return 'url is not a valid URL';
  if (method !== 'POST' && method !== 'GET') return 'method must be GET or POST';
  const { message_expiry: expiry, log } = asked;
  if (expiry !== undefined && !isExpiry(expiry)) return 'message_expiry must be a number from 5 to 10800';
  if (log !== undefined && !logValues.has(log)) return 'log must be true, false, content_only or number_only';

  const from = readSource(src);
  if (from === undefined) return `'${src}' is not a valid src number.`;
  const invalid: string[] = [];
  const dsts: string[] = [];
  for (const part of dst.includes('<') ? new Set(dst.split('<')) : [dst]) {
    const number = readNumber(part) ?? readNumber(part.replace(stripped, ''));
    if (number === undefined) invalid.push(part);
    else if (number === from) return 'src and dst cannot be the same number';
    else dsts.push(number);
  }
  if (dsts.length === 0) return `'${invalid.join("', '").replaceAll('+', '')}' is not a valid phone number.`;
  return {
    src: from,
    dsts,
    invalid,
    text: String(text ?? ''),
    url,
    media,
    method: method === 'GET' ? method : undefined,
    expiry: expiry === undefined ? undefined : Number(expiry),
    log: log === undefined ? undefined : String(log),
  };
}

/** A number with or without its plus, as E.164; undefined for what cannot be one. */
export function readNumber(written: string): string | undefined {
  if (!/^\+?[1-9][0-9]{6,14}$/.test(written)) return undefined;
  return written.startsWith('+') ? written : `+${written}`;
}

function readSource(written: string): string | undefined {
  return readNumber(written) ?? (/^[0-9]{5,6}$/.test(written) ? written : readNumber(written.replace(stripped, '')));
}

const stripped = /[/\-.+()\s]/g;
const logValues = new Set<unknown>([true, false, 'true', 'false', 'content_only', 'number_only']);

function isExpiry(value: unknown): boolean {
  return Number.isInteger(Number(value)) && Number(value) >= 5 && Number(value) <= 10_800;
}

function parseObject(raw: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(raw);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? { ...parsed } : undefined;
  } catch {
    return undefined;
  }
}

function isFilled(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isList(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
