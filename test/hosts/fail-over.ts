import { setTimeout as sleep } from 'node:timers/promises';
import { findProgram } from '../../dev/stack/find.ts';
import { type Calls, openCalls } from '../faults/calls.ts';
import { doStep } from '../faults/steps.ts';
import { type HostFault, needed, type On } from './fault.ts';

const whyNot = () => (findProgram('mariadb') === undefined ? 'it needs the client mariadb' : null);

/** The host of the primary dies, and its replica takes its place. Each strikes twice, and so ends where it began. */
export const failOvers: readonly HostFault[] = [
  {
    name: 'fail-over',
    does: 'kill -9 of the primary and its host; the replica, for which commits wait, becomes the primary',
    times: 2,
    only: 'replicated',
    unavailable: 'web',
    whyNot,
    strike: (on, mend, note) => failOver(on, { mend, note, behindMs: 0 }),
  },
  {
    name: 'fail-over-behind',
    does: 'the same, when the replica has heard nothing for 3 s: nothing of that time was answered 200',
    times: 2,
    only: 'replicated',
    unavailable: 'web',
    whyNot,
    strike: (on, mend, note) => failOver(on, { mend, note, behindMs: BEHIND_MS }),
  },
  {
    name: 'fail-over-async',
    does: 'the same, but no commit waits for the replica: says what is lost then, and that nothing else is',
    times: 2,
    only: 'replicated',
    unavailable: 'web',
    whyNot,
    strike: (on, mend, note) => failOverAsync(on, mend, note),
  },
];
const BEHIND_MS = 3_000;
/** Between the last heartbeat of a primary and the moment when somebody promotes. */
const NOTICED_AFTER_MS = 2_000;
const CALLS_EVERY_MS = 200;

type How = { mend: () => void; note: (line: string) => void; behindMs: number };

async function failOver(on: On, how: How): Promise<void> {
  const calls = openCalls(on.fixture);
  await replacePrimary(on, calls, how);
  const wrong = await doStep(() => calls.check());
  how.note(sayCalls(calls));
  if (wrong.length > 0) throw new Error(`${wrong.length} calls were not as answered: ${wrong.slice(0, 5).join('; ')}`);
}

async function failOverAsync(on: On, mend: () => void, note: How['note']): Promise<void> {
  const { fixture } = on;
  const databases = needed(on.databases);
  const { guests, forgotten } = fixture;
  const calls = openCalls(fixture);
  const from = Date.now();
  await databases.setSemiSync(false);
  await guests.hold(async () => {
    await replacePrimary(on, calls, { mend, note, behindMs: BEHIND_MS }).finally(() => {
      forgotten.push({ from, until: Date.now() });
      guests.doubtSince(from);
    });
  });
  const lost = await doStep(() => calls.check());
  note(`${sayCalls(calls)}; lost of them: ${lost.length}`);
  if (lost.length === 0) throw new Error('an asynchronous replica that was behind has lost nothing: it was not behind');
}

/** Calls go on all the while. */
async function replacePrimary(
  { fixture, network, databases: replicated }: On,
  calls: Calls,
  { mend, behindMs }: How,
): Promise<void> {
  const databases = needed(replicated);
  const asked: Promise<unknown>[] = [];
  let isOver = false;
  const asking = (async () => {
    while (!isOver) {
      asked.push(calls.once('send'), calls.insist('send with a key'));
      await sleep(CALLS_EVERY_MS);
    }
  })();
  try {
    if (behindMs > 0) network.part([databases.replica]);
    await sleep(behindMs > 0 ? behindMs : BEHIND_MS);
    const { replica } = databases;
    await databases.killPrimary();
    if (behindMs > 0) network.join([replica]);
    await sleep(NOTICED_AFTER_MS);
    await databases.promote();
    mend();
    await fixture.ready();
  } finally {
    isOver = true;
    await asking;
  }
  await Promise.all(asked);
  await databases.rebuild();
}

function sayCalls(calls: Calls): string {
  const counts = Object.entries(calls.counts()).map(([status, count]) => `${count} of ${status}`);
  return `calls: ${counts.join(', ')}`;
}
