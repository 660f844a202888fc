import { expect } from 'chai';
import { rows, run, transact } from '../../../db/connect.ts';
import { writeInLanguages } from '../../../engine/delivery/written-messages.ts';
import { texts } from '../../../engine/rules/texts.ts';
import { startGroup, type TestGroup } from '../../support/group.ts';
import { statementsOf } from '../../support/statements.ts';
import { openWorld, type World } from '../../support/world.ts';

const phones = { Ann: '+14445550001', Bob: '+14445550002', Cy: '+14445550003', Dee: '+14445550004' };

describe('texts of ours in the languages of whom they go to', () => {
  let world: World;
  let hikers: TestGroup;
  let idOf: Record<keyof typeof phones, number>;
  before(async () => {
    world = await openWorld({ workers: false });
    hikers = await startGroup(world, Object.keys(phones), { name: 'Hikers', phones, quiet: false });
    const found = await rows<{ id: number; phone: string }>(world.runtime.db, 'SELECT id, phone FROM people');
    const personOf = (phone: string) => found.find((one) => one.phone === phone)?.id ?? 0;
    idOf = {
      Ann: personOf(phones.Ann),
      Bob: personOf(phones.Bob),
      Cy: personOf(phones.Cy),
      Dee: personOf(phones.Dee),
    };
    await run(world.runtime.db, "UPDATE people SET language = 'es' WHERE id = ?", [idOf.Bob]);
    await run(world.runtime.db, "UPDATE people SET language = 'en' WHERE id = ?", [idOf.Dee]);
    await run(world.runtime.db, "UPDATE `groups` SET language = 'fr' WHERE id = ?", [hikers.id]);
  });
  after(() => world?.close());

  const to = (...names: (keyof typeof phones)[]) =>
    names.map((name) => ({ personId: idOf[name], membershipId: null, numberId: hikers.numberId }));
  const nameOf = (id: number) => Object.entries(idOf).find(([, one]) => one === id)?.[0];
  const written = async (message: Parameters<typeof writeInLanguages>[1][number]) => {
    const all = await transact(world.runtime.db, (tx) => writeInLanguages(tx, [message]));
    return all.map((one) => [one.text, one.to.map(({ personId }) => nameOf(personId)).join(' '), one.asks?.wording]);
  };

  it('are one for each language: of each person, else of the group, else English', async () => {
    const text = () => texts.newOwner({ who: 'Eve', group: 'Hikers' });
    const all = await written({ groupId: hikers.id, text, to: to('Ann', 'Bob', 'Cy', 'Dee'), urgent: false });
    expect(all.map(([, names]) => names)).to.deep.equal(['Dee', 'Bob', 'Ann Cy']);
    const [english = [], spanish = [], french = []] = all;
    expect(english[0]).to.match(/^Eve owns "Hikers" now/);
    expect(spanish[0]).to.include('*adios');
    expect(french[0]).to.include('*quitter');
    expect(await written({ groupId: null, text, to: to('Ann'), urgent: false })).to.deep.equal([
      [english[0], 'Ann', undefined],
    ]);
  });

  it('hold what somebody agrees to in the words that they were asked in', async () => {
    const text = () => texts.offerByUs({ group: 'Hikers' });
    const asks = { about: 'ownership', groupId: hikers.id, wording: text } as const;
    const [[said, , wording] = []] = await written({ groupId: hikers.id, text, to: to('Bob'), urgent: true, asks });
    expect(said).to.match(/SI o NO/);
    expect(wording).to.equal(said);
  });

  it('that are written already stay as they are, and ask nothing', async () => {
    const message = { groupId: hikers.id, text: 'Hello', to: to('Ann', 'Bob'), urgent: false };
    await transact(world.runtime.db, async (tx) => {
      const asked = await statementsOf(async () =>
        expect(await writeInLanguages(tx, [message])).to.deep.equal([message]),
      );
      expect(asked).to.deep.equal([]);
    });
  });
});
