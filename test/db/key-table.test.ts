import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { type Db, openDb, rows } from '../../db/connect.ts';
import { takeMigrated } from '../support/database.ts';
import { columnsOf, readShardKeys, readVschema } from '../support/key-table.ts';

/** docs/vschema.json and docs/sharding.md say of the schema what is so. */
describe('the key table', () => {
  const { first, groups } = readVschema();
  const vindexes = groups.vindexes ?? {};
  const sharded = Object.entries(groups.tables).filter(([, { type }]) => type === undefined);
  const page = readFileSync(path.join(import.meta.dirname, '..', '..', 'docs', 'sharding.md'), 'utf8');
  let db: Db;
  let giveBack: () => Promise<void>;

  before(async () => {
    const own = await takeMigrated();
    giveBack = own.giveBack;
    db = openDb(own.url, { size: 1 });
  });
  after(async () => {
    await db.destroy();
    await giveBack();
  });

  const keysOf = () =>
    rows<{ name: string; key: string; columns: string }>(
      db,
      `SELECT table_name AS name, index_name AS \`key\`, GROUP_CONCAT(column_name ORDER BY seq_in_index) AS columns
       FROM information_schema.statistics WHERE table_schema = DATABASE() AND non_unique = 0
       GROUP BY table_name, index_name ORDER BY table_name, index_name`,
    );
  const columnsIn = () =>
    rows<{ name: string; column: string; extra: string }>(
      db,
      `SELECT table_name AS name, column_name AS \`column\`, extra AS extra FROM information_schema.columns
       WHERE table_schema = DATABASE() AND table_name NOT LIKE 'knex%'`,
    );
  const foreignKeys = () =>
    rows<{ name: string; table: string; to: string }>(
      db,
      `SELECT constraint_name AS name, table_name AS \`table\`, referenced_table_name AS \`to\`
       FROM information_schema.referential_constraints WHERE constraint_schema = DATABASE() ORDER BY name`,
    );

  it('has each table in one keyspace; what else it has are look-up tables and sequences', async () => {
    const tables = [...new Set((await columnsIn()).map(({ name }) => name))].sort();
    const made = Object.values(vindexes).map(({ params }) => params?.table?.replace('first.', ''));
    const own = Object.entries(first.tables).filter(([name, { type }]) => type === undefined && !made.includes(name));
    const listed = [...own, ...sharded].map(([name]) => name);
    expect(listed.sort()).to.deep.equal(tables);
    const copied = Object.entries(groups.tables).filter(([, { type }]) => type === 'reference');
    expect(copied.filter(([name, { source }]) => source !== `first.${name}` || !tables.includes(name))).to.deep.equal(
      [],
    );
  });

  it('names columns that there are, and finds each by a vindex that there is', async () => {
    const there = new Set((await columnsIn()).map(({ name, column }) => `${name}.${column}`));
    for (const [table, { column_vindexes: all = [] }] of sharded) {
      expect(all, table).to.not.have.length(0);
      for (const one of all) {
        expect(vindexes, `${table} ${one.name}`).to.have.property(one.name);
        for (const column of columnsOf(one)) expect(there, table).to.include(`${table}.${column}`);
      }
    }
  });

  it('finds the shard of a row by its group, or by what it hangs on, whose owner finds it by its group', () => {
    for (const [table, { column_vindexes: [primary] = [] }] of sharded) {
      const name = primary?.name ?? '';
      if (name === 'group') continue;
      const { type, owner = '' } = vindexes[name] ?? { type: '' };
      expect(type, table).to.equal('consistent_lookup_unique');
      expect(groups.tables[owner]?.column_vindexes?.[0]?.name, table).to.equal('group');
    }
  });

  it('has a sequence for each id that a sharded table counts', async () => {
    const counted = (await columnsIn()).filter(
      ({ name, extra }) => extra.includes('auto_increment') && isSharded(name),
    );
    const sequences = sharded.flatMap(([name, { auto_increment: ids }]) => (ids ? [{ name, ...ids }] : []));
    expect(sequences.map(({ name, column }) => `${name}.${column}`).sort()).to.deep.equal(
      counted.map(({ name, column }) => `${name}.${column}`).sort(),
    );
    for (const { sequence } of sequences)
      expect(first.tables[sequence.replace('first.', '')]?.type, sequence).to.equal('sequence');
  });

  it('has a look-up table for each unique key that does not hold within a shard', async () => {
    const keys = readShardKeys();
    const crossing = (await keysOf()).filter(({ name, columns }) => {
      const own = (keys[name]?.own ?? []).filter((column) => column !== 'invite_key');
      return isSharded(name) && columns !== 'id' && !own.some((column) => columns.split(',').includes(column));
    });
    const kept = Object.values(vindexes)
      .filter(({ type, owner }) => type === 'consistent_lookup_unique' && owner !== undefined)
      .map(({ params, owner }) => `${owner} ${params?.from}`);
    expect(crossing.map(({ name, columns }) => `${name} ${columns}`)).to.deep.equal([
      'groups invite_key',
      'memberships person_id,number_id,live',
    ]);
    expect(kept).to.include.members(crossing.map(({ name, columns }) => `${name} ${columns}`));
  });

  it('stands on the page as it is in the file', () => {
    const keys = readShardKeys();
    const said = [...page.matchAll(/^\| `(\w+)` \| (.+?) \| .+ \|$/gm)].map(([, table = '', found = '']) => {
      const [own = '', lookup = ''] = found.split('; by look-up ');
      return [table, [...named(own), ...named(lookup)].sort()];
    });
    expect(Object.fromEntries(said)).to.deep.equal(
      Object.fromEntries(Object.entries(keys).map(([table, { own, lookup }]) => [table, [...own, ...lookup].sort()])),
    );
  });

  it('names the foreign keys between the keyspaces on the page', async () => {
    const crossing = (await foreignKeys()).filter((key) => isSharded(key.table) !== isSharded(key.to));
    const list = page.slice(page.indexOf('<!-- foreign-keys -->'), page.indexOf('<!-- /foreign-keys -->'));
    const said = [...list.matchAll(/`(\w+)` \((\w+) → (\w+)\)/g)].map(([, name, table, to]) => ({ name, table, to }));
    expect(said).to.deep.equal(crossing);
  });

  const isSharded = (table: string) => sharded.some(([name]) => name === table);
});

function named(text: string): string[] {
  return [...text.matchAll(/`(\w+)`/g)].map(([, name = '']) => name);
}
