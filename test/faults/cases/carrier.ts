import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault as SimulatorFault } from '../../../dev/simulator/faults.ts';
import type { Fault } from '../fault.ts';

/** What the carrier does wrong for some seconds, to many texts. A time-out is 4 s here. */
const scenarios: readonly {
  name: string;
  does: string;
  fault: SimulatorFault;
  times?: number;
  ms?: [number, number];
}[] = [
  { name: 'carrier-429', does: 'a storm of 429', fault: { kind: '429', probability: 0.6 } },
  { name: 'carrier-500', does: 'answers 500', fault: { kind: '500', probability: 0.6 } },
  { name: 'carrier-503', does: 'answers 503 to everything', fault: { kind: '503' } },
  {
    name: 'carrier-reset',
    does: 'hangs up, not having taken the text',
    fault: { kind: 'reset_before', probability: 0.3 },
  },
  {
    name: 'carrier-gone',
    does: 'hangs up on everything for 10 to 20 s',
    fault: { kind: 'reset_before' },
    times: 1,
    ms: [10_000, 20_000],
  },
  {
    name: 'carrier-no-credit',
    does: 'answers 402 to everything: sending pauses for two minutes',
    fault: { kind: '402' },
    times: 1,
  },
  {
    name: 'carrier-reset-taken',
    does: 'hangs up, having taken the text',
    fault: { kind: 'reset_after', probability: 0.3 },
  },
  {
    name: 'carrier-mute',
    does: 'never answers, not having taken the text',
    fault: { kind: 'timeout_before', probability: 0.3, ms: 8_000 },
  },
  {
    name: 'carrier-mute-taken',
    does: 'never answers, having taken the text',
    fault: { kind: 'timeout_after', probability: 0.3, ms: 8_000 },
  },
  { name: 'carrier-slow', does: 'answers after the time-out', fault: { kind: 'slow', probability: 0.3, ms: 5_000 } },
  { name: 'carrier-trickle', does: 'answers byte by byte', fault: { kind: 'trickle', probability: 0.3, ms: 5_000 } },
  { name: 'carrier-garbled', does: 'answers half a JSON', fault: { kind: 'wrong_json', probability: 0.3 } },
  {
    name: 'carrier-odd',
    does: 'answers 200 with an error and no name of a text',
    fault: { kind: 'error_in_200', probability: 0.3 },
  },
  { name: 'report-lost', does: 'reports nothing', fault: { kind: 'report_lost', probability: 0.5 } },
  { name: 'report-doubled', does: 'reports everything twice at once', fault: { kind: 'report_doubled' } },
  { name: 'report-reversed', does: 'reports the end before the middle', fault: { kind: 'report_reversed' } },
  { name: 'report-first', does: 'reports before it answers', fault: { kind: 'report_first' } },
  { name: 'report-late', does: 'reports seconds later', fault: { kind: 'report_late', ms: 3_000 } },
  { name: 'webhook-doubled', does: 'brings each text twice in the same instant', fault: { kind: 'webhook_doubled' } },
  { name: 'webhook-repeated', does: 'brings each text again a minute later', fault: { kind: 'webhook_repeated' } },
  { name: 'webhook-forged', does: 'somebody else signs texts', fault: { kind: 'webhook_forged', probability: 0.5 } },
];

export const carrierFaults: readonly Fault[] = scenarios.map(
  ({ name, does, fault, times = 3, ms: [least, most] = [1_000, 3_000] }) => ({
    name,
    does: `the carrier ${does}`,
    times,
    async strike({ simulator }, random) {
      simulator.fault(fault);
      await sleep(random.between(least, most));
      simulator.clearFaults();
    },
  }),
);
