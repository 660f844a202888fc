import { openCalls } from '../calls.ts';

/**
 * Calls to our numbers at Telnyx, which asks the voice URL of the TeXML application that the number is assigned to, by POST:
 *
 *     <Response><Say voice="woman" language="en-US" loop="2">Hello. …</Say><Hangup/></Response>
 *     <Response><Dial action="https://us.example/telnyx/call" method="POST" timeout="25" timeLimit="600"
 *       callerId="+14445556666"><Number>+14447778888</Number></Dial></Response>
 *
 * A request is a form with AccountSid, CallSid, From, To and CallStatus; one to the `action` of a Dial that is over has
 * DialCallStatus as well: completed, busy, no-answer, failed or canceled. It is signed as webhooks of texts are, over its body
 * alone, so whatever comes to this address is told apart by its fields.
 * Source: https://developers.telnyx.com/docs/voice/programmable-voice/texml-instruction-fetching, .../texml-verbs/say,
 * .../texml-verbs/dial, and for fields and signature https://developers.telnyx.com/api-reference/callbacks/texml-call-ringing
 */
export const telnyxCalls = openCalls({
  fieldsOf: ({ body }) => Object.fromEntries(new URLSearchParams(body.toString())),
  ended: 'DialCallStatus',
  speech: (language) => ({ name: 'Say', attributes: { ...voices[language], loop: 2 } }),
});

/** Its own woman speaks American English alone; the voices of Amazon Polly speak the language that they are of. */
const voices = {
  en: { voice: 'woman', language: 'en-US' },
  es: { voice: 'Polly.Lupe', language: 'es-US' },
  fr: { voice: 'Polly.Chantal', language: 'fr-CA' },
} as const;
