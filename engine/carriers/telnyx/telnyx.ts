import type { Carrier } from '../carrier.ts';
import { openMediaAccess } from '../media-access.ts';
import { openTelnyxAccount } from './account.ts';
import { telnyxCalls } from './calls.ts';
import { type NumberSettings, openTelnyxNumbers } from './numbers.ts';
import { openTelnyxSending, type SendSettings } from './send.ts';
import { openSignatures, signatureHeaders } from './signature.ts';
import { parse } from './webhooks.ts';

/** Telnyx as a carrier. Nothing is connected until the first send. Throws where `publicKey` is none. */
export function openTelnyx(settings: SendSettings & NumberSettings & { publicKey: string }): Carrier {
  return {
    verify: openSignatures(settings.publicKey),
    signatureHeaders,
    parse,
    answer: { type: 'application/json', body: '{}' },
    calls: telnyxCalls,
    lookUp: null,
    numbers: openTelnyxNumbers(settings),
    media: openMediaAccess({
      apiUrl: settings.apiUrl,
      domain: 'telnyx.com',
      authorization: `Bearer ${settings.apiKey}`,
    }),
    account: openTelnyxAccount(settings),
    ...openTelnyxSending(settings),
  };
}
