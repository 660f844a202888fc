import type { Fault } from '../fault.ts';
import { carrierFaults } from './carrier.ts';
import { clockFaults } from './clocks.ts';
import { diskFaults } from './disk.ts';
import { hostileFaults } from './hostile.ts';
import { mysqlFaults } from './mysql.ts';
import { processFaults } from './processes.ts';
import { pushFaults } from './push.ts';
import { redisFaults } from './redis.ts';

/** Everything that is broken on purpose: a new fault is a new row. */
export const faults: readonly Fault[] = [
  ...processFaults,
  ...redisFaults,
  ...mysqlFaults,
  ...carrierFaults,
  ...pushFaults,
  ...clockFaults,
  ...hostileFaults,
  ...diskFaults,
];
