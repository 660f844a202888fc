import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../dev/stack/find.ts';
import { findUnpackedRouter, unpackWay } from '../../dev/stack/unpack.ts';
import type { Group, Member } from '../support/group-replication.ts';
import { type HostFault, needed, type On } from './fault.ts';
import { HALF } from './plan.ts';

const whyNot = () =>
  findUnpackedRouter() === undefined && unpackWay(findProgram, 'mysql-router') === undefined
    ? 'MySQL Router is not here, and there is no apt-get with Debian’s keys to fetch it'
    : null;

/** A member of MySQL’s group fails, and is in the group again afterwards. Which one that is depends on who is the primary then. */
export const groupFaults: readonly HostFault[] = (
  [
    [
      'kill-primary',
      'kill -9 of the primary of the group; another becomes the primary, and it comes back as a secondary',
      { of: primaryOf, fail: kill, mend: async () => {} },
    ],
    [
      'freeze-primary',
      'the primary of the group stands still, is put out by the others, and comes back as a secondary',
      { of: primaryOf, fail: (on, one) => signal(on, one, 'SIGSTOP'), mend: (on, one) => signal(on, one, 'SIGCONT') },
    ],
    [
      'kill-secondary',
      'kill -9 of a member of the group that is not its primary',
      { of: secondaryOf, fail: kill, mend: async () => {} },
    ],
    [
      'cut-primary',
      'the host of the group’s primary is cut off from all others',
      { of: primaryOf, fail: (on, one) => part(on, [one.name]), mend: join },
    ],
    [
      'split-primary',
      `the network falls in two: ${HALF.join(', ')} are with the primary, without the others of its group`,
      { of: primaryOf, fail: (on, one) => part(on, [...HALF, one.name]), mend: join },
    ],
  ] satisfies [string, string, Doing][]
).map(([name, does, how]) => ({
  ...{ name, does, times: 1, only: 'group', unavailable: 'web', whyNot },
  strike: (on, mend, note) => strike(on, { mend, note, how }),
}));

type Act = (on: On, member: Member) => Promise<void>;
type Doing = { of: (group: Group) => Promise<Member | undefined>; fail: Act; mend: Act };

/** What is left works on without the member, so the fault is mended when it begins. */
async function strike(
  on: On,
  { mend, note, how }: { mend: () => void; note: (line: string) => void; how: Doing },
): Promise<void> {
  const group = needed(on.group);
  const struck = needed(await how.of(group));
  await how.fail(on, struck);
  mend();
  await sleep(on.fixture.seconds * 1_000);
  const meanwhile = await group.primary();
  await how.mend(on, struck);
  const from = Date.now();
  await group.makeWhole();
  const seconds = ((Date.now() - from) / 1_000).toFixed(1);
  note(
    `${struck.name} failed; ${meanwhile?.name ?? 'nobody'} was the primary then; whole again after ${seconds} s more`,
  );
  if (meanwhile === undefined) throw new Error('the group had no primary');
}

async function primaryOf(group: Group): Promise<Member | undefined> {
  return group.primary();
}

async function secondaryOf(group: Group): Promise<Member | undefined> {
  const primary = await group.primary();
  return group.members.find((member) => member !== primary);
}

function kill(on: On, member: Member): Promise<void> {
  return signal(on, member, 'SIGKILL');
}

async function signal({ group }: On, member: Member, name: NodeJS.Signals): Promise<void> {
  await needed(group).signal(member, name);
}

async function part({ network }: On, names: readonly string[]): Promise<void> {
  network.part(names);
}

async function join({ network }: On): Promise<void> {
  network.join();
}
