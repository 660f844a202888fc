import { setTimeout as sleep } from 'node:timers/promises';
import { findGalera, type Galera } from '../support/galera.ts';
import { type HostFault, needed, type On } from './fault.ts';

const whyNot = () =>
  findGalera() === undefined
    ? 'Galera is not here (Debian: galera-4, mariadb-server and rsync; elsewhere name its library in GALERA_PROVIDER)'
    : null;

/** A node of the Galera cluster fails; processes use all three, and go on with the others. Each node is struck once. */
export const nodeFaults: readonly HostFault[] = (
  [
    [
      'kill-node',
      'kill -9 of a node of the Galera cluster, which comes back and hears what it missed',
      {
        fail: (galera, node) => galera.signal(node, 'SIGKILL'),
        end: (galera, node) => galera.startAgain(node),
      },
    ],
    [
      'freeze-node',
      'a node of the Galera cluster stands still, is put out by the others, and comes back',
      {
        fail: (galera, node) => galera.signal(node, 'SIGSTOP'),
        end: (galera, node) => galera.signal(node, 'SIGCONT'),
      },
    ],
  ] satisfies [string, string, { fail: Doing; end: Doing }][]
).map(([name, does, how]) => ({
  ...{ name, does, times: 3, only: 'galera', unavailable: 'web', whyNot },
  strike: (on, mend, note) => strikeNode(on, mend, { note, ...how }),
}));

type Doing = (galera: Galera, node: Galera['nodes'][number]) => Promise<void>;
let strikes = 0;

/** What is left works on without the node, so the fault is mended when it begins. */
async function strikeNode(
  { fixture, galera: cluster }: On,
  mend: () => void,
  { note, fail, end }: { note: (line: string) => void; fail: Doing; end: Doing },
): Promise<void> {
  const galera = needed(cluster);
  const node = needed(galera.nodes[strikes++ % galera.nodes.length]);
  await fail(galera, node);
  mend();
  await sleep(fixture.seconds * 1_000);
  await end(galera, node);
  // With two nodes out there would be no majority.
  await galera.whole();
  note(`transactions taken back for others’, since the start: ${await galera.conflicts()}`);
}
