import type { Server } from '../../dev/stack/server.ts';
import type { ProcessType } from '../../dev/system/procfile.ts';
import type { Front } from './front.ts';
import type { AllWays } from './ways.ts';

/** Machines of their own for the processes and servers of a fixture; they are there before it. */
export type Hosts = {
  mysqlUrl: string;
  redisUrl: string;
  /** Where apps call. */
  api: string;
  /** Where the carrier calls, and so what it signs. */
  publicUrl: string;
  /** Where each `web` process listens on its host. */
  webPort: number;
  /** Of this process, as the carrier. */
  carrierAddress: string;
  /** How many processes of each type there is a host for. */
  copies: Readonly<Record<string, number>>;
  /** The same process type, whose program runs on its host. */
  lead(type: ProcessType): ProcessType;
};

/** The program with ways, behind a front, or on a host of its own. */
export async function lead(
  type: ProcessType,
  { ways, front, hosts }: { ways: AllWays | undefined; front: Front | undefined; hosts: Hosts | undefined },
): Promise<ProcessType> {
  if (hosts !== undefined) return hosts.lead(type);
  if (type.name.startsWith('web') && front !== undefined) return front.lead(type);
  return ways === undefined ? type : ways.lead(type);
}

/** Two of each that may run more than once on one port: what one loses, the other must not do again. */
const COUNTS: Record<string, number> = { fanout: 2, sender: 2, clock: 2 };

export function countOf(
  name: string,
  { front, hosts }: { front: Front | undefined; hosts: Hosts | undefined },
): number | undefined {
  if (hosts !== undefined) return hosts.copies[name];
  return name === 'web' && front !== undefined ? 2 : COUNTS[name];
}

/** A server that runs already, and that no fault of one machine can break. */
export const NOT_OURS: Server = {
  pid: undefined,
  start: async () => {},
  kill: async () => {
    throw new Error('this server is not ours to break');
  },
};
