import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect } from 'chai';
import {
  clientCallsPath,
  documentPaths,
  drawClient,
  drawEnvExample,
  envExamplePath,
  readmePath,
  withTables,
} from '../dev/docs.ts';
import { isCommand } from '../engine/rules/commands.ts';
import { faults as machineFaults } from './faults/cases/index.ts';
import { hostFaults } from './hosts/cases.ts';

const faults = [...machineFaults, ...hostFaults];

describe('the documents', () => {
  for (const path of documentPaths) {
    it(`have the tables that the code has (else: npm run docs): ${path.pathname.split('/').at(-1)}`, async () => {
      const document = await readFile(path, 'utf8');
      expect(document).to.match(/<!-- \w+ -->/);
      expect(withTables(document)).to.equal(document);
    });
  }

  it('name every setting in .env.example (else: npm run docs)', async () => {
    expect(await readFile(envExamplePath, 'utf8')).to.equal(drawEnvExample());
  });

  it('and the client know every call as it is declared (else: npm run docs)', async () => {
    expect(await readFile(clientCallsPath, 'utf8')).to.equal(drawClient());
  });
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

describe('The promises and the threats', () => {
  const root = new URL('../', import.meta.url);
  const named = new Set<string>();

  for (const page of ['docs/promises.md', 'docs/threats.md']) {
    it(`of ${page} are each shown by tests and faults that there are`, async () => {
      for (const { what, shownBy } of await rowsOf(new URL(page, root))) {
        const files = shownBy.match(/(?<![\w`.])[\w./-]+\/[\w./-]+\w|[\w-]+\.json|\.npmrc/g) ?? [];
        const struck = [...shownBy.matchAll(/`([a-z0-9*-]+)`/g)].map(([, name = '']) => name);
        const all = shownBy.includes('all faults');
        expect(files.length + struck.length + Number(all), what).to.be.greaterThan(0);
        for (const file of files) expect(existsSync(new URL(file, root)), `${what}: ${file}`).to.equal(true);
        for (const name of struck) {
          const found = faults.filter((fault) => isLike(fault.name, name));
          expect(found, `${what}: ${name}`).to.not.be.empty;
          for (const fault of found) named.add(fault.name);
        }
      }
    });
  }

  it('of docs/threats.md are each shown by a test that npm test runs', async () => {
    for (const { what, shownBy } of await rowsOf(new URL('docs/threats.md', root)))
      expect(shownBy, what).to.match(/\btest\/[\w./-]+\.test\.ts|\btest\/dialogues\/[\w-]+\.txt/);
  });

  it('leave out none of the threats that somebody has tried', async () => {
    const threats = (await rowsOf(new URL('docs/threats.md', root))).map(({ what }) => what).join('\n');
    for (const tried of [
      ...['overdraft', 'draining', 'forced owners', 'card testing', 'using up a person’s numbers, or our money'],
      ...['first contact', 'the account that a stranger opens', 'logs of proxies'],
    ])
      expect(threats).to.contain(tried);
  });

  it('leave out none of the faults', () => {
    expect(faults.map(({ name }) => name).filter((name) => !named.has(name))).to.deep.equal([]);
  });
});

/** The rows of all tables that have a column "shown by". */
async function rowsOf(page: URL): Promise<{ what: string; shownBy: string }[]> {
  const found: { what: string; shownBy: string }[] = [];
  let column = -1;
  for (const line of (await readFile(page, 'utf8')).split('\n')) {
    const cells = line.split('|').map((cell) => cell.trim());
    if (cells.length < 3) column = -1;
    else if (column < 0) column = cells.indexOf('shown by');
    else if (column > 0 && !/^-+$/.test(cells[1] ?? ''))
      found.push({ what: `${cells[1]} ${cells[2]}`, shownBy: cells[column] ?? '' });
  }
  expect(found).to.not.be.empty;
  return found;
}

function isLike(name: string, pattern: string): boolean {
  const [start = '', end] = pattern.split('*');
  return end === undefined ? name === pattern : name.startsWith(start) && name.endsWith(end);
}
