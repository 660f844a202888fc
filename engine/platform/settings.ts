import { consentModes } from '../rules/consent.ts';
import { budgetSettingRows } from './budget-setting-rows.ts';
import { carrierSettingRows } from './carrier-setting-rows.ts';
import { connectionSettingRows } from './connection-setting-rows.ts';
import { floodSettingRows } from './flood-setting-rows.ts';
import { keepingSettingRows } from './keeping-setting-rows.ts';
import { mediaSettingRows } from './media-setting-rows.ts';
import { paceSettingRows } from './pace-setting-rows.ts';
import { paymentSettingRows } from './payment-setting-rows.ts';
import { pushSettingRows } from './push-setting-rows.ts';
import type { Setting } from './setting.ts';
import { traceSettingRows } from './trace-setting-rows.ts';

/**
 * Every setting of the program: one row each. The table gives the reader, the default and the help line from which
 * the README's settings table is checked; nothing else reads process.env.
 */
export const settings = {
  PORT: { kind: 'integer', default: '3000', min: 0, max: 65535, help: 'Port of the API.' },
  HOST: { kind: 'text', default: '0.0.0.0', help: 'Address that the API listens on.' },
  BRAND: {
    kind: 'text',
    default: 'Group Texting',
    maxLength: 30,
    help: 'Who texts, as the campaign is registered; welcome, STOP and HELP texts begin with it, and emails are from it. At most 15 characters keep a welcome in one segment.',
  },
  SUPPORT_CONTACT: {
    kind: 'text',
    default: '',
    maxLength: 50,
    help: 'Where people get help: a web address, e-mail address or phone number; named in the answers to HELP and STOP.',
  },
  TERMS_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: '',
    maxLength: 64,
    help: 'Terms and privacy policy; named in the answer to HELP, and in a welcome where it costs no further segment.',
  },
  ...connectionSettingRows,
  PUBLIC_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    help: 'The address under which the carrier reaches the API; signatures are checked against it.',
  },
  APP_SECRET: {
    kind: 'text',
    default: '',
    help: 'Secret that keys stored PINs, fingerprints and the phones of people who were forgotten; without it PLIVO_AUTH_TOKEN does.',
  },
  ...carrierSettingRows,
  CARRIER_TIMEOUT_MS: {
    kind: 'integer',
    default: '10000',
    min: 100,
    max: 120000,
    help: 'Milliseconds that a send may take before it counts as unknown.',
  },
  UNKNOWN_WAIT_SECONDS: {
    kind: 'integer',
    default: '120',
    min: 1,
    max: 86400,
    help: 'Seconds that an unknown send waits for its report before it is sent again.',
  },
  MAX_ATTEMPTS: { kind: 'integer', default: '6', min: 1, max: 50, help: 'Attempts to send one text.' },
  ...paceSettingRows,
  SERVICE_NUMBER: { kind: 'phone', help: 'Our number that belongs to no group: PINs and account texts.' },
  NUMBER_POOL: {
    kind: 'phones',
    default: '',
    help: 'Our group numbers, comma-separated; added to the pool at start if absent.',
  },
  AUTO_BUY_NUMBERS: { kind: 'flag', default: '0', help: '1 buys a number at the carrier when the pool is used up.' },
  AUTO_BUY_PER_DAY: {
    kind: 'integer',
    default: '5',
    min: 0,
    max: 1000,
    help: 'Numbers that are bought in 24 hours at most; 0 is no limit.',
  },
  AUTO_BUY_POOL: {
    kind: 'integer',
    default: '49',
    min: 0,
    max: 100000,
    help: 'Size of the pool up to which numbers are bought, 49 being what T-Mobile allows a campaign; 0 is no limit.',
  },
  PAIR_REST_DAYS: {
    kind: 'integer',
    default: '30',
    min: 0,
    max: 3650,
    help: 'Days that a freed pair of phone and number rests.',
  },
  MAX_MEMBERS: {
    kind: 'integer',
    default: '102',
    min: 2,
    max: 100000,
    help: 'Members of a group, its creator counted.',
  },
  CONSENT: {
    kind: 'text',
    default: 'join',
    oneOf: consentModes,
    help: 'open: everybody who is named is a member at once. join: but who joins by a call without a session of their phone is asked first. ask: everybody who is named is asked first.',
  },
  MAX_PENDING_GROUPS: {
    kind: 'integer',
    default: '3',
    min: 1,
    max: 1000,
    help: 'Staged groups that one creator may have.',
  },
  STAGED_TTL_HOURS: {
    kind: 'number',
    default: '72',
    min: 0.001,
    max: 8760,
    help: 'Hours after which a staged group lapses.',
  },
  DEFAULT_ZONE: {
    kind: 'zone',
    default: 'America/New_York',
    help: 'Time zone of phones whose area code says nothing, and which chose none by *zone.',
  },
  GROUP_HOURS: {
    kind: 'hours',
    default: '',
    help: 'What *hours is in a new group until its owner changes it, such as 8-21; empty: off.',
  },
  LEGAL_HOURS: {
    kind: 'flag',
    default: '1',
    help: 'In a group with *hours, not even ! sends outside the hours that US law has for texts that sell; 0: nobody here sells.',
  },
  DEFAULT_REGION: { kind: 'country', default: 'US', help: 'Country in which a number without country code is read.' },
  ALLOWED_COUNTRIES: { kind: 'list', default: 'US,CA', help: 'Countries whose phones may take part, comma-separated.' },
  TRIAL_BALANCE: {
    kind: 'integer',
    default: '500',
    min: 0,
    max: 1000000,
    help: 'Pennies that a new account starts with.',
  },
  PRICE_PER_SEGMENT: { kind: 'integer', default: '2', min: 0, max: 1000, help: 'Pennies for one SMS segment.' },
  PRICE_PER_MMS: { kind: 'integer', default: '5', min: 0, max: 1000, help: 'Pennies for one MMS.' },
  ...floodSettingRows,
  ...budgetSettingRows,
  ...paymentSettingRows,
  ...pushSettingRows,
  SMTP_URL: {
    kind: 'url',
    schemes: ['smtp', 'smtps'],
    default: '',
    help: 'Mail server for receipts and warnings: smtp://user:password@host:port?from=ADDRESS; without it no email is sent.',
  },
  CORS_ORIGINS: {
    kind: 'origins',
    default: '',
    help: 'Origins whose pages may call the API from a browser, such as https://app.example, comma-separated; * is every origin.',
  },
  KEEP_ALIVE_SECONDS: {
    kind: 'integer',
    default: '75',
    min: 1,
    max: 3600,
    help: 'Seconds that an idle connection stays open; more than those of the balancer in front, which are usually 60.',
  },
  TRUST_PROXY: {
    kind: 'flag',
    default: '0',
    help: '1 takes the client’s address from the last entry of X-Forwarded-For.',
  },
  OPS_PASSWORD: {
    kind: 'text',
    default: '',
    shortest: 12,
    help: 'Password of the user ops under /ops, the operators’ console, at least 12 characters; without it /ops is 404.',
  },
  ...keepingSettingRows,
  ...mediaSettingRows,
  HOOKS_TO_PRIVATE: {
    kind: 'flag',
    default: '0',
    help: '1 lets webhooks of apps go to private addresses and by http: on one machine alone, never where strangers register them.',
  },
  EVENT_LISTENERS: {
    kind: 'integer',
    default: '10000',
    min: 0,
    max: 100000,
    help: 'How many apps at most may hold a stream of /v1/events open at one web process; 0 is none.',
  },
  ...traceSettingRows,
  METRICS_PORT: {
    kind: 'integer',
    default: '0',
    min: 0,
    max: 65535,
    help: 'Port of every process type at whose /metrics Prometheus reads what that process measures, without a password; 0 is none.',
  },
  LOG_LEVEL: {
    kind: 'text',
    oneOf: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    help: 'fatal, error, warn, info, debug, trace or silent.',
  },
} as const satisfies Record<string, Setting>;
