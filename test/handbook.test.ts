import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

/** The pages for those who change the program are true: every file and folder that they name is there, and the other way. */
const root = path.join(import.meta.dirname, '..');
const read = (name: string) => readFileSync(path.join(root, name), 'utf8');
/** What stands in backticks and reads as a path of ours. */
const pathsIn = (text: string) =>
  [...text.matchAll(/`([^`\s]+)`/g)]
    .map(([, name = '']) => name)
    .filter((name) => /^(api|engine|workers|db|dev|docs|test|client)\//.test(name));

describe('the handbook', () => {
  const recipes = read('CONTRIBUTING.md')
    .split(/^## /m)
    .find((part) => part.startsWith('Recipes'))
    ?.split(/^### /m)
    .slice(1)
    .map((text) => ({ name: text.slice(0, text.indexOf('\n')), text }));

  it('has a recipe for each thing that is added often', () => {
    const names = [
      'An endpoint',
      'A command',
      'A language',
      'An error',
      'A setting',
      'A field of a group or a member',
      'A carrier',
    ];
    expect(recipes?.map(({ name }) => name)).to.deep.equal([...names, 'A table']);
  });

  for (const { name, text } of recipes ?? []) {
    it(`names only files that exist, and the test that fails, in the recipe "${name}"`, () => {
      const [steps = '', forgotten = ''] = text.split('Forgotten:');
      const files = pathsIn(steps);
      const tests = pathsIn(forgotten);
      expect(files, 'files to touch').to.not.deep.equal([]);
      expect(tests, 'tests that fail').to.not.deep.equal([]);
      expect(tests.every((file) => file.endsWith('.test.ts'))).to.equal(true);
      expect([...files, ...tests].filter((file) => !existsSync(path.join(root, file)))).to.deep.equal([]);
    });
  }

  it('says of every folder what it holds, and of none that is not there', () => {
    const rows = read('docs/architecture.md')
      .split('\n')
      .filter((line) => /^\| `/.test(line))
      .flatMap((line) => pathsIn(line.split('|')[1] ?? ''))
      .filter((name) => name.endsWith('/'));
    const folders = ['api', 'engine', 'workers', 'db', 'dev'].flatMap((room) =>
      readdirSync(path.join(root, room), { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => `${path.relative(root, path.join(entry.parentPath, entry.name))}/`),
    );
    expect(rows.filter((folder) => !existsSync(path.join(root, folder)))).to.deep.equal([]);
    expect(folders.filter((folder) => !rows.includes(folder) && !folder.includes('/page/'))).to.deep.equal([]);
  });

  it('leads through hops that exist', () => {
    const hops = read('docs/architecture.md').match(/^\| \d \|.*$/gm) ?? [];
    expect(hops).to.have.length(7);
    expect(hops.flatMap(pathsIn).filter((file) => !existsSync(path.join(root, file)))).to.deep.equal([]);
  });

  it('explains some 30 words, in the order of the alphabet', () => {
    const [, glossary = ''] = read('docs/architecture.md').split('## Glossary');
    const words = [...glossary.matchAll(/^\| ([\w -]+) \|/gm)].map(([, word = '']) => word).slice(1);
    expect(words.length).to.be.within(28, 45);
    expect(words).to.deep.equal([...words].sort());
  });
});
