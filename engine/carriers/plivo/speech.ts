/**
 * The answer to a call: Plivo reads the words aloud, twice, and hangs up.
 *
 *     <Response><Speak voice="WOMAN" language="en-US" loop="2">Hello. …</Speak><Hangup/></Response>
 *
 * Source: https://www.plivo.com/docs/voice/xml/request and .../voice/xml/speak. The request has CallUUID, From, To, Direction and
 * CallStatus, and is signed as those of texts are: https://docs.plivo.com/docs/voice/xml/request/validation
 */
export async function saying(words: string): Promise<string> {
  // Takes a while to load, and most processes never need it.
  const { Response } = await import('plivo');
  const response = Response();
  response.addSpeak(words, { voice: 'WOMAN', language: 'en-US', loop: 2 });
  response.addHangup();
  return response.toXML();
}
