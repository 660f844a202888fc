import { keyAccesses } from '../engine/rules/api-keys.ts';
import { batchChoices } from '../engine/rules/bundles.ts';
import { deviceTypeNames, readDeviceType } from '../engine/rules/devices.ts';
import type { ErrorToken } from '../engine/rules/error-catalogue.ts';
import { smsStates } from '../engine/rules/fields.ts';
import { languages, readLanguage } from '../engine/rules/languages/language.ts';
import {
  cleanMessage,
  cleanText,
  codePoints,
  faultOfGroupName,
  faultOfName,
  isBlank,
  NAME_LIMIT,
} from '../engine/rules/names.ts';
import { type PhoneSettings, readPhone, spellPhone } from '../engine/rules/phone.ts';
import { readHours, writeHours } from '../engine/rules/windows.ts';
import { readZone } from '../engine/rules/zones.ts';

/**
 * The kinds of values that a call may carry. `clean` makes the value as it counts for "empty"; `read` makes what the
 * handler gets, or says which error it is; `shape` is for the reference. A new kind is a new row.
 */
export const kinds = {
  text: {
    read: (text, { limit, wrong = 'BAD_REQUEST' }) => within(text, limit, wrong),
    shape: ({ limit }) => ({ type: 'string', ...(limit === undefined ? {} : { maxLength: limit }) }),
  },
  groupName: {
    isName: true,
    refuses: 'one that reads as a phone number, holds a web address, or shows nothing',
    read: (text, _, phones) => named(text, (name) => faultOfGroupName(name, phones) !== null),
    shape: () => ({ type: 'string', maxLength: NAME_LIMIT }),
  },
  // In front of a text a name must read as nothing else.
  personName: {
    isName: true,
    refuses: 'one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing',
    read: (text) => named(text, (name) => faultOfName(name) !== null),
    shape: () => ({ type: 'string', maxLength: NAME_LIMIT }),
  },
  message: {
    clean: cleanMessage,
    read: (text) => within(text, MESSAGE_LIMIT, 'MESSAGE_TOO_LONG'),
    shape: () => ({ type: 'string', maxLength: MESSAGE_LIMIT }),
  },
  email: {
    read: (text, { wrong = 'BAD_REQUEST' }) => (text.length <= EMAIL_LIMIT && EMAIL.test(text) ? text : refused(wrong)),
    shape: () => ({ type: 'string', format: 'email', maxLength: EMAIL_LIMIT }),
  },
  hours: {
    refuses: 'one that is no hours, or fewer than eight',
    read: (text) => {
      const hours = readHours(text.slice(0, 40));
      return hours === null ? refused('BAD_REQUEST') : writeHours(hours);
    },
    shape: () => ({ type: 'string', maxLength: 40 }),
  },
  zone: {
    refuses: 'one that names no time zone',
    read: (text) => readZone(text.slice(0, 60)) ?? refused('BAD_REQUEST'),
    shape: () => ({ type: 'string', maxLength: 60 }),
  },
  batchChoice: {
    read: (text) => batchChoices.find((choice) => choice === text) ?? refused('BAD_REQUEST'),
    shape: () => ({ type: 'string', enum: batchChoices }),
  },
  language: {
    refuses: 'one that names none of our languages',
    read: (text) => readLanguage(text.slice(0, 20)) ?? refused('BAD_REQUEST'),
    shape: () => ({ type: 'string', enum: languages }),
  },
  inviteCode: {
    read: (text) => (INVITE_CODE.test(text) ? text : refused('INVALID_INVITE_CODE')),
    shape: () => ({ type: 'string', pattern: INVITE_CODE.source }),
  },
  phone: {
    read: (text, { wrong = 'INVALID_NUMBER' }, phones) =>
      readPhone(text, phones) ?? refused(wrong, spellPhone(text, phones) ?? text),
    shape: () => ({ type: 'string', format: 'phone' }),
  },
  // A PIN or a password; a wrong one looks like any other.
  secret: {
    read: (text) => text,
    shape: () => ({ type: 'string', format: 'password' }),
  },
  // What the payment provider calls a card that it was given by a browser.
  cardToken: {
    read: (text) => (CARD_TOKEN.test(text) ? text : refused('BAD_REQUEST')),
    shape: () => ({ type: 'string', pattern: CARD_TOKEN.source }),
  },
  search: {
    read: (text) => (codePoints(text) >= SEARCH_MINIMUM ? text : refused('SHORT_SEARCH')),
    shape: () => ({ type: 'string', minLength: SEARCH_MINIMUM }),
  },
  smsState: {
    read: (text) => smsStates.find((state) => String(state) === text) ?? refused('INVALID_SMS_STATE'),
    shape: () => ({ type: 'integer', enum: smsStates }),
  },
  deviceType: {
    read: (text) => readDeviceType(text) ?? refused('INVALID_TYPE'),
    shape: () => ({ type: 'string', enum: deviceTypeNames }),
  },
  keyAccess: {
    read: (text) => keyAccesses.find((access) => access === text) ?? refused('BAD_REQUEST'),
    shape: () => ({ type: 'string', enum: keyAccesses }),
  },
  // What the push services call a device.
  deviceToken: {
    read: (text) => (/^[ -~]{1,512}$/.test(text) ? text : refused('BAD_REQUEST')),
    shape: () => ({ type: 'string', pattern: '^[ -~]+$', maxLength: 512 }),
  },
  // The contents of a file.
  base64: {
    clean: (sent) => sent,
    read: (text) => (text.length % 4 === 0 && BASE64.test(text) ? text : refused('BAD_REQUEST')),
    shape: () => ({ type: 'string', contentEncoding: 'base64' }),
  },
  amount: {
    read: (text) => {
      const pennies = /^\d{1,9}$/.test(text) ? Number(text) : 0;
      return pennies >= CHARGE_MINIMUM && pennies <= CHARGE_MAXIMUM ? pennies : refused('INVALID_AMOUNT');
    },
    shape: () => ({ type: 'integer', minimum: CHARGE_MINIMUM, maximum: CHARGE_MAXIMUM }),
  },
  flag: {
    read: (text, { wrong = 'BAD_REQUEST' }) => (text === '1' || text === '0' ? text === '1' : refused(wrong)),
    shape: () => ({ type: 'integer', enum: [1, 0] }),
  },
  integer: {
    read: (text) => (/^-?\d{1,15}$/.test(text) ? Number(text) : refused('BAD_REQUEST')),
    shape: () => ({ type: 'integer' }),
  },
} as const satisfies Record<string, KindRow>;

