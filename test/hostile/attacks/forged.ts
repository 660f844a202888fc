import { row } from '../../../db/connect.ts';
import type { Attack } from '../attack.ts';
import { inboundOf, send, type Target, type Webhook } from '../target.ts';

/** A text that the carrier never signed, made from one that it did. */
export const forged: Attack = {
  name: 'forged',
  does: 'webhooks whose signature is forged, stripped, of another text or flipped in one byte',
  async run(target) {
    const { owner, number } = target.victims;
    const genuine = inboundOf(target, {
      From: owner.phone.slice(1),
      To: number.slice(1),
      Text: 'Signed by the carrier',
    });
    const broken: string[] = [];
    for (const { what, webhook, method = 'POST' } of forgeries(genuine)) {
      const status = await send(webhook, method);
      if (status !== 403) broken.push(`${what}: ${status}`);
    }
    if (await isKept(target, genuine)) broken.push('a forged text left a trace');
    // It was all about a good one: taken once, and a replay of it changes nothing.
    const statuses = [await send(genuine), await send(genuine)];
    if (statuses.join() !== '200,200' || !(await isKept(target, genuine)))
      broken.push(`the good one: ${statuses.join()}`);
    if ((await countSaid(target)) !== 1) broken.push('a replay was kept once more');
    return broken;
  },
};

type Forgery = { what: string; webhook: Webhook; method?: 'GET' };

function forgeries(genuine: Webhook): Forgery[] {
  const { headers, body, url } = genuine;
  const signature = headers['x-plivo-signature-v3'] ?? '';
  const nonce = headers['x-plivo-signature-v3-nonce'] ?? '';
  const signed = (v3: string, v3Nonce = nonce): Webhook => ({
    ...genuine,
    headers: { 'x-plivo-signature-v3': v3, 'x-plivo-signature-v3-nonce': v3Nonce },
  });
  return [
    ...flips(signature).map((text, at) => ({ what: `byte ${at} of the signature`, webhook: signed(text) })),
    ...flips(nonce).map((text, at) => ({ what: `byte ${at} of the nonce`, webhook: signed(signature, text) })),
    ...flips(body).map((text, at) => ({ what: `byte ${at} of the form`, webhook: { ...genuine, body: text } })),
    { what: 'no headers', webhook: { ...genuine, headers: {} } },
    { what: 'no nonce', webhook: { ...genuine, headers: { 'x-plivo-signature-v3': signature } } },
    { what: 'an empty signature', webhook: signed('') },
    { what: 'only commas', webhook: signed(',,,') },
    { what: 'half of it', webhook: signed(signature.slice(0, 20)) },
    { what: 'it twice in one', webhook: signed(signature + signature) },
    {
      what: 'as V2',
      webhook: { ...genuine, headers: { 'x-plivo-signature-v2': signature, 'x-plivo-signature-v2-nonce': nonce } },
    },
    { what: 'at another address', webhook: { ...genuine, url: url.replace('/message', '/status?d=1-1-0-1') } },
    { what: 'with a query', webhook: { ...genuine, url: `${url}?d=1` } },
    { what: 'with one field more', webhook: { ...genuine, body: `${body}&Media0=http%3A%2F%2F127.0.0.1%2F` } },
    { what: 'by GET', webhook: { ...genuine, url: `${url}?${body}` }, method: 'GET' },
  ];
}

/** The text with one byte changed, for each byte; what stands for itself in a form and in a header. */
function flips(text: string): string[] {
  return Array.from(text, (letter, at) => {
    const other = letter === 'x' ? 'y' : letter === '&' || letter === '=' ? '_' : letter === '%' ? '%25' : 'x';
    return text.slice(0, at) + other + text.slice(at + 1);
  });
}

async function isKept({ db }: Target, { uuid }: Webhook): Promise<boolean> {
  return (await row(db, 'SELECT 1 AS found FROM inbound_texts WHERE carrier_id = ?', [uuid])) !== undefined;
}

async function countSaid({ db, victims }: Target): Promise<number> {
  const found = await row<{ count: number }>(
    db,
    "SELECT COUNT(*) AS count FROM messages WHERE group_id = ? AND text LIKE '%Signed by the carrier'",
    [victims.id],
  );
  return found?.count ?? 0;
}
