/**
 * Of each sharded table the columns that tell where its rows are. `own`: their group, or what they hang on; the first is the one
 * that an INSERT names. `lookup`: a look-up table says which groups that is.
 */
export type ShardKeys = Readonly<Record<string, { own: readonly string[]; lookup: readonly string[] }>>;

/**
 * The sharded tables that a statement reads or writes without saying whose rows: no key of theirs is compared for equality with
 * a value or with a row of a table that is not sharded, nor an own key with a row whose shard is known: rows of a group name
 * rows of that group alone.
 */
export function findUnkeyed(text: string, keys: ShardKeys): string[] {
  const tokens = tokensOf(text);
  const scopes: Scope[] = [];
  readScope(tokens, 0, { parent: null, scopes, keys });
  // A row that is known makes others known.
  for (let known = -1; known < count(scopes); ) {
    known = count(scopes);
    for (const scope of scopes) bind(scope, keys);
  }
  const unkeyed = scopes.flatMap(({ tables }) => tables.filter((table) => keys[table.name] && !table.isKnown));
  return [...new Set([...unkeyed.map(({ name }) => name), ...insertedWithout(tokens, keys)])].sort();
}

type Table = { name: string; alias: string; isKnown: boolean };
/** Two sides of `=`, or a column before IN. A side is a column (`alias.name`, `name`), or null for a value. */
type Equality = { left: string; right: string | null };
/** One SELECT, or the whole of another statement. */
type Scope = { parent: Scope | null; tables: Table[]; equalities: Equality[] };
type Reading = { parent: Scope | null; scopes: Scope[]; keys: ShardKeys };

const count = (scopes: readonly Scope[]) => scopes.flatMap(({ tables }) => tables).filter((one) => one.isKnown).length;

/** Words with what they are qualified by, texts and parameters as `?`, and signs. */
function tokensOf(text: string): string[] {
  const bare = text.replace(/'(?:[^'\\]|\\.|'')*'/g, ' ? ').replace(/`/g, '');
  return bare.match(/[A-Za-z_]\w*(?:\.\w+)?|\d+|<=>|<>|<=|>=|[?(),=<>*]|\S/g) ?? [];
}

const AFTER_TABLE = /^(FROM|JOIN|STRAIGHT_JOIN|UPDATE)$/i;
const NO_ALIAS =
  /^(WHERE|SET|ON|JOIN|LEFT|INNER|STRAIGHT_JOIN|FORCE|USE|ORDER|GROUP|LIMIT|FOR|UNION|VALUES|VALUE|SELECT|HAVING|AND|AS|USING|CROSS)$/i;

/** Reads from a place to the bracket that ends it; returns the place behind. */
function readScope(tokens: readonly string[], from: number, reading: Reading): number {
  let scope = openScope(reading);
  let at = from;
  let isList = false;
  for (; at < tokens.length; at++) {
    const token = tokens[at] ?? '';
    const next = tokens[at + 1] ?? '';
    if (token === ')') break;
    if (/^UNION$/i.test(token)) scope = openScope(reading);
    if (/^(WHERE|SET|ON|GROUP|ORDER)$/i.test(token)) isList = false;
    if (AFTER_TABLE.test(token) || (isList && token === ',')) {
      isList = !/^UPDATE$/i.test(token);
      if (/^\w+$/.test(next) && !/^SELECT$/i.test(next)) addTable(scope, tokens, at + 1);
    }
    if (token === '=' || token === '<=>') noteEquality(scope, tokens, at);
    if (/^IN$/i.test(token) && isColumn(tokens[at - 1]))
      scope.equalities.push({ left: tokens[at - 1] ?? '', right: null });
    if (token === '(') at = readBracket(tokens, at, { scope, reading });
  }
  return at;
}

