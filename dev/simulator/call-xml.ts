import { XMLParser } from 'fast-xml-parser';

/** What an answer to a call orders: words that are read aloud, or another phone that rings. */
export type Orders = { said: string; dial: Dialled | null };
/** `askAt` is asked what comes next when that call is over. */
export type Dialled = { to: string; callerId: string; ringSeconds: number; limitSeconds: number; askAt: string };

/** Reads a `<Response>`; `speech` is the element that speaks, once read. Elements that this machine does not know are left out. */
export function readOrders(xml: string, speech: 'Speak' | 'Say'): Orders {
  const parser = new XMLParser({ parseTagValue: false, ignoreAttributes: false, isArray: (name) => name === speech });
  const { Response = {} } = parser.parse(xml) as { Response?: Read | '' };
  const { Dial, ...rest } = Response === '' ? {} : Response;
  const spoken = (rest as Record<string, readonly Spoken[] | undefined>)[speech] ?? [];
  return {
    said: spoken.map((one) => (typeof one === 'string' ? one : (one['#text'] ?? ''))).join(' '),
    dial: Dial === undefined ? null : readDial(Dial),
  };
}

type Spoken = string | { '#text'?: string };
type Dial = { Number?: string } & Record<`@_${string}`, string | undefined>;
type Read = { Dial?: Dial };

function readDial(dial: Dial): Dialled {
  const { '@_callerId': callerId = '', '@_action': askAt = '', '@_timeout': ring, '@_timeLimit': limit } = dial;
  return { to: dial.Number ?? '', callerId, askAt, ringSeconds: Number(ring), limitSeconds: Number(limit) };
}
