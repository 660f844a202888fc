import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { row, rows } from '../db/connect.ts';
import { findPerson } from '../db/people/people.ts';
import { startGroup } from './support/group.ts';
import { openSid } from './support/session.ts';
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

describe('the ledger of consents', () => {
  let world: World;
  before(async () => {
    world = await openWorld();
  });
  after(() => world.close());

  /** Whose, what about, by whom, which way, with which words. */
  const ledgerOf = async (phone: string) =>
    (
      await rows<Record<'kind' | 'about' | 'by' | 'way' | 'wording' | 'inGroup', string | null>>(
        world.runtime.db,
        `SELECT c.kind, c.about, IF(c.by_id = c.person_id, 'self', b.phone) AS \`by\`, c.way, c.wording, g.name AS inGroup
         FROM consents c JOIN people p ON p.id = c.person_id JOIN people b ON b.id = c.by_id LEFT JOIN \`groups\` g ON g.id = c.group_id
         WHERE p.phone = ? ORDER BY c.id`,
        [phone],
      )
    ).map(({ kind, about, by, way, wording, inGroup }) =>
      [kind, about, inGroup ?? 'all', by, way, wording ?? '-'].join(' / '),
    );

  it('keeps who agreed, left, stopped and started, by whom, which way and in which words', async () => {
    const { number, phones } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const [ann = '', bob = ''] = [phones.Ann, phones.Bob];
    const sid = await openSid(world, bob);
    await world.call('/member/bye', { sid, group: number });
    await world.text(bob, number, '*hi');
    await world.text(ann, number, '*owner Bob');
    await world.quiet();
    await world.text(bob, number, 'no');
    await world.text(ann, number, '*owner Bob');
    await world.quiet();
    await world.text(bob, number, 'Yes!');
    await world.text(bob, number, 'STOP');
    await world.text(bob, number, 'START');
    expect(await ledgerOf(ann)).to.deep.equal(['consent / ownership / Hikers / self / text / YES']);
    expect(await ledgerOf(bob)).to.deep.equal([
      `consent / membership / Hikers / ${ann} / text / YES`,
      'leave / membership / Hikers / self / call / -',
      'consent / membership / Hikers / self / text / *hi',
      'refusal / ownership / Hikers / self / text / no',
      'consent / ownership / Hikers / self / text / Yes!',
      'stop / texts / all / self / text / STOP',
      'start / texts / all / self / text / START',
    ]);
  });

  it('is only ever added to', () => {
    const files = readdirSync('db', { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
    const writes = files.filter((file) =>
      /(UPDATE|DELETE\s+FROM|REPLACE\s+INTO)\s+`?consents/i.test(readFileSync(path.join('db', file), 'utf8')),
    );
    expect(writes).to.deep.equal([]);
  });
});
