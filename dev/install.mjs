import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFile, waitForLock } from './lock.mjs';

const machine = `${process.platform}-${process.arch}`;

/**
 * Makes `node_modules` agree with `package-lock.json`, with `npm ci` and only when it does not yet. Two at the
 * same time wait for each other. Throws an error with the end of npm's output. Plain Node, as `setup.mjs` is.
 */
export async function installPackages(root, steps) {
  if (isInstalled(root)) return;
  const release = await waitForLock(lockFile('install', root), (holder) =>
    steps.begin(`Waiting for process ${holder}, which is installing the packages`),
  );
  try {
    if (isInstalled(root)) return;
    refuseLink(path.join(root, 'node_modules'));
    steps.begin('Installing the packages (npm ci)');
    await runNpm(root);
    writeStamp(root);
    steps.end();
  } catch (error) {
    steps.fail();
    throw error;
  } finally {
    release();
  }
}

function isInstalled(root) {
  const stamp = readJson(path.join(root, 'node_modules', '.installed'));
  if (stamp !== undefined && stamp.machine !== machine) return false;
  if (stamp?.lock === lockHash(root)) return true;
  if (!matchesNpmsRecord(root)) return false;
  writeStamp(root);
  return true;
}

/** Somebody ran `npm install` by hand: npm's own record in `node_modules` says what it holds. */
function matchesNpmsRecord(root) {
  const installed = readJson(path.join(root, 'node_modules', '.package-lock.json'))?.packages;
  if (installed === undefined) return false;
  const { '': ours, ...wanted } = readJson(path.join(root, 'package-lock.json'))?.packages ?? {};
  const missing = Object.keys(wanted).some((name) => !wanted[name].optional && installed[name] === undefined);
  const other = Object.keys(installed).some((name) => installed[name].version !== wanted[name]?.version);
  return ours !== undefined && !missing && !other;
}

/** npm empties the folder behind a link first, which is likely to be another checkout's. */
function refuseLink(folder) {
  if (!lstatSync(folder, { throwIfNoEntry: false })?.isSymbolicLink()) return;
  throw new Error(
    `${folder} is a link, and what it holds does not fit package-lock.json. Remove the link, then try again.`,
  );
}

function runNpm(root) {
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  // Started by npm, the very same npm does it, whatever is on the PATH.
  const [command, ...rest] = npm?.endsWith('.js') ? [process.execPath, npm, ...args] : ['npm', ...args];
  const child = spawn(command, rest, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece) => (output += piece));
  return new Promise((resolve, reject) => {
    child.on('error', (cause) => reject(new Error('npm could not be started. Install Node with npm.', { cause })));
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(failure(output)))));
  });
}

function failure(output) {
  const lines = output.split('\n').filter((line) => /\S/.test(line) && !/^npm error\s+at /.test(line));
  const end = lines.slice(-15).join('\n');
  return `npm ci did not work. Check the network and that package-lock.json is as it was committed, then try again.\n${end}`;
}

function writeStamp(root) {
  const folder = path.join(root, 'node_modules');
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, '.installed'), JSON.stringify({ lock: lockHash(root), machine }));
}

const lockHash = (root) =>
  createHash('sha256')
    .update(readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');

const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined);
