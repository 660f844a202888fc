import type { Language } from '../rules/languages/language.ts';
import { readAnyPhone } from '../rules/phone.ts';
import type { CallAnswer, CallNews, CarrierCalls, Webhook } from './carrier.ts';
import { type XmlElement, xmlResponse } from './xml.ts';

/** Where carriers differ: how a form is read, which field of it tells how a forwarded call went, and which element speaks a language. */
type Dialect = {
  fieldsOf(webhook: Webhook): Readonly<Record<string, unknown>>;
  ended: string;
  speech(language: Language): Pick<XmlElement, 'name' | 'attributes'>;
};

/** What several carriers have alike: the fields `From` and `To`, `completed` for a call that was picked up, and `<Dial>`. */
export function openCalls({ fieldsOf, ended, speech }: Dialect): CarrierCalls {
  return {
    read(webhook) {
      const fields = fieldsOf(webhook);
      const went = fields[ended];
      return {
        from: phoneIn(fields.From),
        to: phoneIn(fields.To),
        ended: went === undefined ? endedIn(fields.CallStatus) : went === 'completed' ? 'over' : 'missed',
      };
    },
    answer(what) {
      if (what.kind === 'say') return xmlResponse({ ...speech(what.language), holds: what.words }, hangUp);
      return xmlResponse(what.kind === 'hangUp' ? hangUp : dial(what));
    },
  };
}

/** An address that is told of the end of calls too, by a setting at the carrier, is asked nothing then. */
function endedIn(status: unknown): CallNews['ended'] {
  return status === 'completed' ? 'over' : null;
}

/** A raw `+` in a form reads as a space. */
function phoneIn(value: unknown): string | null {
  return typeof value === 'string' ? readAnyPhone(value.trim()) : null;
}

const hangUp: XmlElement = { name: 'Hangup' };

function dial({
  to,
  callerId,
  ringSeconds,
  limitSeconds,
  askAt,
}: Extract<CallAnswer, { kind: 'forward' }>): XmlElement {
  return {
    name: 'Dial',
    attributes: { action: askAt, method: 'POST', timeout: ringSeconds, timeLimit: limitSeconds, callerId },
    holds: { name: 'Number', holds: to },
  };
}
