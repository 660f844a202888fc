import { expect } from 'chai';
import { type Db, row, rows, transact } from '../../db/connect.ts';
import { isBlocked } from '../../db/people/blocks.ts';
import { findPerson } from '../../db/people/people.ts';
import { startGroup, type TestGroup } from '../support/group.ts';
import { openOperated, type, typeJson } from '../support/operator.ts';
import { until } from '../support/rows.ts';
import { openSid } from '../support/session.ts';
import type { World } from '../support/world.ts';

describe('a person who is forgotten', () => {
  let world: World;
  let group: TestGroup;
  let env: Record<string, string>;
  let ann: string;
  let bob: string;
  let cy: string;
  before(async () => {
    ({ world, env, group } = await openOperated(['Ann', 'Bobbin', 'Cy'], { name: 'Hikers' }));
    env = { ...env, APP_SECRET: world.runtime.config.APP_SECRET };
    [ann = '', bob = '', cy = ''] = Object.values(group.phones);
  });
  after(() => world.close());

  const say = async (from: string, text: string) => {
    expect(await world.text(from, group.number, text)).to.equal(200);
    await world.quiet();
  };
  const heard = (phone: string) => world.textsTo(phone).map(({ text }) => text);
  const stateOf = async (phone: string) => {
    const last = await row<{ state: string }>(
      world.runtime.db,
      'SELECT d.state FROM deliveries d JOIN people p ON p.id = d.person_id WHERE p.phone = ? AND d.attempt > 0 ORDER BY d.message_id DESC LIMIT 1',
      [phone],
    );
    return last?.state;
  };
  const blocked = async (phone: string) => {
    const person = await findPerson(world.runtime.db, phone);
    return person !== undefined && (await transact(world.runtime.db, (tx) => isBlocked(tx, person.id)));
  };

  it('owns no group, and is one whom we know', async () => {
    const { code, err } = await type(`person forget ${ann} --yes`, env);
    expect(code, err).to.equal(1);
    expect(err).to.match(/owns \d+ "Hikers": hand them over \(group owner\) or delete them/);
    expect((await type('person forget +14445559999 --yes', env)).err).to.match(/We know nobody/);
    expect((await type(`person forget ${bob} --yes`, { MYSQL_URL: env.MYSQL_URL ?? '' })).err).to.match(/APP_SECRET/);
  });

  it('leaves no phone, name or word of theirs in any table; what is owed to the law stays', async () => {
    await say(bob, 'The key is under the flowerpot');
    await say(ann, '*who');
    await say(ann, `*forward ${bob}`);
    const sid = await openSid(world, bob);
    await world.call('/device/register', { sid, number: bob, type: 'android', token: 'bobbins-phone' });
    const rehearsed = await typeJson(`person forget ${bob} --dry-run`, env);
    expect(rehearsed.gone).to.deep.include({ memberships: 1, texts: 1, devices: 1, sessions: 1, forwards: 1 });
    expect(rehearsed.gone).to.have.property('naming').greaterThan(0);
    expect(await findPerson(world.runtime.db, bob)).not.to.equal(undefined);

    const said = await type(`person forget ${bob} --reason "letter of 3 May"`, env, 'y');
    expect(said.err).to.equal('');
    expect(said.asked).to.match(/Forget .*for good/);
    expect(said.out).to.match(/is forgotten/);
    for (const word of [bob, bob.slice(1)])
      expect(await tablesWith(world.runtime.db, word), word).to.deep.equal(['audit.words']);
    for (const word of ['Bobbin', 'flowerpot', 'bobbins-phone'])
      expect(await tablesWith(world.runtime.db, word), word).to.deep.equal([]);
    expect((await world.call('/member/groups', { sid })).http).to.equal(401);
    const { consents, about } = (await typeJson(`audit ${bob}`, env)) as {
      consents: { kind: string }[];
      about: string;
    };
    expect(about).to.match(/^~/);
    expect(consents.at(-1)).to.include({ kind: 'leave', wording: 'letter of 3 May' });
    expect((await type(`person forget ${bob} --yes`, env)).err).to.match(/forgotten already/);
  });

  it('gets nothing of the group, and is met again as anybody where they said no STOP', async () => {
    const before = heard(bob).length;
    await say(ann, 'Who has the key?');
    expect(heard(bob).length).to.equal(before);
    await say(ann, `*add Robin ${bob}`);
    expect(heard(bob).slice(before).join()).to.match(/Hikers/);
    expect(await blocked(bob)).to.equal(false);
    await say(bob, 'Back again');
    expect(heard(ann)).to.include('Robin: Back again');
  });

  it('stays blocked by their STOP when their phone turns up again, until they say START', async () => {
    await say(cy, 'STOP');
    expect((await type(`person forget ${cy} --yes`, env)).code).to.equal(0);
    expect(await findPerson(world.runtime.db, cy)).to.equal(undefined);
    const before = heard(cy).length;
    await say(ann, `*add Cy ${cy}`);
    expect(heard(ann).at(-1), 'the add is refused').to.match(/asked no/);
    await say(cy, 'Hello?');
    expect(await blocked(cy), 'texting us').to.equal(true);
    expect(heard(cy).length).to.equal(before);
    expect((await type(`person forget ${cy} --yes`, env)).code).to.equal(0);
    await say(cy, 'START');
    expect(await blocked(cy)).to.equal(false);
    await say(ann, `*add Cy ${cy}`);
    expect(heard(cy).length).to.be.greaterThan(before);
  });

  it('has what still waits to go out stopped, and no text goes out empty', async () => {
    const other = await startGroup(world, ['Dee', 'Eve', 'Fay'], { name: 'Rowers' });
    const { Eve: eve = '', Fay: fay = '' } = other.phones;
    world.simulator.fault({ kind: '429', phone: fay });
    await world.text(eve, other.number, 'Never to be read');
    await until('a try has failed', async () => (await stateOf(fay)) === 'queued');
    expect((await type(`person forget ${eve} --yes`, env)).code).to.equal(0);
    world.simulator.clearFaults();
    await world.quiet();
    expect(await stateOf(fay)).to.equal('skipped');
    expect(heard(fay).filter((text) => text.includes('Never') || text.endsWith(': '))).to.deep.equal([]);
  });
});

/** The columns of all tables in which a text stands. */
async function tablesWith(db: Db, text: string): Promise<string[]> {
  const columns = await rows<{ at: string; tableName: string; columnName: string }>(
    db,
    `SELECT CONCAT(table_name, '.', column_name) AS at, table_name AS tableName, column_name AS columnName FROM information_schema.columns
     WHERE table_schema = DATABASE() AND data_type IN ('varchar', 'char', 'text', 'mediumtext') ORDER BY at`,
  );
  const found: string[] = [];
  for (const { at, tableName, columnName } of columns) {
    const [first] = await rows(
      db,
      `SELECT 1 FROM \`${tableName}\` WHERE CONVERT(\`${columnName}\` USING utf8mb4) LIKE CONCAT('%', ?, '%') LIMIT 1`,
      [text],
    );
    if (first !== undefined) found.push(at);
  }
  return found;
}
