import { expect } from 'chai';
import { type Binding, type Db, errnoOf, isDuplicate, rows, run } from '../../../db/connect.ts';
import { migrate } from '../../../db/migrate.ts';
import { nameKey } from '../../../engine/rules/names.ts';
import { openDatabase } from '../../support/database.ts';

/** The unique keys that carry the promises: each refuses a second one among the living, and allows it after the end. */
describe('the database itself refuses', () => {
  let db: Db;
  let drop: () => Promise<void>;

  before(async () => {
    ({ db, drop } = await openDatabase());
    await migrate(db);
    for (const phone of ['+14445550001', '+14445550002', '+14445550003']) await insert('people', { phone });
    for (const phone of ['+12015550001', '+12015550002'])
      await insert('numbers', { phone, carrier: 'plivo', kind: 'pool' });
  });
  after(() => drop());

  async function insert(table: string, values: Record<string, Binding>): Promise<number> {
    const all: Record<string, Binding> = { ...madeAt(table), ...values };
    const names = Object.keys(all);
    const marks = names.map(() => '?').join(', ');
    return (await run(db, `INSERT INTO \`${table}\` (${names.join(', ')}) VALUES (${marks})`, Object.values(all))).id;
  }

  async function expectDuplicate(key: string, work: Promise<unknown>): Promise<void> {
    const refused = await work.then(
      () => null,
      (error: unknown) => error,
    );
    expect(isDuplicate(refused, key), `${key}: ${refused}`).to.equal(true);
  }

  let groups = 0;
  const newGroup = (values: Record<string, Binding> = {}) =>
    insert('groups', { name: `Group ${++groups}`, owner_id: 1, number_id: 1, state: 'active', ...values });
  const member = (values: Record<string, Binding>) => insert('memberships', { person_id: 1, number_id: 1, ...values });
  const end = (id: number) => run(db, 'UPDATE memberships SET live = NULL, ended_at = NOW(3) WHERE id = ?', [id]);
  const endAll = () => run(db, 'UPDATE memberships SET live = NULL');
  afterEach(() => endAll());

  it('one phone with two memberships through one number', async () => {
    const first = await member({ group_id: await newGroup() });
    const elsewhere = await newGroup();
    await expectDuplicate('memberships_pair', member({ group_id: elsewhere }));
    await end(first);
    await end(await member({ group_id: elsewhere }));
    await member({ group_id: elsewhere });
  });

  it('one person twice in a group, through whatever number', async () => {
    const group = await newGroup();
    const first = await member({ group_id: group });
    await expectDuplicate('memberships_person', member({ group_id: group, number_id: 2 }));
    await end(first);
    await member({ group_id: group, number_id: 2 });
  });

  for (const [one, other, differ] of [
    ['Bob', 'Bob', false],
    ['Bob', 'BOB', false],
    ['Ｂｏｂ', 'bob', false],
    ['Zoë', 'Zoe\u0308', false],
    ['Straße', 'STRASSE', false],
    ['Bob', 'Rob', true],
    ['Zoë', 'Zoe', true],
    ['😀', '😁', true],
    ['🍎', '🍏', true],
    ['👩‍🚀', '👨‍🚀', true],
    ['ß', 's', true],
  ] as const) {
    it(`${differ ? 'nothing of' : 'in one group both'} ${JSON.stringify(one)} and ${JSON.stringify(other)}`, async () => {
      const group = await newGroup();
      const first = await member({ group_id: group, name: one, name_key: nameKey(one) });
      const second = { group_id: group, person_id: 2, name: other, name_key: nameKey(other) };
      if (!differ) await expectDuplicate('memberships_name', member(second));
      if (!differ) await end(first);
      await member(second);
    });
  }

  it('nothing of two members without a name', async () => {
    const group = await newGroup();
    await member({ group_id: group });
    await member({ group_id: group, person_id: 2 });
  });

  it('one message id twice in a group; another group has its own', async () => {
    const [group, other] = [await newGroup(), await newGroup()];
    const said = { kind: 'said', text: 'Hi', message_id: 1 };
    await insert('messages', { ...said, group_id: group });
    await expectDuplicate('messages_number', insert('messages', { ...said, group_id: group }));
    await insert('messages', { ...said, group_id: other });
    for (let time = 0; time < 2; time++) await insert('messages', { kind: 'system', text: 'Welcome', group_id: group });
  });

  it('one inbound carrier id twice, for good, to the letter', async () => {
    const text = { carrier_id: 'db3ce55a-7f1d', phone: '+14445550001' };
    await insert('inbound_texts', text);
    await expectDuplicate('PRIMARY', insert('inbound_texts', { ...text, phone: '+14445550002' }));
    await insert('inbound_texts', { ...text, carrier_id: 'DB3CE55A-7F1D' });
  });

  it('one invite code for two groups; a code that was given up is free', async () => {
    const first = await newGroup({ invite_code: 'Chess', invite_key: 'chess' });
    await expectDuplicate('groups_invite', newGroup({ invite_code: 'CHESS', invite_key: 'chess' }));
    await run(db, 'UPDATE `groups` SET invite_key = NULL WHERE id = ?', [first]);
    await newGroup({ invite_code: 'CHESS', invite_key: 'chess' });
  });

  it('a phone, a number of ours and an account twice', async () => {
    await expectDuplicate('people_phone', insert('people', { phone: '+14445550001' }));
    await expectDuplicate(
      'numbers_phone',
      insert('numbers', { phone: '+12015550001', carrier: 'plivo', kind: 'service' }),
    );
    await insert('accounts', { person_id: 1, type: 'T', balance: 0 });
    await expectDuplicate('accounts_person', insert('accounts', { person_id: 1, type: 'P', balance: 0 }));
  });

  it('one delivery twice', async () => {
    const message = await insert('messages', { kind: 'system', text: 'Once' });
    const delivery = { message_id: message, person_id: 1, part: 0, number_id: 1, state: 'queued' };
    await insert('deliveries', delivery);
    await expectDuplicate('PRIMARY', insert('deliveries', delivery));
    await insert('deliveries', { ...delivery, part: 1 });
  });

  for (const [what, table, values] of [
    ['a membership of nobody', 'memberships', { group_id: 1, person_id: 999, number_id: 1 }],
    ['a membership through no number', 'memberships', { group_id: 1, person_id: 3, number_id: 999 }],
    ['a delivery of no message', 'deliveries', { message_id: 999_999, person_id: 1, number_id: 1, state: 'queued' }],
    ['a schedule of no group', 'schedules', { text: 'Hi', group_id: 999_999, send_at: new Date() }],
    ['a PIN of nobody', 'pins', { person_id: 999, pin_hash: Buffer.alloc(32), expires_at: new Date() }],
    ['money of no account', 'ledger', { account_id: 999, kind: 'trial', amount: 1 }],
  ] as const) {
    it(what, async () => {
      const refused = await insert(table, values).then(
        () => null,
        (error: unknown) => errnoOf(error),
      );
      expect(refused).to.equal(NO_SUCH_PARENT);
    });
  }

  it('a row without its parent in every table, also on MySQL, which checks by one key and skips rows with a NULL in it', async () => {
    const parents = await rows<{ name: string; table: string; column: string }>(
      db,
      `SELECT CONSTRAINT_NAME AS name, TABLE_NAME AS \`table\`, COLUMN_NAME AS \`column\` FROM information_schema.KEY_COLUMN_USAGE
       WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL`,
    );
    expect(parents.length).to.be.greaterThan(20);
    const skipped = await Promise.all(
      parents.map(async ({ name, table, column }) => {
        const keys = await rows<Key>(db, `SHOW KEYS FROM \`${table}\``);
        const first = keys.find(({ Seq_in_index, Column_name }) => Seq_in_index === 1 && Column_name === column);
        const later = keys.filter(({ Key_name, Seq_in_index }) => Key_name === first?.Key_name && Seq_in_index > 1);
        const columns = await rows<{ Field: string; Null: string; Default: string | null }>(
          db,
          `SHOW COLUMNS FROM \`${table}\``,
        );
        const mayBeNull = (field: string) =>
          columns.some(({ Field, Null, Default }) => Field === field && Null === 'YES' && Default === null);
        return later.some(({ Column_name }) => mayBeNull(Column_name)) ? name : null;
      }),
    );
    expect(skipped.filter((name) => name !== null)).to.deep.equal([]);
  });
});

type Key = { Key_name: string; Seq_in_index: number; Column_name: string };

const NO_SUCH_PARENT = 1452;

/** The time columns that a table insists on. */
function madeAt(table: string): Record<string, Date> {
  const column =
    { messages: 'accepted_at', memberships: 'joined_at', inbound_texts: 'received_at' }[table] ?? 'created_at';
  return { [column]: new Date() };
}