/** A subquery is a scope of its own, what is in other brackets belongs to the scope around. */
function readBracket(
  tokens: readonly string[],
  at: number,
  { scope, reading }: { scope: Scope; reading: Reading },
): number {
  if (/^(SELECT|\()$/i.test(tokens[at + 1] ?? '')) return readScope(tokens, at + 1, { ...reading, parent: scope });
  let depth = 0;
  for (let place = at; place < tokens.length; place++) {
    const token = tokens[place] ?? '';
    if (token === '(' && place > at && /^SELECT$/i.test(tokens[place + 1] ?? '')) {
      place = readScope(tokens, place + 1, { ...reading, parent: scope });
      continue;
    }
    if (token === '(') depth++;
    if (token === ')' && --depth === 0) return place;
    if (token === '=' || token === '<=>') noteEquality(scope, tokens, place);
    if (/^IN$/i.test(token) && isColumn(tokens[place - 1]))
      scope.equalities.push({ left: tokens[place - 1] ?? '', right: null });
  }
  return tokens.length;
}

function openScope({ parent, scopes }: Reading): Scope {
  const scope: Scope = { parent, tables: [], equalities: [] };
  scopes.push(scope);
  return scope;
}

function addTable(scope: Scope, tokens: readonly string[], at: number): void {
  const name = tokens[at] ?? '';
  if (/^JSON_TABLE$/i.test(name)) return;
  const after = /^AS$/i.test(tokens[at + 1] ?? '') ? tokens[at + 2] : tokens[at + 1];
  const alias = after !== undefined && /^[A-Za-z_]\w*$/.test(after) && !NO_ALIAS.test(after) ? after : name;
  scope.tables.push({ name, alias, isKnown: false });
}

const isColumn = (token: string | undefined): token is string => /^[A-Za-z_]\w*(\.\w+)?$/.test(token ?? '');

function noteEquality(scope: Scope, tokens: readonly string[], at: number): void {
  const [left = '', right = ''] = [tokens[at - 1], tokens[at + 1]];
  const isCall = tokens[at + 2] === '(';
  // `? IS NULL OR g.id = ?` may be about all.
  if (/^OR$/i.test(tokens[at - 2] ?? '')) return;
  if (isColumn(left)) scope.equalities.push({ left, right: isColumn(right) && !isCall ? right : null });
  if (isColumn(right) && !isCall) scope.equalities.push({ left: right, right: isColumn(left) ? left : null });
}

/** Marks the tables of a scope whose shard the equalities tell. */
function bind(scope: Scope, keys: ShardKeys): void {
  for (const { left, right } of scope.equalities) {
    const table = tableOf(scope, left, keys);
    const key = table && keys[table.name];
    if (table === undefined || key === undefined) continue;
    const isOwn = key.own.includes(columnOf(left));
    if (!isOwn && !key.lookup.includes(columnOf(left))) continue;
    const other = right === null ? undefined : tableOf(scope, right, keys);
    if (other === undefined || !keys[other.name] || (isOwn && other !== table && other.isKnown)) table.isKnown = true;
  }
}

function isKey(keys: ShardKeys, table: string, column: string): boolean {
  return [...(keys[table]?.own ?? []), ...(keys[table]?.lookup ?? [])].includes(column);
}

const columnOf = (name: string) => name.split('.').at(-1) ?? '';

/** The table of a column; undefined where it is of a subquery, or of none that the text names. */
function tableOf(scope: Scope, name: string, keys: ShardKeys): Table | undefined {
  const [alias, column] = name.includes('.') ? name.split('.') : [undefined, name];
  for (let around: Scope | null = scope; around !== null; around = around.parent) {
    const found = around.tables.find((one) =>
      alias === undefined ? isKey(keys, one.name, column ?? '') : one.alias === alias,
    );
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Rows that are written say whose they are. */
function insertedWithout(tokens: readonly string[], keys: ShardKeys): string[] {
  const at = tokens.findIndex((token) => /^INTO$/i.test(token));
  const name = tokens[at + 1] ?? '';
  const first = keys[name]?.own[0];
  // A group begins with its row.
  if (at < 0 || first === undefined || first === 'id') return [];
  const columns = tokens.slice(at + 3, tokens.indexOf(')', at));
  return columns.includes(first) ? [] : [name];
}
