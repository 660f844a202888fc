import { expect } from 'chai';
import { row } from '../db/connect.ts';
import { findPerson } from '../db/people/people.ts';
import { openWorld, type World } from './support/world.ts';

/** What strangers do in somebody's name, and what becomes of it before that person agrees. */
describe('in a person’s name', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  const accountOf = (phone: string) =>
    row<{ email: string | null }>(
      world.runtime.db,
      'SELECT a.email FROM accounts a JOIN people p ON p.id = a.person_id WHERE p.phone = ?',
      [phone],
    );
  const create = async (params: Record<string, unknown>) => {
    const friend = { name_0: 'Bob', number_0: '+14445559001' };
    return (await world.call('/group/create', { group: 'Hikers', ...friend, ...params })).body;
  };

  it('a stranger who names a foreign e-mail leaves nothing: the own create decides', async () => {
    const vera = '+14445559002';
    await create({ number: vera, name: 'I am a thief', email: 'evil@attacker.example' });
    expect(await accountOf(vera)).to.equal(undefined);
    expect((await findPerson(world.runtime.db, vera))?.lastName).to.equal(null);
    const own = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    expect(await world.text(vera, String(own.number), 'YES')).to.equal(200);
    expect(await accountOf(vera)).to.deep.equal({ email: 'vera@home.example' });
    expect((await findPerson(world.runtime.db, vera))?.lastName).to.equal('Vera');
  });

  it('an account that is open keeps its address, whatever a later create says', async () => {
    const vera = '+14445559003';
    const own = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    await world.text(vera, String(own.number), 'YES');
    const foreign = await create({ number: vera, name: 'Vera', email: 'evil@attacker.example' });
    expect(foreign.first_group).to.equal(0);
    await world.text(vera, String(foreign.number), 'YES');
    expect(await accountOf(vera)).to.deep.equal({ email: 'vera@home.example' });
  });

  it('a group that was not turned on opens no account, and keeps no address when it lapses', async () => {
    const vera = '+14445559004';
    const { number } = await create({ number: vera, name: 'Vera', email: 'vera@home.example' });
    await world.text(vera, String(number), 'No');
    expect(await accountOf(vera)).to.equal(undefined);
  });
});
