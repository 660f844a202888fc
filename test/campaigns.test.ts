import { expect } from 'chai';
import { run } from '../db/connect.ts';
import { startGroup } from './support/group.ts';
import { deliveryIn } from './support/rows.ts';
import { openWorld, type World } from './support/world.ts';

const ann = '+14445560001';
const bob = '+14445560002';
const cy = '+14445560003';
const dan = '+14445560004';
const eve = '+14445560005';
const fay = '+14445560006';
const gus = '+14445560007';
const first = '+12015561001';
const other = '+12015561002';

/** A carrier blocks all numbers of one campaign for a phone, and those of no other. */
describe('a phone that is in groups of two campaigns', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ env: { NUMBER_POOL: `${first},${other}` }, simulator: { numbers: [first, other] } });
    await link(other, 'COTHER');
    await run(world.runtime.db, "UPDATE numbers SET campaign = IF(phone = ?, 'COTHER', 'CSIMULATED')", [other]);
    expect(await start('Chess', ['Ann', ann], ['Bob', bob])).to.equal(first);
    expect(await start('Choir', ['Cy', cy], ['Bob', bob])).to.equal(other);
  });
  after(() => world?.close());

  async function link(number: string, campaign: string): Promise<void> {
    const authorization = `Basic ${Buffer.from('MATEST:test-token').toString('base64')}`;
    const answer = await fetch(`${world.simulator.url}/v1/Account/MATEST/10dlc/Campaign/${campaign}/Number/`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify({ numbers: [number.slice(1)] }),
    });
    expect(answer.status).to.equal(202);
    await world.simulator.settled();
  }
  async function start(name: string, ...people: [string, string][]): Promise<string> {
    const names = people.map(([one]) => one);
    return (await startGroup(world, names, { name, phones: Object.fromEntries(people) })).number;
  }
  const saidTo = (phone: string) => world.textsTo(phone).map(({ text }) => text);
  const toldOfStop = (phone: string) => saidTo(phone).filter((text) => text.includes('Bob replied STOP'));

  it('gets nothing after a STOP, and its owners hear of that once', async () => {
    await world.text(bob, first, 'STOP');
    await world.text(ann, first, 'Anybody there?');
    await world.text(cy, other, 'Anybody here?');
    await deliveryIn(world, { phone: bob, text: 'Anybody there?' }, { state: 'skipped' });
    await deliveryIn(world, { phone: bob, text: 'Anybody here?' }, { state: 'skipped' });
    await world.quiet();
    expect([ann, cy].map((phone) => toldOfStop(phone).length)).to.deep.equal([1, 1]);
  });

  it('hears at a START to one where else START has to go, and nothing is sent that its carrier refuses', async () => {
    await world.text(bob, other, 'START');
    await world.quiet();
    expect(saidTo(bob).at(-1)).to.include(first.slice(2, 5));
    for (const words of ['Once', 'Twice']) await world.text(ann, first, words);
    await world.text(cy, other, 'Welcome back');
    await deliveryIn(world, { phone: bob, text: 'Welcome back' }, { state: 'delivered' });
    for (const text of ['Once', 'Twice']) await deliveryIn(world, { phone: bob, text }, { state: 'skipped' });
    await world.quiet();
    // A text that the carrier refused would count as another STOP to all of us, and end the Choir’s texts again.
    expect([ann, cy].map((phone) => toldOfStop(phone).length)).to.deep.equal([1, 1]);
  });

  it('is given a number that its carrier does not block, where there is one', async () => {
    await world.text(eve, first, 'STOP');
    await world.text(eve, other, 'START');
    await world.quiet();
    expect(await start('Picnic', ['Eve', eve], ['Dan', dan])).to.equal(other);
    expect(await start('Walks', ['Fay', fay], ['Gus', gus])).to.equal(first);
  });

  it('gets the texts of both once START went to both', async () => {
    await world.text(bob, first, 'START');
    await world.text(ann, first, 'There you are');
    await deliveryIn(world, { phone: bob, text: 'There you are' }, { state: 'delivered' });
    await world.text(cy, other, 'Sing');
    await deliveryIn(world, { phone: bob, text: 'Sing' }, { state: 'delivered' });
  });
});
