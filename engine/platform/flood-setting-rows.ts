import type { Setting } from './setting.ts';

/** What is more than a person calls or texts. */
export const floodSettingRows = {
  THROTTLE_PER_MINUTE: {
    kind: 'integer',
    default: '30',
    min: 1,
    max: 1000000,
    help: 'Calls a minute that one address may make to each throttled URL; an IPv6 /64 counts as one, its /48 four times.',
  },
  INBOUND_PER_MINUTE: {
    kind: 'integer',
    default: '30',
    min: 1,
    max: 100000,
    help: 'Texts and `/message/send` calls a minute that one phone may send us.',
  },
  LOOP_ANSWERS: {
    kind: 'integer',
    default: '10',
    min: 0,
    max: 1000,
    help: 'So often two members of a group may answer each other within 5 seconds before they are machines; 0 is no limit.',
  },
  FORWARDED_CALLS_PER_DAY: {
    kind: 'integer',
    default: '10',
    min: 0,
    max: 10000,
    help: 'Calls a day that one group may have forwarded by *forward, and that one phone may get so; 0 forwards none. Accounts do not pay for them.',
  },
  FORWARDED_CALLS_PER_HOUR: {
    kind: 'integer',
    default: '100',
    min: 0,
    max: 100000,
    help: 'Calls an hour that are forwarded in all; 0 is no limit.',
  },
  FORWARDED_CALL_MINUTES: {
    kind: 'integer',
    default: '10',
    min: 1,
    max: 240,
    help: 'Minutes after which a forwarded call ends.',
  },
} as const satisfies Record<string, Setting>;
