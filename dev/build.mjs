import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { lockFile, waitForLock } from './lock.mjs';

/** What production runs. */
const rooms = ['engine', 'api', 'workers', 'db', 'client'];
/** The second writes the types of the client, which others compile against; as a browser has them, without Node's. */
const projects = ['tsconfig.build.json', 'tsconfig.client.json'];
const settings = ['tsconfig.json', ...projects, 'package-lock.json'];

/**
 * Makes `dist/` agree with the sources: compiles, copies what is not TypeScript (pages, styles), and removes
 * what has no source any more, so that a deleted migration cannot run. Does nothing when nothing changed.
 * Throws an error with the compiler's output when the sources do not compile. Plain Node, as `setup.mjs` is.
 */
export async function build(root, steps) {
  const release = await waitForLock(lockFile('build', root), (holder) =>
    steps.begin(`Waiting for the build of process ${holder}`),
  );
  try {
    const stamp = path.join(root, 'dist', '.built');
    const sources = rooms.flatMap((room) => filesIn(root, room));
    const state = stateOf(root, [...sources, ...settings]);
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === state) return;
    steps.begin('Compiling');
    for (const project of projects) await compile(root, project);
    copyAssets(root, sources);
    removeOrphans(root, sources);
    writeFileSync(stamp, state);
  } finally {
    release();
    steps.end();
  }
}

function compile(root, project) {
  const compiler = path.join(root, 'node_modules', 'typescript', 'bin', 'tsc');
  const child = spawn(process.execPath, [compiler, '-p', project], { cwd: root });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`The sources do not compile.\n${output.trim()}`)),
    );
  });
}

function copyAssets(root, sources) {
  for (const file of sources.filter((file) => !isTypeScript(file))) {
    const copy = path.join(root, 'dist', file);
    mkdirSync(path.dirname(copy), { recursive: true });
    copyFileSync(path.join(root, file), copy);
  }
}

function removeOrphans(root, sources) {
  const made = new Set(sources.flatMap((file) => (isTypeScript(file) ? compiledFrom(file) : [file])));
  for (const file of filesIn(path.join(root, 'dist'), '.')) {
    // The compiler's notes and our own stamp.
    if (!made.has(file) && !file.startsWith('.')) rmSync(path.join(root, 'dist', file));
  }
}

const isTypeScript = (file) => /\.[cm]?ts$/.test(file);

function compiledFrom(file) {
  const script = file.replace(/ts$/, 'js');
  const types = file.startsWith(`client${path.sep}`) ? [file.replace(/ts$/, 'd.ts')] : [];
  return [script, `${script}.map`, ...types];
}

/** Changes whenever a file is added, changed or removed. */
function stateOf(root, files) {
  const hash = createHash('sha256');
  for (const file of files) {
    const { mtimeMs, size } = statSync(path.join(root, file));
    hash.update(`${file} ${mtimeMs} ${size}\n`);
  }
  return hash.digest('hex');
}

function filesIn(root, folder) {
  if (!existsSync(path.join(root, folder))) return [];
  return readdirSync(path.join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(root, path.join(entry.parentPath ?? entry.path, entry.name)))
    .sort();
}
