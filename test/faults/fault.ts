import type { Fixture } from './fixture.ts';
import type { Random } from './random.ts';

/**
 * One way to break it. `strike` breaks something and resolves when it is whole again; what it throws is a promise that
 * was not kept. It calls `mend` right before it begins to put things right; what is unavailable is unavailable until then. What it
 * notes is shown with the result.
 */
export type Fault = {
  name: string;
  does: string;
  /** How often in a whole run. */
  times: number;
  strike(fixture: Fixture, random: Random, mend: () => void, note: (line: string) => void): Promise<void>;
  /** What is unavailable meanwhile, and so what callers are to be told. */
  unavailable?: Unavailable;
  /** A text that takes longer is a promise that was not kept. */
  recoversWithinMs?: number;
  /** What it can be made with only. */
  needs?: Need;
};

/**
 * `disk`: servers whose data lie on a small disk. `gates`: ways to the servers that can be broken, of each process one.
 * `clock`: such a fixture whose Redis has a clock that can be set. `budgets`: the default ones, and
 * client addresses that a proxy names. `paced`: sending limits. `previous`: an earlier release, which is built first.
 * `limits`: those of the account, which a broadcast is to reach. `webs`: two `web` processes behind one address.
 * `dump`: a MariaDB of ours, and what backs it up.
 */
export type Need = 'budgets' | 'disk' | 'gates' | 'clock' | 'limits' | 'paced' | 'previous' | 'dump' | 'webs';

/**
 * `full`: Redis answers and keeps nothing new. `maybe`: each call may work or be refused. `web`: nobody is there to
 * answer.
 */
export type Unavailable = 'mysql' | 'redis' | 'full' | 'maybe' | 'web';
