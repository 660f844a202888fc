import { expect } from 'chai';
import { DatabaseUnavailable, row, rows, run } from '../../../db/connect.ts';
import { inRequest, openRequest } from '../../../db/request.ts';
import { receive } from '../../../engine/usecases/receive.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { openSid } from '../../support/session.ts';
import { type Half, type Tearing, tearTransactions } from '../../support/torn.ts';
import { openWorld, type World } from '../../support/world.ts';

const halves = [
  ['groups', 'the message'],
  ['first', 'the guard'],
] as const satisfies readonly (readonly [Half, string])[];

describe('a text of which only one half was kept', () => {
  let world: World;
  let tearing: Tearing;
  let group: TestGroup;
  let texts = 0;

  before(async () => {
    world = await openWorld({ workers: false });
    tearing = tearTransactions(world.runtime.db, world.runtime.config.MYSQL_URL);
    group = await startGroup(world, ['Ann', 'Bob', 'Cy'], { quiet: false });
  });
  beforeEach(() => run(world.runtime.db, 'UPDATE accounts SET reserved = 0'));
  after(async () => {
    await world?.close();
    await tearing?.close();
  });

  type Text = Parameters<typeof receive>[1];
  const textOf = (name: string, text: string): Text => {
    const from = group.phones[name] ?? '';
    return { carrierId: `torn-${++texts}`, from, to: group.number, text, media: [], intent: null };
  };
  /** As a webhook takes it; false where the carrier is told to bring it again. */
  const take = (text: Text) =>
    inRequest(openRequest(10_000), () => receive(world.runtime, text, world.runtime)).then(
      () => true,
      (error: unknown) => {
        if (error instanceof DatabaseUnavailable) return false;
        throw error;
      },
    );
  async function tear(keep: Half, writes: readonly string[], work: () => Promise<unknown>): Promise<void> {
    const before = tearing.count();
    tearing.next({ keep, writes });
    expect(await work(), 'it counts as not taken').to.equal(false);
    expect(tearing.count() - before).to.equal(1);
  }

  const countOf = async (text: string) =>
    (
      await row<{ count: number }>(world.runtime.db, 'SELECT COUNT(*) AS count FROM messages WHERE text LIKE ?', [
        `%${text}%`,
      ])
    )?.count;
  const guardsOf = async ({ carrierId }: Text) =>
    (
      await row<{ count: number }>(
        world.runtime.db,
        'SELECT COUNT(*) AS count FROM inbound_texts WHERE carrier_id = ?',
        [carrierId],
      )
    )?.count;
  const reserved = async () =>
    (await row<{ reserved: number }>(world.runtime.db, 'SELECT reserved FROM accounts'))?.reserved;

  for (const [keep, what] of halves) {
    it(`is one message where ${what} stayed and the carrier brings it again and again, and its price is reserved once`, async () => {
      const text = textOf('Ann', `Half ${keep}`);
      await tear(keep, ['inbound_texts', 'messages'], () => take(text));
      const left = keep === 'groups' ? [1, 0, 0] : [0, 1, 2];
      expect([await countOf(text.text), await guardsOf(text), await reserved()]).to.deep.equal(left);
      for (let again = 0; again < 3; again++) {
        expect(await take(text)).to.equal(true);
        expect([await countOf(text.text), await guardsOf(text), await reserved()]).to.deep.equal([1, 1, 2]);
      }
    });

    it(`and so are several that were kept together, of which ${what} stayed`, async () => {
      const all = ['Ann', 'Bob', 'Cy'].map((name) => textOf(name, `Crowd of ${name} ${keep}`));
      const before = tearing.count();
      tearing.each(() => keep);
      const taken = await Promise.all(all.map(take));
      tearing.each(null);
      expect(taken).to.not.include(true);
      expect(tearing.count()).to.be.greaterThan(before);
      await Promise.all([...all, ...all].map(take));
      for (const text of all) expect([await countOf(text.text), await guardsOf(text)]).to.deep.equal([1, 1]);
      expect(await reserved()).to.equal(6);
      const ids = await rows<{ id: number }>(
        world.runtime.db,
        'SELECT message_id AS id FROM messages WHERE group_id = ? AND message_id IS NOT NULL ORDER BY id',
        [group.id],
      );
      expect(
        ids.map(({ id }) => id),
        'without gaps',
      ).to.deep.equal(ids.map((_, at) => at + 1));
    });

    it(`brought twice in the same instant, where ${what} stayed, is one message`, async () => {
      const text = textOf('Bob', `Twin ${keep}`);
      await tear(keep, ['inbound_texts', 'messages'], () => take(text));
      expect(await Promise.all([take(text), take(text), take(text)])).to.deep.equal([true, true, true]);
      expect([await countOf(text.text), await guardsOf(text), await reserved()]).to.deep.equal([1, 1, 2]);
    });

    it(`is obeyed where it is a command and ${what} stayed`, async () => {
      const name = keep === 'groups' ? 'Bobby' : 'Bobo';
      const text = textOf('Bob', `*name ${name}`);
      await tear(keep, ['inbound_texts', 'messages'], () => take(text));
      expect(await take(text)).to.equal(true);
      const found = await row<{ name: string }>(
        world.runtime.db,
        'SELECT m.name FROM memberships m JOIN people p ON p.id = m.person_id WHERE p.phone = ? AND m.live = 1',
        [text.from],
      );
      expect([found?.name, await guardsOf(text)]).to.deep.equal([name, 1]);
    });

    it(`is obeyed once where it changes the group alone and ${what} stayed`, async () => {
      const text = textOf('Ann', `*schedule in 2 hours Bring water ${keep}`);
      await tear(keep, ['inbound_texts', 'schedules', 'messages'], () => take(text));
      for (let again = 0; again < 2; again++) expect(await take(text)).to.equal(true);
      const found = await row<{ count: number }>(
        world.runtime.db,
        'SELECT COUNT(*) AS count FROM schedules WHERE text LIKE ?',
        [`%Bring water ${keep}`],
      );
      expect([found?.count, await guardsOf(text), await countOf(`water ${keep}`)]).to.deep.equal([1, 1, 1]);
    });

    it(`is obeyed where it is STOP and ${what} stayed`, async () => {
      const text = textOf('Cy', 'STOP');
      await tear(keep, ['inbound_texts', 'messages'], () => take(text));
      expect(await take(text)).to.equal(true);
      const found = await row<{ blocked: number }>(
        world.runtime.db,
        'SELECT blocked_at IS NOT NULL AS blocked FROM people WHERE phone = ?',
        [text.from],
      );
      expect(found?.blocked).to.equal(1);
      expect(await take(textOf('Cy', 'START'))).to.equal(true);
    });
  }

  it('by a call is not answered OK', async () => {
    const sid = await openSid(world, group.phones.Ann ?? '');
    const send = () => world.call('/message/send', { sid, number: group.number, message: 'By a call' });
    tearing.next({ keep: 'first', writes: ['inbound_texts', 'messages'] });
    const { http, body } = await send();
    expect([http, body.error_type, await countOf('By a call')]).to.deep.equal([503, 'UNAVAILABLE', 0]);
    expect((await send()).body.status).to.equal('OK');
    expect(await countOf('By a call')).to.equal(1);
  });

  it('played back after its guard was deleted is no message, and reserves nothing', async () => {
    const text = textOf('Ann', 'Long ago');
    expect(await take(text)).to.equal(true);
    await run(world.runtime.db, 'DELETE FROM inbound_texts WHERE carrier_id = ?', [text.carrierId]);
    await run(world.runtime.db, 'UPDATE messages SET accepted_at = accepted_at - INTERVAL 400 DAY WHERE text LIKE ?', [
      `%${text.text}`,
    ]);
    expect(await take(text)).to.equal(true);
    expect([await countOf(text.text), await reserved()]).to.deep.equal([1, 2]);
  });
});
