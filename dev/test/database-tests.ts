import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** What a test that needs a database imports, itself or through others. */
const DOORS = [
  'test/support/database.ts',
  'test/support/world.ts',
  'test/support/group-replication.ts',
  'test/faults/fixture.ts',
];

/** The test files that touch a database, by what they import; those that need a browser are left out. */
export function findDatabaseTests(root: string): string[] {
  const known = new Map<string, boolean>();
  function touches(file: string): boolean {
    const before = known.get(file);
    if (before !== undefined) return before;
    // A circle is decided by its other files.
    known.set(file, DOORS.includes(file));
    const found = DOORS.includes(file) || importsOf(root, file).some(touches);
    known.set(file, found);
    return found;
  }
  return readdirSync(path.join(root, 'test'), { recursive: true, encoding: 'utf8' })
    .map((name) => path.posix.join('test', name))
    .filter((file) => file.endsWith('.test.ts') && !file.startsWith('test/pages/') && touches(file))
    .sort();
}

function importsOf(root: string, file: string): string[] {
  const text = readFileSync(path.join(root, file), 'utf8');
  return [...text.matchAll(/from '(\.[^']+\.ts)'/g)]
    .map(([, to = '']) => path.posix.join(path.posix.dirname(file), to))
    .filter((to) => to.startsWith('test/') && existsSync(path.join(root, to)));
}
