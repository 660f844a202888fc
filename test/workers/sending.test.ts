import { setTimeout } from 'node:timers/promises';
import { expect } from 'chai';
import { row } from '../../db/connect.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import { until } from '../support/rows.ts';
import type { World } from '../support/world.ts';

/** In ms. A text that still waits then is held: it neither waits for its slot nor for a process that was slow. */
const LONGER_THAN_A_TURN = 1_500;

for (const [how, env] of [
  ['without a limit', {}],
  ['with limits', { NUMBER_MPS: '20', ACCOUNT_MPS: '40', HORIZON_SECONDS: '1' }],
] as const)
  describe(`one number that is held, ${how}`, () => {
    let world: World;
    let held: TestGroup;
    let free: TestGroup;
    let at: Record<string, string>;
    before(async () => {
      ({
        world,
        env: at,
        group: held,
      } = await openOperated(
        ['Ann', 'Bob', 'Cy'],
        { name: 'Hikers' },
        { env: { ...env, OPS_PASSWORD: 'a long enough secret' } },
      ));
      free = await startGroup(world, ['Dee', 'Eve'], { name: 'Rowers' });
      expect(free.number).not.to.equal(held.number);
    });
    after(() => world.close());

    const say = async (of: TestGroup, name: string, text: string) => {
      expect(await world.text(of.phones[name] ?? '', of.number, text)).to.equal(200);
    };
    const heard = (of: TestGroup, name: string) =>
      world.textsTo(of.phones[name] ?? '').flatMap(({ text }) => text.match(/: (\d+)$/)?.[1] ?? []);
    const waiting = async () => {
      const found = await row<{ texts: number }>(
        world.runtime.db,
        "SELECT COUNT(*) AS texts FROM deliveries WHERE number_id = ? AND state = 'queued'",
        [held.numberId],
      );
      return Number(found?.texts);
    };

    /** Says numbers, until the senders know of the hold: then they are not heard any more. Returns how many. */
    async function sayUntilHeld(): Promise<number> {
      let said = 0;
      await until('a text is held', async () => {
        await say(held, 'Ann', String(++said));
        const before = await waiting();
        await say(free, 'Dee', String(said));
        await until('others hear it', async () => heard(free, 'Eve').includes(String(said)));
        if (before === 0) return false;
        await setTimeout(LONGER_THAN_A_TURN);
        return (await waiting()) >= before;
      });
      return said;
    }

    it('keeps its texts in their order while others go out, and sends them when it is resumed', async () => {
      expect((await type(`sending pause --number ${held.number}`, at, 'y')).asked).to.match(
        /Hold all texts from \+1201/,
      );
      expect((await type(`sending pause --number ${held.number} --yes`, at)).err).to.match(/pauses already/);
      expect((await type('sending status', at)).out).to.match(/number *│ \+1201\d+ /);
      const metrics = await fetch(`${world.url}/ops/metrics`, {
        headers: { authorization: `Basic ${Buffer.from('ops:a long enough secret').toString('base64')}` },
      });
      expect(await metrics.text()).to.match(/^texting_system_numbers_held 1$/m);
      const said = await sayUntilHeld();
      for (const more of [said + 1, said + 2]) await say(held, 'Ann', String(more));
      const before = heard(held, 'Bob').length;
      await say(free, 'Dee', '9999');
      await until('others hear it', async () => heard(free, 'Eve').includes('9999'));
      expect(heard(held, 'Bob').length).to.equal(before);
      expect(await typeJson(`sending resume --number ${held.number}`, at)).to.include({ paused: false });
      await world.quiet();
      const all = Array.from({ length: said + 2 }, (_, n) => String(n + 1));
      for (const name of ['Bob', 'Cy']) expect(heard(held, name), name).to.deep.equal(all);
      expect((await type(`sending resume --number ${held.number}`, at)).err).to.match(/does not pause/);
    });

    it('is one of a campaign that is held', async () => {
      await type(`number set ${held.number} --campaign CHIKERS`, at);
      expect((await type('sending pause --campaign COTHER --yes', at)).err).to.match(/None of our numbers/);
      expect((await type(`sending pause plivo --number ${held.number} --yes`, at)).code).to.equal(2);
      expect((await type('sending pause --campaign CHIKERS --yes', at)).code).to.equal(0);
      const { holds } = (await typeJson('sending status', at)) as { holds: object[] };
      expect(holds[0]).to.include({ kind: 'campaign', name: 'CHIKERS', numbers: 1 });
      const heardBefore = heard(held, 'Bob').length;
      const said = await sayUntilHeld();
      expect((await type('sending resume --campaign CHIKERS', at)).code).to.equal(0);
      await world.quiet();
      const all = Array.from({ length: said }, (_, n) => String(n + 1));
      expect(heard(held, 'Bob').slice(heardBefore)).to.deep.equal(all);
    });
  });
