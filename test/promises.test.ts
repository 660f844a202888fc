import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import { documentPaths, readmePath, withTables } from '../dev/docs.ts';
import { isCommand } from '../engine/rules/commands.ts';

describe('the documents', () => {
  for (const path of documentPaths) {
    it(`have the tables that the code has (else: npm run docs): ${path.pathname.split('/').at(-1)}`, async () => {
      const document = await readFile(path, 'utf8');
      expect(document).to.match(/<!-- \w+ -->/);
      expect(withTables(document)).to.equal(document);
    });
  }
});

describe('The README', () => {
  it('names only npm scripts that exist', async () => {
    const readme = await readFile(readmePath, 'utf8');
    const { scripts } = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8')) as {
      scripts: Record<string, string>;
    };
    const named = [...readme.matchAll(/npm (?:run )?(start|test|demo|bench|build|docs|[a-z]+:[a-z]+)\b/g)].map(
      ([, name]) => name ?? '',
    );
    expect(named).to.not.be.empty;
    expect(Object.keys(scripts)).to.include.members([...new Set(named)]);
  });

  it('shows each command as one that the engine takes for a command', async () => {
    const readme = await readFile(readmePath, 'utf8');
    const shown = [...readme.matchAll(/^\| `(\*[^`]+)` \|/gm)].map(([, usage]) => usage ?? '');
    expect(shown).to.not.be.empty;
    for (const usage of shown) expect(isCommand(usage), usage).to.equal(true);
  });
});