export type Kind = keyof typeof kinds;
export type ValueOf<K extends Kind> = Exclude<ReturnType<(typeof kinds)[K]['read']>, Wrong>;

/** What a row of an endpoint's parameter table says beyond its kind. */
export type KindOptions = {
  /** The most code points. */
  limit?: number;
  /** The error of a bad value, where it is not the kind's own. */
  wrong?: ErrorToken;
};

export type KindRow = {
  /** One that shows nothing is wrong, not missing. */
  isName?: true;
  /** What the reference says of values that are BAD_REQUEST. */
  refuses?: string;
  clean?: (sent: string) => string;
  read(text: string, options: KindOptions, phones: PhoneSettings): string | boolean | number | Wrong;
  shape(options: KindOptions): object;
};

/** A value that is not to be had: which error that is, and what its subtype would hold. */
export type Wrong = { wrong: ErrorToken; subtype: string | undefined };

/**
 * The value as it counts for "missing", with spaces, controls and invisible characters off. Null where the value can
 * be no scalar of this kind at all.
 */
export function cleaned(kind: Kind, sent: Scalar): string | null {
  if (typeof sent === 'boolean' && kind === 'flag') return sent ? '1' : '0';
  if (typeof sent === 'boolean' && kind !== 'smsState') return null;
  const row: KindRow = kinds[kind];
  return (row.clean ?? cleanText)(String(sent));
}

/** True for a name that is there and shows nothing. */
export function isBlankName(kind: Kind, sent: Scalar): boolean {
  const row: KindRow = kinds[kind];
  return row.isName === true && isBlank(String(sent));
}

export type Scalar = string | number | boolean;

export function refused(wrong: ErrorToken, subtype?: string): Wrong {
  return { wrong, subtype };
}

/** The message limit of the document; texts from a handset may be longer. */
const MESSAGE_LIMIT = 150;
/** From the document. */
const SEARCH_MINIMUM = 3;
/** Pennies, from the document. */
const CHARGE_MINIMUM = 1_000;
const CHARGE_MAXIMUM = 100_000;
/** RFC 5321, section 4.5.3.1. */
const EMAIL_LIMIT = 254;
const EMAIL = /^[^\s@]+@[^\s@.]+(?:\.[^\s@.]+)+$/;
const CARD_TOKEN = /^(pm|tok)_\w{1,250}$/;
const BASE64 = /^[A-Za-z0-9+/]+={0,2}$/;
const INVITE_CODE = /^[A-Za-z0-9_-]{4,50}$/;

/** The length comes first: to look through a name may take long. */
function named(text: string, isBad: (name: string) => boolean): string | Wrong {
  const fitting = within(text, NAME_LIMIT, 'TOO_LONG');
  return typeof fitting === 'string' && isBad(fitting) ? refused('BAD_REQUEST') : fitting;
}

/** A name that is too long is what its error's subtype holds. */
function within(text: string, limit: number | undefined, wrong: ErrorToken): string | Wrong {
  return limit === undefined || codePoints(text) <= limit ? text : refused(wrong, text);
}
