import type { Setting } from './setting.ts';

/** How long what is no longer needed for sending is kept. */
export const keepingSettingRows = {
  KEEP_TEXTS_DAYS: {
    kind: 'integer',
    default: '365',
    min: 0,
    max: 36500,
    help: 'Days that what was said is kept, and what schedules said; the message keeps its id. 0 is for ever, else at least 7, as in the next two.',
  },
  KEEP_DELIVERIES_DAYS: {
    kind: 'integer',
    default: '400',
    min: 0,
    max: 36500,
    help: 'Days that it is kept to whom each text went and what became of it; the books keep what carriers charged.',
  },
  KEEP_INBOUND_DAYS: {
    kind: 'integer',
    default: '0',
    min: 0,
    max: 36500,
    help: 'Days that the carriers’ ids of inbound texts are kept: a webhook that somebody recorded is refused for so long.',
  },
  KEEP_EVENTS_DAYS: {
    kind: 'integer',
    default: '30',
    min: 0,
    max: 36500,
    help: 'Days that a cursor of /v1/events is good for, and what it reads beside messages is kept; 0 is for ever.',
  },
} as const satisfies Record<string, Setting>;
