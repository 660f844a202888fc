import { expect } from 'chai';
import fc from 'fast-check';
import { packRecipients, type Recipient } from '../../../engine/platform/recipients.ts';
import { openRosters } from '../../../engine/platform/roster-cache.ts';
import type { Member, Roster } from '../../../engine/rules/types.ts';
import { startGroup } from '../../support/group.ts';
import { openWorld, type World } from '../../support/world.ts';

const ids = fc.integer({ min: 1, max: 2 ** 53 - 1 });
const phones = fc.integer({ min: 2, max: 10 ** 15 }).map(String);
const recipients = fc.uniqueArray(
  fc.record({ id: ids, personId: ids, phone: phones, numberId: fc.integer({ min: 1, max: 9 }) }),
  { selector: ({ personId }) => personId, maxLength: 60 },
);

describe('recipients', () => {
  it('are found as the roster has them, and nobody else is', () => {
    fc.assert(
      fc.property(recipients, fc.array(ids), (some, others) => {
        const all = some.map((one): Recipient => ({ ...one, number: `1555${one.numberId}` }));
        const packed = packRecipients({ group: {}, members: all } as unknown as Roster);
        expect(all.map(({ personId }) => packed.find(personId))).to.deep.equal(all);
        expect(packed.size).to.equal(all.length);
        const known = new Set(all.map(({ personId }) => personId));
        for (const near of [...all.flatMap(({ personId }) => [personId - 1, personId + 1]), ...others])
          if (!known.has(near)) expect(packed.find(near)).to.equal(undefined);
      }),
    );
  });

  describe('of many large groups', () => {
    let world: World;

    before(async () => {
      world = await openWorld({ workers: false });
    });
    after(() => world?.close());

    it('are read once, not again for each text', async () => {
      const { id } = await startGroup(world, ['Alice', 'Bob'], { quiet: false });
      const { members, group } = await world.runtime.rosters.read({ groupId: id, version: 1, tag: 1 });
      const [some] = members;
      const large = JSON.stringify({
        group,
        members: Array.from({ length: 1_001 }, (_, at) => ({ ...(some as Member), personId: at + 1 })),
      });
      let asked = 0;
      const redis = Object.assign(world.runtime.redis.duplicate(), {
        get: async () => {
          asked += 1;
          return large;
        },
      });
      const rosters = openRosters({ ...world.runtime, redis });
      for (let time = 0; time < 2; time++)
        for (let groupId = 1; groupId <= 300; groupId++) await rosters.readRecipients({ groupId, version: 1, tag: 1 });
      expect(asked).to.equal(300);
      redis.disconnect();
    });
  });
});
