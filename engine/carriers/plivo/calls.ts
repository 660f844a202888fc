import { openCalls } from '../calls.ts';
import { fieldsOf } from './form.ts';

/**
 * Calls to our numbers at Plivo, which asks the answer URL of the application. The words are read aloud, twice; or another phone
 * rings, with a number of the account as caller id, since Plivo takes no other that was not verified there:
 *
 *     <Response><Speak voice="WOMAN" language="en-US" loop="2">Hello. …</Speak><Hangup/></Response>
 *     <Response><Dial action="https://us.example/plivo/call" method="POST" timeout="25" timeLimit="600"
 *       callerId="+14445556666"><Number>+14447778888</Number></Dial></Response>
 *
 * A request has CallUUID, From, To, Direction and CallStatus; one to the `action` of a Dial that is over has DialStatus as well:
 * completed, busy, failed, timeout, no-answer or cancel. Both are signed as the webhooks of texts are.
 * Source: https://www.plivo.com/docs/voice/xml/request, .../voice/xml/speak, .../voice/xml/dial, .../voice/api/verified-caller-ids
 * and https://docs.plivo.com/docs/voice/xml/request/validation
 */
export const plivoCalls = openCalls({
  fieldsOf,
  ended: 'DialStatus',
  speech: (language) => ({ name: 'Speak', attributes: { voice: 'WOMAN', language: accents[language], loop: 2 } }),
});

/** As the language is spoken in the US and Canada; Plivo has a woman's voice of each. */
const accents = { en: 'en-US', es: 'es-US', fr: 'fr-CA' } as const;
