/**
 * What every npm script calls first. Needs nothing but Node: checks its version, installs the packages when the
 * lock file changed, then runs the command. The servers are the business of the command (see dev/stack).
 * Kept in the syntax of old Nodes, so that they get as far as saying that they are too old.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { whenStarterEnds } from './starter.mjs';

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..');
const oldestNode = [20, 11];

const commands = {
  start: { file: 'dev/start.ts', does: 'run everything on this machine: servers, processes, carrier simulator' },
  test: { file: 'dev/test.ts', does: 'type check, lint and all tests, on throw-away servers' },
  'test-mysql': { file: 'dev/test-mysql.ts', does: 'the tests that touch a database, on a real MySQL' },
  'test-pages': {
    file: 'dev/test-pages.ts',
    does: 'look at the pages with a browser, for those who cannot see them too',
  },
  demo: { file: 'dev/demo.ts', does: 'drive the system that `npm start` runs, as handsets would' },
  bench: { file: 'test/bench/main.ts', does: 'measure everything, beside bare HTTP and other gateways' },
  admin: { file: 'dev/admin.ts', does: "the operator's commands" },
  faults: { file: 'test/faults/main.ts', does: 'kill and freeze the parts while texts are on their way' },
  hosts: { file: 'test/hosts/main.ts', does: 'the same on hosts of their own, whose network breaks; needs root' },
  spider: {
    file: 'test/spider/main.ts',
    does: 'texts through tables that are split over two servers; needs MariaDB with Spider',
  },
  primaries: {
    file: 'test/primaries/main.ts',
    does: 'two primaries behind a router by group; needs MariaDB with Spider',
  },
  build: { does: 'compile to dist/, needs no server' },
};

const help = `Usage: node dev/setup.mjs COMMAND [OPTIONS]

${Object.keys(commands)
  .filter(isHere)
  .map((name) => `  ${name.padEnd(12)}${commands[name].does}`)
  .join('\n')}

Options go to the command. Examples:
  npm start
  npm start -- --verbose
  npm test
  npm test -- test/engine --grep roster
  npm run demo -- --members 100 --messages 50
  npm run build
`;

main(process.argv[2], process.argv.slice(3)).then((code) => {
  process.exitCode = code;
});

async function main(name, args) {
  if (name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(help);
    return 0;
  }
  const command = Object.keys(commands).includes(name) ? commands[name] : undefined;
  if (command === undefined || !isHere(name)) {
    process.stderr.write(`${name === undefined ? 'Which command?' : `There is no command "${name}".`}\n\n${help}`);
    return 2;
  }
  try {
    if (name === 'admin') return await runAdmin(args);
    await prepare();
    return command.file === undefined ? await runBuild() : await run(command.file, args);
  } catch (error) {
    process.stderr.write(`${error.message}\n`);
    if (name.startsWith('test')) process.stdout.write('0 passed, 1 failed\n');
    return 1;
  }
}

function isHere(name) {
  const { file } = commands[name];
  return file === undefined || existsSync(path.join(root, file));
}

async function prepare() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1])) {
    throw new Error(
      `This needs Node ${oldestNode.join('.')} or newer, and this is ${process.version}. Get a newer one from https://nodejs.org, then run the same command again.`,
    );
  }
  if (process.platform === 'win32') {
    throw new Error('On Windows this runs inside WSL: see https://learn.microsoft.com/windows/wsl/install.');
  }
  const { showSteps } = await import('./progress.mjs');
  const { installPackages } = await import('./install.mjs');
  await installPackages(root, showSteps());
}

/** Installs nothing: an operator's command must not change the packages under running processes. */
async function runAdmin(args) {
  const isHere = (file) => existsSync(path.join(root, file));
  if (isHere('node_modules/tsx')) return run(commands.admin.file, args);
  if (isHere('dist/workers/admin.js')) return start([path.join(root, 'dist/workers/admin.js'), ...args]);
  throw new Error('Nothing is installed or built here yet: npm ci, and in production npm run build, then try again.');
}

async function runBuild() {
  const { showSteps } = await import('./progress.mjs');
  const { build } = await import('./build.mjs');
  await build(root, showSteps());
  process.stdout.write('dist/ is up to date.\n');
  return 0;
}

/** Runs a TypeScript file and returns its exit code. The channel tells it when this process is gone. */
function run(file, args) {
  return start(['--import', 'tsx', file, ...args]);
}

function start(args) {
  const child = spawn(process.execPath, args, {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // Started by hand it may outlive its shell; npm is to take all with it.
  if (process.env.npm_lifecycle_event !== undefined) whenStarterEnds(() => child.kill('SIGTERM'));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (code, signal) => resolve(code === null ? (signal === 'SIGINT' ? 130 : 1) : code));
  });
}
