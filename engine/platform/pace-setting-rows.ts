import type { Setting } from './setting.ts';

/** Settings of how fast texts go to the carrier, and how far ahead. */
export const paceSettingRows = {
  NUMBER_MPS: {
    kind: 'number',
    default: '1',
    min: 0,
    max: 10000,
    help: 'Segments a second that one number of ours sends; 0 is no limit. With ACCOUNT_MPS at 0 too nothing is limited.',
  },
  TOLLFREE_MPS: {
    kind: 'number',
    default: '25',
    min: 0,
    max: 10000,
    help: 'The same of a toll-free number.',
  },
  SHORT_MPS: { kind: 'number', default: '100', min: 0, max: 10000, help: 'The same of a short code.' },
  NUMBER_MMS_MPS: {
    kind: 'number',
    default: '1',
    min: 0,
    max: 10000,
    help: 'MMS a second that one number of ours sends that is not toll-free; 0 is no limit.',
  },
  TOLLFREE_MMS_MPS: { kind: 'number', default: '2', min: 0, max: 10000, help: 'The same of a toll-free number.' },
  ACCOUNT_MPS: {
    kind: 'number',
    default: '5',
    min: 0,
    max: 100000,
    help: 'Segments a second that our account at each carrier sends; 0 is no limit.',
  },
  ACCOUNT_MMS_MPS: {
    kind: 'number',
    default: '0.25',
    min: 0,
    max: 100000,
    help: 'MMS a second that our account at each carrier sends, besides; 0 is no limit.',
  },
  HORIZON_SECONDS: {
    kind: 'number',
    default: '5',
    min: 0.5,
    max: 60,
    help: 'How far ahead sending slots are reserved: PINs and answers use all of it, messages a fifth.',
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
  TURN_SHARDS: {
    kind: 'integer',
    default: '1',
    min: 1,
    max: 64,
    help: 'Parts of what says whose turn it is and when a number may send; the number picks the part. In a Redis Cluster they spread over the nodes.',
  },
} as const satisfies Record<string, Setting>;
