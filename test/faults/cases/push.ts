import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultKind } from '../../../dev/push-simulator/desk.ts';
import type { Fault } from '../fault.ts';

const kinds: Partial<Record<FaultKind, string>> = {
  refuse: 'answer every alert with an error',
  throttle: 'say that there are too many alerts',
  unauthorized: 'take no token of ours',
  ignore: 'never answer, not having taken the alert',
  hang: 'never answer, having taken the alert',
  reset: 'hang up, not having taken the alert',
};

/** Members who have the app get a text instead, however the push services fail them. */
export const pushFaults: readonly Fault[] = [
  ...Object.entries(kinds).map(
    ([kind, does]): Fault => ({
      name: `push-${kind}`,
      does: `the push services ${does}`,
      times: 3,
      async strike({ pushes }, random) {
        pushes.fault({ kind: kind as FaultKind });
        await sleep(random.between(1_000, 4_000));
        pushes.clearFaults();
      },
    }),
  ),
  {
    name: 'push-cut',
    does: 'every connection to the push services breaks, again and again',
    times: 3,
    async strike({ pushes }, random) {
      for (let cuts = 0; cuts < 20; cuts++) {
        pushes.cut();
        await sleep(random.between(10, 200));
      }
    },
  },
];
