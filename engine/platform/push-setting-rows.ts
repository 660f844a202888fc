import type { Setting } from './setting.ts';

/** The push services of Apple and Google. */
export const pushSettingRows = {
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
} as const satisfies Record<string, Setting>;
