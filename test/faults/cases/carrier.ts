import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault as Wish } from '../../../dev/simulator/faults.ts';
import type { Fault } from '../fault.ts';

/** What the carrier does wrong for some seconds, to many texts. A time-out is 4 s here. */
const wishes: readonly { name: string; does: string; wish: Wish; times?: number; ms?: [number, number] }[] = [
  { name: 'carrier-429', does: 'a storm of 429', wish: { kind: '429', probability: 0.6 } },
  { name: 'carrier-500', does: 'answers 500', wish: { kind: '500', probability: 0.6 } },
  { name: 'carrier-503', does: 'answers 503 to everything', wish: { kind: '503' } },
  {
    name: 'carrier-reset',
    does: 'hangs up, not having taken the text',
    wish: { kind: 'reset_before', probability: 0.3 },
  },
  {
    name: 'carrier-gone',
    does: 'hangs up on everything for 10 to 20 s',
    wish: { kind: 'reset_before' },
    times: 1,
    ms: [10_000, 20_000],
  },
  {
    name: 'carrier-no-credit',
    does: 'answers 402 to everything: sending pauses for two minutes',
    wish: { kind: '402' },
    times: 1,
  },
  {
    name: 'carrier-reset-taken',
    does: 'hangs up, having taken the text',
    wish: { kind: 'reset_after', probability: 0.3 },
  },
  {
    name: 'carrier-mute',
    does: 'never answers, not having taken the text',
    wish: { kind: 'timeout_before', probability: 0.3, ms: 8_000 },
  },
  {
    name: 'carrier-mute-taken',
    does: 'never answers, having taken the text',
    wish: { kind: 'timeout_after', probability: 0.3, ms: 8_000 },
  },
  { name: 'carrier-slow', does: 'answers after the time-out', wish: { kind: 'slow', probability: 0.3, ms: 5_000 } },
  { name: 'carrier-trickle', does: 'answers byte by byte', wish: { kind: 'trickle', probability: 0.3, ms: 5_000 } },
  { name: 'carrier-garbled', does: 'answers half a JSON', wish: { kind: 'wrong_json', probability: 0.3 } },
  {
    name: 'carrier-odd',
    does: 'answers 200 with an error and no name of a text',
    wish: { kind: 'error_in_200', probability: 0.3 },
  },
  { name: 'report-lost', does: 'reports nothing', wish: { kind: 'report_lost', probability: 0.5 } },
  { name: 'report-doubled', does: 'reports everything twice at once', wish: { kind: 'report_doubled' } },
  { name: 'report-reversed', does: 'reports the end before the middle', wish: { kind: 'report_reversed' } },
  { name: 'report-first', does: 'reports before it answers', wish: { kind: 'report_first' } },
  { name: 'report-late', does: 'reports seconds later', wish: { kind: 'report_late', ms: 3_000 } },
  { name: 'webhook-doubled', does: 'brings each text twice in the same instant', wish: { kind: 'webhook_doubled' } },
  { name: 'webhook-repeated', does: 'brings each text again a minute later', wish: { kind: 'webhook_repeated' } },
  { name: 'webhook-forged', does: 'somebody else signs texts', wish: { kind: 'webhook_forged', probability: 0.5 } },
];

export const carrierFaults: readonly Fault[] = wishes.map(
  ({ name, does, wish, times = 3, ms: [least, most] = [1_000, 3_000] }) => ({
    name,
    does: `the carrier ${does}`,
    times,
    async strike({ simulator }, random) {
      simulator.fault(wish);
      await sleep(random.between(least, most));
      simulator.clearFaults();
    },
  }),
);
