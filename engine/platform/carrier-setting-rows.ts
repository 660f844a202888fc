import { carrierNames } from '../rules/carriers.ts';
import type { Setting } from './setting.ts';

/** What each carrier needs, and which is the main one. */
export const carrierSettingRows = {
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
  PLIVO_LOOKUP_URL: {
    kind: 'url',
    schemes: ['http', 'https'],
    default: '',
    help: 'Address of Plivo’s Lookup API, https://lookup.plivo.com: with it each phone that is added is looked up once, which costs $0.004, and owners are told of landlines.',
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
} as const satisfies Record<string, Setting>;
