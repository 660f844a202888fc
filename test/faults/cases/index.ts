import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import { backlogFaults } from './backlog.ts';
import { broadcastFaults } from './broadcast.ts';
import { carrierFaults } from './carrier.ts';
import { clockFaults } from './clocks.ts';
import { commitFaults } from './commits.ts';
import { diskFaults } from './disk.ts';
import { eventsFault } from './events.ts';
import { floodFault } from './flood.ts';
import { historyFaults } from './history.ts';
import { hostileFaults } from './hostile.ts';
import { mysqlFaults } from './mysql.ts';
import { pauseFaults } from './pauses.ts';
import { processFaults } from './processes.ts';
import { pushFaults } from './push.ts';
import { redisFaults } from './redis.ts';
import { restoreFaults } from './restore.ts';
import { retryFaults } from './retries.ts';
import { settingsFaults } from './settings.ts';
import { silenceFaults } from './silence.ts';
import { upgradeFaults } from './upgrade.ts';

/** Everything that is broken on purpose: a new fault is a new row. */
export const faults: readonly Fault[] = [
  ...processFaults,
  ...redisFaults,
  ...mysqlFaults,
  ...carrierFaults,
  ...pushFaults,
  ...clockFaults,
  ...settingsFaults,
  ...pauseFaults,
  ...historyFaults,
  ...upgradeFaults,
  ...restoreFaults,
  eventsFault,
  ...retryFaults,
  ...backlogFaults,
  ...silenceFaults,
  ...commitFaults,
  ...broadcastFaults,
  ...hostileFaults,
  floodFault,
  ...diskFaults,
];

/** What the others are held against. */
export const nothing: Fault = {
  name: 'nothing',
  does: 'nothing is broken: what the faults are held against',
  times: 1,
  async strike({ seconds }) {
    await sleep(seconds * 1_000);
  },
};
