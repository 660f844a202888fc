import { examine } from '../../engine/usecases/doctor/examine.ts';
import type { OfflineCommand } from './command.ts';
import { tableOf } from './table.ts';

export const doctor: OfflineCommand = {
  words: ['doctor'],
  takes: [],
  does: 'looks at everything that is set up: settings, MySQL and its schema, Redis, clocks, the carrier’s account, credit, numbers, campaign and where their texts and calls go, the store of pictures, PUBLIC_URL with a signed webhook through it, and how sending does. Each line is ok, a warning or a fault with what to do; the exit code is 1 where there is a fault. Changes nothing',
  examples: ['doctor', 'doctor --json'],
  offline: true,
  async run({ env }) {
    const findings = await examine(env);
    const faults = findings.filter(({ state }) => state === 'fault').length;
    const cells = findings.map(({ check, state, says, mend = '', which = [] }) => [
      ...[check, state, which.length === 0 ? says : `${says}: ${which.join(', ')}`, mend],
    ]);
    const text = tableOf(['check', '', 'what', 'what to do'], cells, { numbers: 0 });
    return { text, json: { healthy: faults === 0, findings }, failed: faults > 0 };
  },
};
