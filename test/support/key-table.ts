import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { ShardKeys } from './shard-keys.ts';

type ColumnVindex = { column?: string; columns?: readonly string[]; name: string };
type Vindex = { type: string; params?: Readonly<Record<string, string>>; owner?: string };
type Table = {
  column_vindexes?: readonly ColumnVindex[];
  auto_increment?: { column: string; sequence: string };
  type?: 'reference' | 'sequence';
  source?: string;
};
type Keyspace = {
  sharded: boolean;
  vindexes?: Readonly<Record<string, Vindex>>;
  tables: Readonly<Record<string, Table>>;
};

/** docs/vschema.json, as Vitess reads it. */
export function readVschema(): Readonly<Record<'first' | 'groups', Keyspace>> {
  const file = path.join(import.meta.dirname, '..', '..', 'docs', 'vschema.json');
  const { keyspaces } = JSON.parse(readFileSync(file, 'utf8')) as { keyspaces: Record<'first' | 'groups', Keyspace> };
  return keyspaces;
}

export const columnsOf = ({ column, columns = [] }: ColumnVindex): readonly string[] =>
  column === undefined ? columns : [column];

/** A key of one column is a row's own; of several the first alone tells which groups it may be in. */
export function readShardKeys(): ShardKeys {
  const sharded = Object.entries(readVschema().groups.tables).filter(([, { type }]) => type === undefined);
  return Object.fromEntries(
    sharded.map(([table, { column_vindexes: all = [] }]) => {
      const first = (some: readonly ColumnVindex[]) => [...new Set(some.flatMap((one) => columnsOf(one).slice(0, 1)))];
      const single = all.filter((one) => one.column !== undefined);
      return [table, { own: first(single), lookup: first(all.filter((one) => one.column === undefined)) }];
    }),
  );
}
