/** A send that the carrier can carry out; numbers in E.164. `invalid`: destinations it leaves out, as they came. */
export type Send = { src: string; dsts: string[]; invalid: string[]; text: string; url: string; media: string[] };

/** Reads the body or the query of a send; a string is the carrier's complaint, for an answer of 400. */
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
  if (method !== 'POST') return 'method: this simulator reports by POST alone';

  const from = readNumber(src);
  if (from === undefined) return `'${src}' is not a valid src number.`;
  const invalid: string[] = [];
  const dsts: string[] = [];
  for (const part of dst.includes('<') ? new Set(dst.split('<')) : [dst]) {
    const number = readNumber(part);
    if (number === undefined) invalid.push(part);
    else if (number === from) return 'src and dst cannot be the same number';
    else dsts.push(number);
  }
  if (dsts.length === 0) return `'${invalid.join("', '").replaceAll('+', '')}' is not a valid phone number.`;
  return { src: from, dsts, invalid, text: String(text ?? ''), url, media };
}

/** A number with or without its plus, as E.164; undefined for what cannot be one. */
export function readNumber(written: string): string | undefined {
  if (!/^\+?[1-9][0-9]{6,14}$/.test(written)) return undefined;
  return written.startsWith('+') ? written : `+${written}`;
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
