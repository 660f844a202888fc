import { carrierNames } from '../rules/carriers.ts';

/**
 * Every setting of the program: one row each. The table gives the reader, the default and the help line from which
 * the README's settings table is checked; nothing else reads process.env.
 */
export type Kind =
  | 'text'
  | 'country'
  | 'url'
  | 'mysql'
  | 'redis'
  | 'integer'
  | 'number'
  | 'flag'
  | 'list'
  | 'phone'
  | 'phones';
export type Setting = {
  kind: Kind;
  default?: string;
  min?: number;
  max?: number;
  /** Of a text or an address, in characters. */
  maxLength?: number;
  /** Of a secret that may be left out: one that is set has so many characters at least. */
  shortest?: number;
  /** Of an address. */
  schemes?: readonly string[];
  /** The only values of a text. */
  oneOf?: readonly string[];
  help: string;
};

export const settings = {
  PORT: { kind: 'integer', default: '3000', min: 0, max: 65535, help: 'Port of the API.' },
  HOST: { kind: 'text', default: '0.0.0.0', help: 'Address that the API listens on.' },
  BRAND: {
    kind: 'text',
    default: 'Group Texting',
    maxLength: 30,
    help: 'Who texts, as the campaign is registered; welcome, STOP and HELP texts begin with it. At most 15 characters keep a welcome in one segment.',
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
  MYSQL_URL: {
    kind: 'mysql',
    help: 'MySQL 8 or MariaDB: mysql://user:password@host:port/database; mysqls:// is TLS.',
  },
  REDIS_URL: {
    kind: 'redis',
    help: 'Redis: redis://host:port, rediss:// is TLS; addresses of some nodes with commas between are a Redis Cluster, redis+sentinel://host:port,host:port/name is found by Sentinels.',
  },
  PUBLIC_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    help: 'The address under which the carrier reaches the API; signatures are checked against it.',
  },
  APP_SECRET: {
    kind: 'text',
    default: '',
    help: 'Secret that keys stored PINs and fingerprints; without it PLIVO_AUTH_TOKEN does.',
  },
  CARRIER: {
    kind: 'text',
    oneOf: ['', ...carrierNames],
    default: '',
    help: 'Main carrier, plivo or telnyx, where numbers are bought and where those are that no list names; without it the first that is set up.',
  },
  PLIVO_AUTH_ID: { kind: 'text', default: '', help: 'Plivo account id; required unless Telnyx is set up.' },
  PLIVO_AUTH_TOKEN: {
    kind: 'text',
    default: '',
    help: 'Plivo auth token; also the key of the webhook signatures. Required unless Telnyx is set up.',
  },
  PLIVO_API_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'https://api.plivo.com',
    help: 'Address of Plivo’s API.',
  },
  PLIVO_ACCEPT_V2: {
    kind: 'flag',
    default: '0',
    help: '1 accepts webhooks signed with V2, which does not sign the body.',
  },
  PLIVO_APP_ID: {
    kind: 'text',
    default: '',
    help: 'Plivo application to which bought numbers are attached; its message URL is PUBLIC_URL/plivo/message.',
  },
  PLIVO_CAMPAIGN_ID: {
    kind: 'text',
    default: '',
    help: '10DLC campaign at Plivo to which bought numbers are linked; they are handed out when Plivo says that they are.',
  },
  PLIVO_NUMBERS: {
    kind: 'phones',
    default: '',
    help: 'Numbers of ours that are at Plivo, comma-separated, where Plivo is not the main carrier; added to the pool like those of NUMBER_POOL.',
  },
  TELNYX_API_KEY: { kind: 'text', default: '', help: 'Telnyx API key; without it Telnyx is not used.' },
  TELNYX_PUBLIC_KEY: {
    kind: 'text',
    default: '',
    help: 'Public key of the Telnyx account, in base64, against which webhook signatures are checked.',
  },
  TELNYX_API_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'https://api.telnyx.com',
    help: 'Address of Telnyx’s API.',
  },
  TELNYX_PROFILE_ID: {
    kind: 'text',
    default: '',
    help: 'Telnyx messaging profile to which bought numbers are attached; its webhook URL is PUBLIC_URL/telnyx/message.',
  },
  TELNYX_NUMBERS: {
    kind: 'phones',
    default: '',
    help: 'Numbers of ours that are at Telnyx, comma-separated, where Telnyx is not the main carrier; added to the pool like those of NUMBER_POOL.',
  },
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
  NUMBER_MPS: {
    kind: 'number',
    default: '1',
    min: 0,
    max: 10000,
    help: 'Texts a second that one number of ours sends; 0 is no limit.',
  },
  ACCOUNT_MPS: {
    kind: 'number',
    default: '5',
    min: 0,
    max: 100000,
    help: 'Texts a second that our account at each carrier sends; 0 is no limit.',
  },
  HORIZON_SECONDS: {
    kind: 'number',
    default: '5',
    min: 0.5,
    max: 60,
    help: 'How far ahead sending slots are reserved.',
  },
  QUEUE_DEPTH: {
    kind: 'integer',
    default: '20000',
    min: 100,
    max: 1000000,
    help: 'Jobs that a queue holds where there is no limit; the rest waits in MySQL.',
  },
  QUEUE_SHARDS: {
    kind: 'integer',
    default: '1',
    min: 1,
    max: 64,
    help: 'Sending queues; the source number picks the shard. In a Redis Cluster they spread over the nodes.',
  },
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
  THROTTLE_PER_MINUTE: {
    kind: 'integer',
    default: '30',
    min: 1,
    max: 1000000,
    help: 'Calls a minute that one address may make to each throttled URL.',
  },
  INBOUND_PER_MINUTE: {
    kind: 'integer',
    default: '30',
    min: 1,
    max: 100000,
    help: 'Texts and `/message/send` calls a minute that one phone may send us.',
  },
  STRIPE_SECRET_KEY: {
    kind: 'text',
    default: '',
    help: 'Secret key of the payment provider; without it no card is taken or charged.',
  },
  STRIPE_API_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'https://api.stripe.com',
    help: 'Address of the payment provider’s API.',
  },
  STRIPE_WEBHOOK_SECRET: {
    kind: 'text',
    default: '',
    help: 'Secret with which the payment provider signs its events to PUBLIC_URL/stripe/webhook; without it that URL is 404.',
  },
  APNS_KEY: {
    kind: 'text',
    default: '',
    help: 'Key (PEM) with which Apple’s push service is asked; without it iPhones get SMS instead. The next three belong to it.',
  },
  APNS_KEY_ID: { kind: 'text', default: '', help: 'Name of that key at Apple.' },
  APNS_TEAM_ID: { kind: 'text', default: '', help: 'Name of the developer team at Apple.' },
  APNS_TOPIC: { kind: 'text', default: '', help: 'Bundle id of the app.' },
  APNS_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'https://api.push.apple.com',
    help: 'Address of Apple’s push service; spoken to in HTTP/2.',
  },
  FCM_SERVICE_ACCOUNT: {
    kind: 'text',
    default: '',
    help: 'JSON of the service account for Google’s push service; without it Android phones get SMS instead.',
  },
  FCM_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: 'https://fcm.googleapis.com',
    help: 'Address of Google’s push service.',
  },
  SMTP_URL: {
    kind: 'url',
    schemes: ['smtp', 'smtps'],
    default: '',
    help: 'Mail server for receipts and warnings: smtp://user:password@host:port?from=ADDRESS; without it no email is sent.',
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
    help: 'Password of the user ops under /ops, at least 12 characters; without it /ops is 404.',
  },
  LOG_LEVEL: {
    kind: 'text',
    oneOf: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    help: 'fatal, error, warn, info, debug, trace or silent.',
  },
} as const satisfies Record<string, Setting>;
