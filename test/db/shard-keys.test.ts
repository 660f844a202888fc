import { expect } from 'chai';
import { startGroup } from '../support/group.ts';
import { readShardKeys } from '../support/key-table.ts';
import { unkeyed } from '../support/shard-exceptions.ts';
import { findUnkeyed } from '../support/shard-keys.ts';
import { collect, readSqlTexts } from '../support/sql-texts.ts';
import { statementsOf } from '../support/statements.ts';
import { openWorld } from '../support/world.ts';

const examples: readonly [what: string, text: string, tables: readonly string[]][] = [
  ['a value', 'SELECT 1 FROM deliveries WHERE message_id = ? AND person_id = ?', []],
  ['a list', 'UPDATE messages SET pending = ? WHERE id IN (?)', []],
  ['a value that may be none', 'SELECT 1 FROM groups g WHERE (? IS NULL OR g.id = ?)', ['groups']],
  ['a range', 'SELECT 1 FROM deliveries WHERE message_id > ?', ['deliveries']],
  ['another column', 'SELECT 1 FROM deliveries d WHERE d.person_id = ?', ['deliveries']],
  ['a row that is known', 'SELECT 1 FROM messages m JOIN deliveries d ON d.message_id = m.id WHERE m.group_id = ?', []],
  [
    'a row that is not',
    'SELECT 1 FROM messages m JOIN deliveries d ON d.message_id = m.id',
    ['deliveries', 'messages'],
  ],
  [
    'what a row of the same group names',
    'SELECT 1 FROM messages m JOIN memberships b ON b.id = m.sender_id WHERE m.id = ?',
    [],
  ],
  ['a look-up of people', 'SELECT 1 FROM people p JOIN memberships m ON m.person_id = p.id WHERE p.phone = ?', []],
  [
    'a number, which has no look-up',
    'SELECT 1 FROM numbers n JOIN memberships m ON m.number_id = n.id',
    ['memberships'],
  ],
  [
    'a subquery',
    'SELECT 1 FROM batches c WHERE c.message_id = ? AND EXISTS (SELECT 1 FROM batches e WHERE e.group_id = c.group_id)',
    [],
  ],
  ['a subquery of its own', 'SELECT (SELECT MAX(d.cost) FROM deliveries d) FROM messages WHERE id = ?', ['deliveries']],
  [
    'one half of a union',
    '(SELECT id FROM messages WHERE group_id = ?) UNION (SELECT id FROM messages WHERE pending = 1)',
    ['messages'],
  ],
  ['rows with their key', 'INSERT INTO deliveries (message_id, person_id) VALUES ?', []],
  ['rows without', 'INSERT INTO messages (kind, text) VALUES (?, ?)', ['messages']],
  ['a key within quotes', "SELECT 'message_id = 1' FROM deliveries", ['deliveries']],
];

/** Every statement on a sharded table says whose rows it is about: docs/sharding.md. */
describe('shard keys', () => {
  const keys = readShardKeys();
  const texts = readSqlTexts();
  const excepted = new Set(unkeyed.flatMap(({ places }) => places));
  const without = (some: typeof texts) => some.filter(({ text }) => findUnkeyed(text, keys).length > 0);

  it('are named by every statement of db/ but those that are listed with a reason', () => {
    expect(texts.length).to.be.greaterThan(400);
    const wrong = without(texts).filter(({ place }) => !excepted.has(place));
    const said = wrong.map(({ place, text }) => {
      const tables = findUnkeyed(text, keys);
      const wanted = tables.map(
        (table) => `${table} (${[...(keys[table]?.own ?? []), ...(keys[table]?.lookup ?? [])].join(' or ')})`,
      );
      return `${place} reads or writes rows of ${tables.join(', ')} of no shard in particular: compare a key of ${wanted.join(', ')} with a value or a joined row, or list it in test/support/shard-exceptions.ts with its reason.`;
    });
    expect(said).to.deep.equal([]);
  });

  it('are missing in each statement that is listed, and each has one place in the list', () => {
    const places = new Set(without(texts).map(({ place }) => place));
    const listed = unkeyed.flatMap((reason) => reason.places);
    expect(listed.filter((place) => !places.has(place))).to.deep.equal([]);
    expect(listed.filter((place, at) => listed.indexOf(place) !== at)).to.deep.equal([]);
  });

  it('are named by all that a text asks of MySQL on its way, as it is asked', async () => {
    const world = await openWorld();
    const { number, phones } = await startGroup(world, ['Ann', 'Bob', 'Cid']);
    const asked = await statementsOf(async () => {
      for (const text of ['Hello', '*count', '*to Bob psst', '*poll Pizza? yes, no', '1']) {
        await world.text(phones.Ann ?? '', number, text);
        await world.text(phones.Bob ?? '', number, text);
      }
      await world.quiet();
    });
    await world.close();
    const onTables = asked.filter((text) => /\b(messages|deliveries|batches)\b/.test(text));
    expect(onTables.length).to.be.greaterThan(50);
    const listed = texts.filter(({ place }) => excepted.has(place)).map(({ text }) => pattern(text));
    const wrong = asked.filter((text) => findUnkeyed(text, keys).length > 0);
    expect(wrong.filter((text) => !listed.some((one) => one.test(text)))).to.deep.equal([]);
  });

  for (const [what, text, tables] of examples)
    it(`${what}: ${tables.length === 0 ? 'named' : `not named for ${tables.join(' and ')}`}`, () => {
      expect(findUnkeyed(text, keys)).to.deep.equal(tables);
    });

  it('are seen in texts that are made of constants and functions of other files', () => {
    const found = collect(
      new Map([
        ['db/one.ts', "export const OF_ONE = 'WHERE message_id = ?';\nexport const ALL = 'WHERE due_at < ?';"],
        [
          'db/two.ts',
          // biome-ignore lint/suspicious/noTemplateCurlyInString: the text of a program
          'export async function read(sql: Sql) {\n  const some = "cost";\n  return [rows(sql, `SELECT ${some} FROM deliveries ${OF_ONE}`), rows(sql, `SELECT cost FROM deliveries ${ALL}`)];\n}',
        ],
      ]),
    );
    expect(found).to.deep.equal([
      { place: 'db/two.ts read', text: 'SELECT cost FROM deliveries WHERE message_id = ?' },
      { place: 'db/two.ts read', text: 'SELECT cost FROM deliveries WHERE due_at < ?' },
    ]);
    expect(found.map(({ text }) => findUnkeyed(text, keys))).to.deep.equal([[], ['deliveries']]);
  });
});

/** What a statement of db/ looks like when it is asked. */
function pattern(text: string): RegExp {
  const parts = text.split('?').map((part) =>
    part
      .trim()
      .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      .replace(/\s+/g, '\\s+'),
  );
  return new RegExp(`^\\s*${parts.join('[^]*')}\\s*$`);
}
