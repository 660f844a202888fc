import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';

/** What no linter knows of this house. Who may import whom stands in .dependency-cruiser.mjs. */
const root = path.join(import.meta.dirname, '..');
const rooms = ['api', 'engine', 'workers', 'db'] as const;

type File = { name: string; text: string };

/** What runs in production. */
const programs: File[] = rooms.flatMap((room) =>
  readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => path.join(room, name))
    .map((name) => ({ name, text: readFileSync(path.join(root, name), 'utf8') })),
);

describe('the architecture', () => {
  it('keeps every import to the floors below it, in no circle', () => {
    execFileSync('npm', ['run', '--silent', 'check:imports'], { cwd: root, stdio: 'pipe' });
  });

  it('refuses an import of a floor above, a circle of types and a package outside its home', () => {
    const found = findPlanted();
    for (const [name, [, rule]] of Object.entries(planted))
      expect(found.get(name) ?? [], name).to.include.members(rule === null ? [] : [rule]);
  });

  it('rules neither wait nor look at a clock', () => {
    const rules = programs.filter(({ name }) => name.startsWith('engine/rules/'));
    expect(rules).to.not.deep.equal([]);
    const wrong = rules.filter(({ text }) => /\bawait\b|\basync\b|Date\.now\(|new Date\(\)/.test(code(text)));
    expect(wrong.map(({ name }) => name)).to.deep.equal([]);
  });

  it('SQL is written only in db', () => {
    const sql =
      /\b(SELECT\s[^;]*\sFROM|INSERT\s+(IGNORE\s+)?INTO|UPDATE\s+`?\w+`?\s+(\w+\s+)?SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+TABLE)\b/;
    const writes = programs.filter(({ text }) => sql.test(code(text))).map(({ name }) => name);
    expect(writes).to.include('db/messages/messages.ts');
    expect(writes.filter((name) => !name.startsWith('db/'))).to.deep.equal([]);
  });

  it('texts of ours to somebody are written in a language that is chosen', () => {
    // A text of a message is handed on as what writes it, or is written within speakIn.
    const atOnce = /\btext(?::| =) \w*[tT]exts\.\w+\(|toSender\(\w+, \w*[tT]exts\./;
    const wrong = programs.filter(({ name, text }) => !name.startsWith('engine/rules/') && atOnce.test(code(text)));
    expect(wrong.map(({ name }) => name)).to.deep.equal([]);
    expect(atOnce.test('systemMessages.push({ text: texts.offer({ by, group }), to })')).to.equal(true);
    expect(atOnce.test('toSender(act, approvalTexts.tooManyAwait({ group }))')).to.equal(true);
  });

  it('the ledger is only ever added to', () => {
    const changes = /\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE(\s+TABLE)?)\s+`?ledger\b/i;
    const wrong = programs.filter(({ text }) => changes.test(code(text)));
    expect(wrong.map(({ name }) => name)).to.deep.equal([]);
    expect(changes.test('UPDATE ledger l SET l.amount = 0')).to.equal(true);
  });

  it('only the programs themselves read the environment', () => {
    // What the guide shows is run by those who read it.
    const reads = programs.filter(
      ({ name, text }) => name !== 'api/docs/snippets.ts' && /\bprocess\.env\b/.test(code(text)),
    );
    const names = ['api/main.ts', 'db/migrate.ts', 'workers/admin.ts', 'workers/main.ts'];
    expect(reads.map(({ name }) => name).sort()).to.deep.equal(names);
  });
});

/** One file for each way to be wrong, and the rule that finds it. */
const planted = {
  'engine/rules/above.ts': [`import '../platform/low.ts';`, 'floor-of-engine-rules'],
  'engine/rules/node.ts': [`import 'node:fs';`, 'rules-need-nothing'],
  'engine/platform/low.ts': [
    `import type { Text } from '../delivery/high.ts';\nexport type Low = Text;`,
    'floor-of-engine-platform',
  ],
  'engine/delivery/high.ts': [`import type { Low } from '../platform/low.ts';\nexport type Text = Low;`, 'no-circles'],
  'db/reads.ts': [`import '../api/screen.ts';`, 'floor-of-db'],
  'api/screen.ts': [`import 'knex';`, 'one-home-for-knex'],
  'workers/tests.ts': [`import '../test/one.ts';`, 'production-needs-no-dev'],
  'test/one.ts': ['export {};', null],
  'engine/usecases/carrier.ts': [`import '../carriers/plivo/plivo.ts';`, 'carriers-are-sealed'],
  'engine/carriers/plivo/plivo.ts': ['export {};', null],
  'engine/carriers/telnyx/telnyx.ts': [`import '../plivo/plivo.ts';`, 'no-carrier-knows-another'],
  'dev/telnyx-simulator/shares.ts': [`import '../../engine/carriers/plivo/plivo.ts';`, 'simulators-share-no-code'],
  'client/own.ts': [`import 'node:fs';`, 'client-needs-nothing'],
  'dev/early.mjs': [`import 'knex';`, 'set-up-needs-no-package'],
} as const;

/** Which rules each planted file breaks. */
function findPlanted(): Map<string, string[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'planted-'));
  try {
    for (const [name, [text]] of Object.entries(planted)) {
      mkdirSync(path.join(folder, path.dirname(name)), { recursive: true });
      writeFileSync(path.join(folder, name), text);
    }
    for (const name of ['.dependency-cruiser.mjs', 'tsconfig.json', 'package.json'])
      cpSync(path.join(root, name), path.join(folder, name));
    symlinkSync(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));
    const args = ['--config', '.dependency-cruiser.mjs', '--output-type', 'json', ...rooms, 'client', 'dev', 'test'];
    const tool = path.join(root, 'node_modules', '.bin', 'depcruise');
    const { summary } = JSON.parse(spawnSync(tool, args, { cwd: folder, encoding: 'utf8' }).stdout) as {
      summary: { violations: { from: string; rule: { name: string } }[] };
    };
    const found = new Map<string, string[]>();
    for (const { from, rule } of summary.violations) found.set(from, [...(found.get(from) ?? []), rule.name]);
    return found;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Without comments, which may speak of anything. */
function code(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}
