import type { Carrier } from '../carrier.ts';
import { openMediaAccess } from '../media-access.ts';
import { openPlivoAccount } from './account.ts';
import { plivoCalls } from './calls.ts';
import { fieldsOf } from './form.ts';
import { type LookupSettings, openPlivoLookup } from './lookup.ts';
import { type NumberSettings, openPlivoNumbers } from './numbers.ts';
import { openPlivoSending, type SendSettings } from './send.ts';
import { holdsSignature, isSigned, type SignatureSettings, signatureHeaders } from './signature.ts';
import { parse } from './webhooks.ts';

/** Plivo as a carrier. Nothing is connected until the first send. */
export function openPlivo(settings: SendSettings & SignatureSettings & NumberSettings & LookupSettings): Carrier {
  return {
    // What holds no signature at all is refused before its form is read.
    verify: (webhook) =>
      holdsSignature(webhook) &&
      isSigned(
        {
          method: webhook.method,
          url: webhook.url,
          headers: webhook.headers,
          // The fields of a GET stand in its address.
          fields: webhook.method === 'GET' ? {} : fieldsOf(webhook),
        },
        settings,
      ),
    signatureHeaders,
    parse,
    answer: { type: 'application/xml', body: '<Response/>' },
    calls: plivoCalls,
    lookUp: openPlivoLookup(settings),
    numbers: openPlivoNumbers(settings),
    media: openMediaAccess({
      apiUrl: settings.apiUrl,
      domain: 'plivo.com',
      authorization: `Basic ${Buffer.from(`${settings.authId}:${settings.authToken}`).toString('base64')}`,
    }),
    account: openPlivoAccount(settings),
    ...openPlivoSending(settings),
  };
}
