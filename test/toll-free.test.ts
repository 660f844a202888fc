import { expect } from 'chai';
import { rows } from '../db/connect.ts';
import { startGroup } from './support/group.ts';
import { deliveryIn, until } from './support/rows.ts';
import { openWorld, type World } from './support/world.ts';

const ann = '+14445550001';
const bob = '+14445550002';
const cy = '+14445550003';
const dan = '+14445550004';
const tollFree = '+18335550001';
const long = '+12015551001';

/** What test/dialogues/toll-free.txt cannot show: the carrier blocks what we have not heard of. */
describe('a toll-free number whose texts the carrier refuses because of a STOP', () => {
  let world: World;

  before(async () => {
    world = await openWorld({ env: { NUMBER_POOL: `${tollFree},${long}` } });
    expect(await start('Chess', ['Ann', ann], ['Bob', bob])).to.equal(tollFree);
    expect(await start('Choir', ['Cy', cy], ['Bob', bob])).to.equal(long);
  });
  after(() => world?.close());

  async function start(name: string, ...people: [string, string][]): Promise<string> {
    const names = people.map(([one]) => one);
    return (await startGroup(world, names, { name, phones: Object.fromEntries(people) })).number;
  }
  const saidTo = (phone: string) => world.textsTo(phone).map(({ text }) => text);
  const ledgerOf = (phone: string) =>
    rows(
      world.runtime.db,
      `SELECT c.kind, c.way, n.phone AS number FROM consents c JOIN people p ON p.id = c.person_id
       LEFT JOIN numbers n ON n.id = c.number_id WHERE p.phone = ? AND c.about = 'texts' ORDER BY c.id`,
      [phone],
    );
  const toldAnn = () => saidTo(ann).filter((text) => text.includes('replied STOP'));

  it('is blocked for that phone alone, and the owner of that group hears of it once', async () => {
    world.simulator.fault({ kind: 'opted_out', phone: bob, number: tollFree, times: 1 });
    await world.text(ann, tollFree, 'Is Bob there?');
    await deliveryIn(world, { phone: bob, text: 'Is Bob there?' }, { state: 'failed' });
    await until('Ann hears of it', async () => toldAnn().length > 0);
    expect(toldAnn()).to.deep.equal([
      'Bob replied STOP and won\'t get texts from "Chess" until they text START to its number.',
    ]);
    await world.text(cy, long, 'Sing');
    await world.text(ann, tollFree, 'Still not?');
    await world.quiet();
    expect(saidTo(bob)).to.include('Cy: Sing').and.not.to.include('Ann: Still not?');
    await deliveryIn(world, { phone: bob, text: 'Still not?' }, { state: 'skipped' });
    expect(toldAnn()).to.have.length(1);
    expect(saidTo(cy).filter((text) => text.includes('STOP') && text.startsWith('Bob'))).to.deep.equal([]);
    expect(await rows(world.runtime.db, 'SELECT id FROM people WHERE blocked_at IS NOT NULL')).to.deep.equal([]);
    expect(await ledgerOf(bob)).to.deep.equal([{ kind: 'stop', way: 'carrier', number: tollFree }]);
  });

  it('texts again once START went to it, and to it only', async () => {
    await world.text(bob, long, 'START');
    await world.text(ann, tollFree, 'Not yet');
    await world.quiet();
    expect(saidTo(cy)).to.include('Bob: START');
    expect(saidTo(bob)).not.to.include('Ann: Not yet');
    await world.text(bob, tollFree, 'START');
    await world.text(ann, tollFree, 'There you are');
    await world.quiet();
    expect(saidTo(bob)).to.include('Ann: There you are');
    expect(saidTo(ann)).not.to.include('Bob: START');
    expect((await ledgerOf(bob)).at(-1)).to.deep.equal({ kind: 'start', way: 'text', number: tollFree });
  });

  it('is given to nobody for whom the carrier blocks it, while another number is free', async () => {
    await world.text(dan, tollFree, 'STOP');
    await world.text(dan, long, 'START');
    await world.quiet();
    expect(await start('Picnic', ['Dan', dan], ['Ann', ann])).to.equal(long);
    expect(await ledgerOf(dan)).to.deep.equal([
      { kind: 'stop', way: 'text', number: null },
      { kind: 'start', way: 'text', number: null },
    ]);
  });

  it('is not what code 200 from a long number speaks of: that blocks the whole phone', async () => {
    world.simulator.fault({ kind: 'opted_out', phone: bob, number: long, times: 1 });
    await world.text(cy, long, 'Once more');
    await until('Cy hears of it', async () => saidTo(cy).some((text) => text.includes('or any other group')));
    await world.text(ann, tollFree, 'Nothing for Bob');
    await world.quiet();
    expect(saidTo(bob)).not.to.include('Ann: Nothing for Bob');
    await world.text(cy, tollFree, 'STOP');
    await world.text(cy, tollFree, 'START');
    expect(await ledgerOf(cy)).to.deep.equal([
      { kind: 'stop', way: 'text', number: null },
      { kind: 'start', way: 'text', number: null },
      { kind: 'start', way: 'text', number: tollFree },
    ]);
    expect((await ledgerOf(bob)).at(-1)).to.deep.equal({ kind: 'stop', way: 'carrier', number: null });
  });
});
