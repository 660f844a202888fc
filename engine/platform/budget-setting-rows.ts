import type { Setting } from './setting.ts';

/** The budgets of free texts to phones that never texted us and never logged in. */
export const budgetSettingRows = {
  FIRST_TEXTS_PER_PHONE: {
    kind: 'integer',
    default: '3',
    min: 0,
    max: 1000000,
    help: 'Free texts a day to a phone that never texted us and never logged in, and 10 in 30 days; 0 is no limit.',
  },
  FIRST_TEXTS_PER_ADDRESS: {
    kind: 'integer',
    default: '30',
    min: 0,
    max: 1000000,
    help: 'First texts an hour that one address without a session causes; an IPv6 /64 counts as one, its /48 four times; 0 is no limit.',
  },
  FIRST_TEXTS_PER_MEMBER: {
    kind: 'integer',
    default: '250',
    min: 0,
    max: 1000000,
    help: 'First texts a day that one member on a trial account causes, four times that on any other; more of them wait; 0 is no limit.',
  },
  FIRST_TEXTS_PER_PREFIX: {
    kind: 'integer',
    default: '100',
    min: 0,
    max: 1000000,
    help: 'First texts an hour to phones that differ in their last 4 digits alone; 0 is no limit.',
  },
  FIRST_TEXTS_PER_HOUR: {
    kind: 'integer',
    default: '1000',
    min: 0,
    max: 1000000,
    help: 'First texts an hour in all; 0 is no limit.',
  },
} as const satisfies Record<string, Setting>;
