import { expect } from 'chai';
import { row, run } from '../../db/connect.ts';
import { settleCharges } from '../../engine/billing/charges.ts';
import { sweep } from '../../engine/delivery/sweep.ts';
import { sendDigests } from '../../engine/groups/digests.ts';
import { endMutes } from '../../engine/groups/mutes.ts';
import { askHeirs } from '../../engine/groups/owners.ts';
import type { Runtime } from '../../engine/platform/runtime.ts';
import { sendDue } from '../../engine/usecases/schedules.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openWorkers, type Workers } from '../support/workers.ts';
import { openWorld, type World } from '../support/world.ts';

/** `open`: still to come, as SQL says; `:at` is its time. */
type Kind = {
  what: string;
  prepare(at: string): Promise<unknown>;
  task(runtime: Runtime): Promise<unknown>;
  open: string;
};

/** What comes due by time does so by MySQL's clock, however wrong that of the process is. */
describe('a clock process whose clock is wrong', () => {
  let world: World;
  let workers: Workers;
  let group: TestGroup;
  const RightDate = Date;

  before(async () => {
    world = await openWorld({ workers: false });
    workers = await openWorkers(world);
    group = await startGroup(world, ['Ann', 'Bob', 'Cid']);
    await workers.close();
  });
  after(() => world?.close());
  afterEach(() => {
    globalThis.Date = RightDate;
  });

  /** The clock of this process is so much ahead. */
  function set(aheadMs: number): void {
    globalThis.Date = class extends RightDate {
      constructor(...parts: [] | [number | string]) {
        super(parts.length === 0 ? RightDate.now() + aheadMs : parts[0]);
      }
      static override now = () => RightDate.now() + aheadMs;
    } as DateConstructor;
  }

  const write = (text: string, values: (string | number)[] = []) => run(world.runtime.db, text, values);
  const ofBob = 'person_id = (SELECT id FROM people WHERE phone = ?)';
  const kinds: Kind[] = [
    {
      what: 'a scheduled message',
      prepare: (at) =>
        write(`INSERT INTO schedules (group_id, text, send_at, created_at) VALUES (?, 'later', ${at}, NOW(3))`, [
          group.id,
        ]),
      task: sendDue,
      open: 'SELECT COUNT(*) AS open FROM schedules WHERE ended_at IS NULL',
    },
    {
      what: 'the end of a mute',
      prepare: (at) =>
        write(`UPDATE memberships SET muted_until = ${at}, muted_after = 0 WHERE ${ofBob}`, [group.phones.Bob ?? '']),
      task: (runtime) => endMutes(runtime),
      open: 'SELECT COUNT(*) AS open FROM memberships WHERE muted_until IS NOT NULL',
    },
    {
      what: 'the lapse of a staged group',
      async prepare(at) {
        await world.call('/group/create', {
          group: 'Staged',
          name: 'Dan',
          number: '+13105559001',
          name_0: 'Eve',
          number_0: '+13105559002',
        });
        await write(`UPDATE \`groups\` SET created_at = ${at} - INTERVAL 72 HOUR WHERE state = 'staged'`);
      },
      task: sweep,
      open: "SELECT COUNT(*) AS open FROM `groups` WHERE state = 'staged'",
    },
    {
      what: 'the heir of an owner who is blocked',
      async prepare(at) {
        await write(`UPDATE memberships SET broadcast = 1 WHERE ${ofBob}`, [group.phones.Bob ?? '']);
        await write(`UPDATE people SET blocked_at = ${at} - INTERVAL 7 DAY WHERE phone = ?`, [group.phones.Ann ?? '']);
        await write('UPDATE `groups` SET roster_version = roster_version + 1 WHERE id = ?', [group.id]);
      },
      task: (runtime) => askHeirs(runtime),
      open: 'SELECT COUNT(*) AS open FROM `groups` g JOIN people p ON p.id = g.owner_id LEFT JOIN owner_offers o ON o.group_id = g.id WHERE p.blocked_at IS NOT NULL AND o.group_id IS NULL',
    },
    {
      what: 'a digest',
      async prepare(at) {
        // Its outcomes are not in.
        const message = await row<{ id: number }>(world.runtime.db, 'SELECT MIN(message_id) AS id FROM deliveries');
        await write("UPDATE deliveries SET state = 'unknown' WHERE message_id = ?", [message?.id ?? 0]);
        await write(`INSERT INTO digests (message_id, due_at) VALUES (?, ${at})`, [message?.id ?? 0]);
      },
      task: (runtime) => sendDigests(runtime),
      open: 'SELECT COUNT(*) AS open FROM digests',
    },
    {
      what: 'a charge that somebody holds',
      prepare: (at) =>
        write(
          `INSERT INTO charges (account_id, amount, state, open, held_until, provider_key, customer_ref, card_ref, created_at)
           SELECT MIN(id), 1, 'open', 1, ${at}, 'key', 'customer', 'card', NOW(3) FROM accounts`,
        ),
      task: settleCharges,
      open: 'SELECT COUNT(*) AS open FROM charges WHERE open = 1',
    },
  ];

  for (const { what, prepare, task, open } of kinds) {
    it(`has ${what} wait for its time, and not for longer`, async () => {
      const left = async () => (await row<{ open: number }>(world.runtime.db, open))?.open;
      await prepare('NOW(3) + INTERVAL 30 MINUTE');
      set(HOUR_MS);
      await task(world.runtime);
      expect(await left(), 'an hour ahead').to.equal(1);
      globalThis.Date = RightDate;
      await clear();
      await prepare('NOW(3) - INTERVAL 1 SECOND');
      set(-HOUR_MS);
      await task(world.runtime);
      expect(await left(), 'an hour behind').to.equal(0);
    });
  }

  /** What the first half of a test has left. */
  async function clear(): Promise<void> {
    await write('DELETE FROM schedules');
    await write('DELETE FROM digests');
    await write('DELETE FROM charges');
    await write("UPDATE `groups` SET state = 'deleted' WHERE state = 'staged'");
  }
});

const HOUR_MS = 3_600_000;
