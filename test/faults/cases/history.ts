import { cpSync, lstatSync, readdirSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../fault.ts';
import type { Fixture } from '../fixture.ts';
import type { Random } from '../random.ts';

/** MySQL goes back in time while Redis, the carrier and every process live on. */
export const historyFaults: readonly Fault[] = [
  {
    name: 'mysql-restored',
    does: 'MySQL goes back to a copy taken some seconds ago, while Redis lives on',
    times: 3,
    unavailable: 'maybe',
    recoversWithinMs: 15_000,
    strike: (fixture, random, mend) =>
      goBack(fixture, random, { mend, meanwhile: () => sleep(random.between(5_000, 15_000)) }),
  },
  {
    name: 'mysql-lost-last',
    does: 'MySQL fails over without the last change of each group, while Redis lives on',
    times: 3,
    unavailable: 'maybe',
    recoversWithinMs: 15_000,
    strike: (fixture, random, mend) => goBack(fixture, random, { mend, meanwhile: () => Promise.resolve() }),
  },
];

/**
 * Each group has one more change, and a text after it, in the history that is lost; then its guest goes, which is a change
 * of the same number in the new history.
 */
async function goBack(
  fixture: Fixture,
  random: Random,
  { mend, meanwhile }: { mend: () => void; meanwhile: () => Promise<void> },
): Promise<void> {
  const { database, guests, ready } = fixture;
  await guests.hold(async () => {
    await guests.drive(fixture, 'in', random);
    const from = Date.now();
    const copy = await copyData(fixture);
    await Promise.all(fixture.groups.map((group) => changeOnce(fixture, group)));
    await meanwhile();
    await database.kill('SIGKILL');
    copy.putBack();
    mend();
    await database.start();
    await ready();
    fixture.forgotten.push({ from, until: Date.now() });
    guests.doubtSince(from);
    await guests.drive(fixture, 'out', random);
  });
  await sleep(5_000);
}

/** A copy of what is on the disk, as a machine that loses its power leaves it. */
async function copyData({ database, folder }: Fixture): Promise<{ putBack(): void }> {
  const servers = path.join(folder, 'servers');
  const kind = readdirSync(servers).find((name) => name === 'mariadb' || name === 'mysql') ?? '';
  const data = path.join(servers, kind);
  const copy = path.join(folder, 'kept', kind);
  rmSync(copy, { recursive: true, force: true });
  await database.kill('SIGSTOP');
  try {
    cpSync(data, copy, { recursive: true, filter: (file) => !lstatSync(file).isSocket() });
  } finally {
    await database.kill('SIGCONT');
  }
  return {
    putBack() {
      rmSync(data, { recursive: true });
      renameSync(copy, data);
    },
  };
}

/** The owner takes another name, and texts everybody: by now each process knows the group as it will not have been. */
async function changeOnce(
  { api, simulator }: Fixture,
  { sid, number, phones }: Fixture['groups'][number],
): Promise<void> {
  const [owner = ''] = phones;
  const body = new URLSearchParams({ sid, group: number, number: owner, name: `Member ${Date.now() % 100_000}` });
  await fetch(`${api}/member/set`, { method: 'POST', body, signal: AbortSignal.timeout(10_000) }).catch(
    () => undefined,
  );
  await simulator.text({ from: owner, to: number, text: 'Who else?' });
}
