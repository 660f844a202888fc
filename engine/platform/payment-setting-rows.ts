import type { Setting } from './setting.ts';

/** The payment provider, and how often cards may be tried. */
export const paymentSettingRows = {
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
  CARD_TRIES_PER_ACCOUNT: {
    kind: 'integer',
    default: '5',
    min: 0,
    max: 1000000,
    help: 'Cards an hour that one account may save, and as many charges that are declined; 0 is no limit.',
  },
  CARD_TRIES_PER_ADDRESS: {
    kind: 'integer',
    default: '20',
    min: 0,
    max: 1000000,
    help: 'The same for one address; an IPv6 /64 counts as one.',
  },
  CARD_TRIES_PER_HOUR: {
    kind: 'integer',
    default: '200',
    min: 0,
    max: 1000000,
    help: 'The same in all.',
  },
} as const satisfies Record<string, Setting>;
