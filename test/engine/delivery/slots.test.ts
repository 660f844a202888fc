import { expect } from 'chai';
import { rows, run } from '../../../db/connect.ts';
import { openDelivering } from '../../../engine/delivery/deliver.ts';
import { fanOut } from '../../../engine/delivery/fanout.ts';
import { addToJob } from '../../../engine/delivery/slots.ts';
import type { SendJob } from '../../../engine/platform/queues.ts';
import { startGroup } from '../../support/group.ts';
import { messageOf } from '../../support/rows.ts';
import { openWorld, type World } from '../../support/world.ts';

describe('deliveries with slots near each other', () => {
  /** The jobs that they make; a slot is so many milliseconds after the first one, and null where there is no limit. */
  function jobsOf(slots: readonly (number | null)[], { attempt = 0 } = {}): SendJob[] {
    const jobs: SendJob[] = [];
    const first = 1_700_000_000_000;
    for (const [personId, after] of slots.entries()) {
      const atMs = after === null ? null : first + after;
      const at = new Date(atMs ?? first);
      const delivery = { messageId: 1, numberId: 1, personId, part: 0, attempt };
      addToJob(jobs, delivery, { queuedAt: at, dueAt: at, atMs }, false);
    }
    return jobs;
  }

  const many = (count: number, stepMs: number | null) =>
    Array.from({ length: count }, (_, at) => (stepMs === null ? null : at * stepMs));

  for (const [what, slots, offsets] of [
    ['without a limit go together', many(3, null), [[0, 0, 0]]],
    ['go by the 25', many(30, null), [Array(25).fill(0), Array(5).fill(0)]],
    ['as near as a moment are sent at once', [0, 4, 8, 49], [[0, 0, 0, 0]]],
    ['ride in one job, which keeps to each of them', [0, 100, 200], [[0, 100, 200]]],
    ['are never sent more than a moment early', [0, 40, 80, 120, 160], [[0, 0, 80, 80, 160]]],
    [
      'that span a second are two jobs',
      [0, 500, 999, 1_000, 1_500],
      [
        [0, 500, 999],
        [0, 500],
      ],
    ],
    ['of a number of one a second are a job each', [0, 1_000, 2_000], [[0], [0], [0]]],
  ] as const) {
    it(what, () => {
      const jobs = jobsOf(slots);
      expect(jobs.map(({ to }) => to.map(({ afterMs }) => afterMs ?? 0))).to.deep.equal(offsets);
      expect(jobs.flatMap(({ to }) => to.map(({ personId }) => personId))).to.deep.equal([...slots.keys()]);
    });
  }

  it('of tries that failed before ride alone', () => {
    expect(jobsOf(many(3, null), { attempt: 1 })).to.have.length(3);
  });

  describe('in one job', () => {
    let world: World;
    before(async () => {
      world = await openWorld({ workers: false, env: { NUMBER_MPS: '100' } });
    });
    after(() => world?.close());

    it('are each sent in their own slot, and again in line where it has passed', async () => {
      const names = ['Alice', 'Bob', 'Carol', 'Dave'];
      const group = await startGroup(world, names, { quiet: false });
      await world.text(group.phones.Alice ?? '', group.number, 'Hello');
      const messageId = await messageOf(world, 'Alice: Hello');
      await fanOut(world.runtime, [messageId]);
      // As if their slots had been too far apart to go out as one.
      await run(world.runtime.db, 'UPDATE deliveries SET batch = NULL WHERE message_id = ?', [messageId]);
      const people = await rows<{ personId: number }>(
        world.runtime.db,
        'SELECT person_id AS personId FROM deliveries WHERE message_id = ? ORDER BY person_id',
        [messageId],
      );
      const [bob, carol, dave] = people.map(({ personId }) => ({ personId, part: 0, attempt: 1 }));
      if (!bob || !carol || !dave) throw new Error('somebody is missing');
      const job = { messageId, numberId: group.numberId, urgent: false };
      const { deliver } = openDelivering(world.runtime);
      const atMs = Date.now();
      await deliver({ ...job, atMs, to: [bob, { ...carol, afterMs: 200 }] });
      const [first, second] = world.simulator.accepted;
      expect(first?.to).to.equal(group.phones.Bob);
      expect(second?.at).to.be.at.least(atMs + 200);
      const late = { ...job, atMs: atMs - 1_000, to: [{ ...dave, afterMs: 100 }] };
      await deliver(late);
      expect(world.simulator.accepted, 'its slot was before the start').to.have.length(2);
      const [waits] = await rows<{ state: string; again: number }>(
        world.runtime.db,
        'SELECT state, queued_at > ? AS again FROM deliveries WHERE message_id = ? AND person_id = ?',
        [new Date(late.atMs + 100), messageId, dave.personId],
      );
      expect(waits).to.deep.equal({ state: 'queued', again: 1 });
    });
  });
});
