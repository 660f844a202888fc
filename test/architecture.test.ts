import { readdirSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import { expect } from 'chai';

/** Who may import whom. Read from the import lines, type imports included: a type is a dependency too. */
const root = path.join(import.meta.dirname, '..');
const rooms = ['api', 'engine', 'workers', 'db', 'dev', 'test'] as const;
type Room = (typeof rooms)[number];

type File = { name: string; room: Room; text: string; imports: Import[] };
/** `file` is a file of ours; `package` what npm knows it by, or node's own module. */
type Import = { file: string } | { package: string };

const files: File[] = rooms.flatMap((room) =>
  readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.m?[tj]s$/.test(name) && !name.includes('page'))
    .map((name) => readRoomFile(room, path.join(room, name))),
);

describe('who may import whom', () => {
  it('finds the rooms and their import lines', () => {
    for (const room of rooms) expect(inRoom(room), room).not.to.deep.equal([]);
    const perform = fileNamed('engine/perform.ts');
    expect(ownImports(perform)).to.include.members(['db/connect.ts', 'engine/rules/effects.ts']);
    expect(packagesOf(fileNamed('engine/queues.ts'))).to.include.members(['bull']);
  });

  for (const [room, allowed] of [
    ['db', ['db']],
    ['engine', ['engine', 'db']],
    ['api', ['api', 'engine', 'db']],
    ['workers', ['workers', 'engine', 'db']],
  ] as const) {
    it(`${room} imports only from ${allowed.join(', ')}`, () => {
      const wrong = edges(inRoom(room)).filter(({ to }) => !isIn(to, allowed));
      expect(wrong).to.deep.equal([]);
    });
  }

  it('nothing but dev and test imports dev, and nothing at all imports test', () => {
    const wrong = edges(files).filter(
      ({ from, to }) =>
        (isIn(to, ['dev']) && !isIn(from, ['dev', 'test'])) || (isIn(to, ['test']) && !isIn(from, ['test'])),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('the simulator shares no code with the program that it tests', () => {
    const wrong = edges(files.filter(({ name }) => name.startsWith('dev/simulator/'))).filter(({ to }) =>
      isIn(to, ['api', 'engine', 'workers', 'db']),
    );
    expect(wrong).to.deep.equal([]);
  });

  it('the scripts that run before npm ci need no package', () => {
    const wrong = files
      .filter(({ name }) => /^dev\/.*\.mjs$/.test(name))
      .flatMap((file) =>
        packagesOf(file)
          .filter((one) => !isNodes(one))
          .map((one) => `${file.name} imports ${one}`),
      );
    expect(wrong).to.deep.equal([]);
  });

  it('rules import only rules, and no package but phone.ts its phone numbers', () => {
    const rules = files.filter(({ name }) => name.startsWith('engine/rules/'));
    expect(edges(rules).filter(({ to }) => !to.startsWith('engine/rules/'))).to.deep.equal([]);
    const packages = rules.flatMap((file) => packagesOf(file).map((one) => `${file.name} imports ${one}`));
    expect([...new Set(packages)]).to.deep.equal(['engine/rules/phone.ts imports libphonenumber-js']);
  });

  it('rules neither wait nor look at a clock', () => {
    const wrong = files
      .filter(
        ({ name, text }) =>
          name.startsWith('engine/rules/') && /\bawait\b|\basync\b|Date\.now\(|new Date\(\)/.test(code(text)),
      )
      .map(({ name }) => name);
    expect(wrong).to.deep.equal([]);
  });

  it('only runtime.ts knows which carrier there is, and a carrier knows nothing of the engine', () => {
    const carriers = files.filter(({ name }) => name.startsWith('engine/carriers/'));
    const inside = (name: string) => name.startsWith('engine/carriers/');
    const wrong = edges(files)
      .filter(({ from, to }) => inside(to) && !inside(from) && !isIn(from, ['test']))
      // The tables of our documents are drawn from those of the code.
      .filter(({ from }) => from !== 'engine/runtime.ts' && from !== 'dev/docs.ts')
      .filter(({ to }) => to !== 'engine/carriers/carrier.ts');
    expect(wrong).to.deep.equal([]);
    expect(edges(carriers).filter(({ to }) => !inside(to))).to.deep.equal([]);
  });

  for (const [name, allowed] of [
    ['bull', /^engine\/queues\.ts$/],
    ['knex', /^db\//],
    ['mysql2', /^db\//],
    ['koa', /^api\//],
    ['@koa/router', /^api\//],
    ['plivo', /^engine\/carriers\//],
    ['pino', /^engine\/logger\.ts$/],
    ['nodemailer', /^engine\/mailer\.ts$/],
    ['jose', /^engine\/pushers\//],
    ['stripe', /^engine\/payments\/stripe(-\w+)?\.ts$/],
    ['card-validator', /^engine\/payments\/cards\.ts$/],
    ['rate-limiter-flexible', /^engine\/throttle\.ts$/],
    ['libphonenumber-js', /^engine\/rules\/phone\.ts$/],
  ] as const) {
    it(`${name} is imported only by ${allowed.source.replaceAll(/[\\^$]/g, '')}`, () => {
      const wrong = programs()
        .filter((file) => !allowed.test(file.name) && packagesOf(file).includes(name))
        .map((file) => file.name);
      expect(wrong).to.deep.equal([]);
    });
  }

  it('SQL is written only in db', () => {
    const sql =
      /\b(SELECT\s[^;]*\sFROM|INSERT\s+(IGNORE\s+)?INTO|UPDATE\s+`?\w+`?\s+(\w+\s+)?SET|DELETE\s+FROM|(CREATE|ALTER|DROP)\s+TABLE)\b/;
    const wrong = programs()
      .filter(({ room, text }) => room !== 'db' && sql.test(code(text)))
      .map(({ name }) => name);
    expect(wrong).to.deep.equal([]);
    expect(sql.test(fileNamed('db/messages.ts').text)).to.equal(true);
  });

  it('the ledger is only ever added to', () => {
    const changes = /\b(UPDATE|DELETE\s+FROM|REPLACE\s+INTO|TRUNCATE(\s+TABLE)?)\s+`?ledger\b/i;
    const wrong = programs().filter(({ text }) => changes.test(code(text)));
    expect(wrong.map(({ name }) => name)).to.deep.equal([]);
    expect(changes.test('UPDATE ledger l SET l.amount = 0')).to.equal(true);
  });

  it('only the programs themselves read the environment', () => {
    const reads = programs().filter(({ text }) => /\bprocess\.env\b/.test(code(text)));
    const names = ['api/main.ts', 'db/migrate.ts', 'workers/admin.ts', 'workers/main.ts'];
    expect(reads.map(({ name }) => name).sort()).to.deep.equal(names);
  });

  it('no files of engine, workers and db import each other in a circle, types aside', () => {
    expect(findCircle()).to.equal(null);
  });
});

/** What runs in production. */
function programs(): File[] {
  return files.filter(({ room }) => room !== 'dev' && room !== 'test');
}

function inRoom(room: Room): File[] {
  return files.filter((file) => file.room === room);
}

function fileNamed(name: string): File {
  const found = files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`there is no ${name}`);
  return found;
}

function readRoomFile(room: Room, name: string): File {
  const text = readFileSync(path.join(root, name), 'utf8');
  return { name, room, text, imports: importsIn(text).map(({ from }) => resolveImport(name, from)) };
}

/** `import … from 'x'`, `export … from 'x'`, `import 'x'` and `import('x')`. */
function importsIn(text: string): { from: string; isType: boolean }[] {
  const lines = text.matchAll(
    /^(?:import|export)\s(type\s)?[^;'"]*?from\s+['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm,
  );
  const calls = text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]\s*\)/g);
  return [
    ...[...lines].map(([, type, from, bare]) => ({ from: from ?? bare ?? '', isType: type !== undefined })),
    ...[...calls].map(([, from = '']) => ({ from, isType: false })),
  ];
}

function resolveImport(name: string, from: string): Import {
  if (from.startsWith('.')) return { file: path.join(path.dirname(name), from) };
  const [scope = '', second = ''] = from.split('/');
  return { package: scope.startsWith('@') ? `${scope}/${second}` : scope };
}

function ownImports({ imports }: File): string[] {
  return imports.flatMap((one) => ('file' in one ? [one.file] : []));
}

function packagesOf({ imports }: File): string[] {
  return imports.flatMap((one) => ('package' in one ? [one.package] : []));
}

function isNodes(name: string): boolean {
  return name.startsWith('node:') || builtinModules.includes(name);
}

function edges(some: readonly File[]): { from: string; to: string }[] {
  return some.flatMap((file) => ownImports(file).map((to) => ({ from: file.name, to })));
}

function isIn(name: string, allowed: readonly Room[]): boolean {
  return allowed.some((room) => name.startsWith(`${room}/`));
}

/** Without comments, which may speak of anything. */
function code(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|\s)\/\/.*$/gm, '');
}

/** The first circle of imports that are more than types, as a chain of names. */
function findCircle(): string | null {
  const next = new Map(
    programs()
      .filter(({ room }) => room !== 'api')
      .map(({ name, text }) => [
        name,
        importsIn(text)
          .filter(({ from, isType }) => !isType && from.startsWith('.'))
          .map(({ from }) => path.join(path.dirname(name), from)),
      ]),
  );
  const done = new Set<string>();
  function walk(name: string, trail: readonly string[]): string | null {
    if (trail.includes(name)) return [...trail.slice(trail.indexOf(name)), name].join(' -> ');
    if (done.has(name)) return null;
    done.add(name);
    for (const to of next.get(name) ?? []) {
      const circle = walk(to, [...trail, name]);
      if (circle !== null) return circle;
    }
    return null;
  }
  for (const name of next.keys()) {
    const circle = walk(name, []);
    if (circle !== null) return circle;
  }
  return null;
}
