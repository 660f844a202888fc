import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { showSteps } from './progress.mjs';
import { openGuard } from './stack/guard.ts';
import { FolderInUse, openStack } from './stack/stack.ts';
import { gatherCrew, runLine } from './start/crew.ts';
import { composeNote, readNote, removeNote, writeNote } from './start/note.ts';
import { simulatePayments } from './start/payments.ts';
import { readProcfile } from './start/procfile.ts';
import { simulatePushes } from './start/pushes.ts';
import { openScreen } from './start/screen.ts';
import { choosePorts, composeEnv, keepSecrets } from './start/settings.ts';
import { sayWelcome } from './start/welcome.ts';
import { onStopRequest } from './stop-request.ts';

/**
 * `npm start`: everything on this machine, from servers to handsets; the data stays in `.data/`. It opens one thing
 * after the other, and whatever ends it closes them in the opposite order.
 */
const help = `Usage: npm start [-- --verbose]

  --verbose   show every log line, not only warnings

Environment variables, each optional: PORT, SIMULATOR_PORT, MYSQL_URL, REDIS_URL, PLIVO_API_URL (a carrier of your own:
no simulator is started), and every setting that the README lists. Examples:
  npm start
  npm start -- --verbose
  PORT=8080 NUMBER_MPS=1 npm start
`;

const root = process.cwd();
const folder = path.join(root, '.data');
const noteFile = path.join(folder, 'running.json');
const closers: (() => Promise<void> | void)[] = [];
const steps = showSteps();
const { verbose } = readOptions();
let stopping = false;

onStopRequest(
  () => void stop(0),
  () => process.exit(1), // The guards end what is left.
);
try {
  await start();
} catch (error) {
  if (!stopping) {
    steps.fail();
    process.stderr.write(`${describe(error as Error)}\n`);
    await stop(1);
  }
}

async function start(): Promise<void> {
  const began = Date.now();
  const say = openScreen({ verbose, write });
  const stack = await openStack({ folder, onProgress: begin });
  closers.push(() => stack.close());
  const guard = openGuard();
  closers.push(() => guard.dismiss());
  const secrets = keepSecrets(folder);
  const ports = await choosePorts(process.env);
  const payments = await simulatePayments(process.env, folder);
  const pushes = await simulatePushes(process.env);
  const { env, simulated } = composeEnv({
    env: { ...process.env, ...payments, ...pushes },
    secrets,
    ports,
    servers: stack,
    folder,
  });
  const procfile = readProcfile(path.join(root, 'Procfile'));
  await build(root, { ...steps, begin });

  if (procfile.release !== undefined) {
    begin('Bringing the database up to date');
    const code = await runLine({ name: 'release', command: procfile.release }, { root, env, guard, say });
    if (code !== 0) throw new Error(`The release line of the Procfile ended with code ${code}; see above.`);
  }

  const everywhere = ['0.0.0.0', '::'].includes(env.HOST ?? '');
  const api = `http://${everywhere ? '127.0.0.1' : env.HOST}:${ports.PORT}`;
  const simulator = simulated ? `http://127.0.0.1:${ports.SIMULATOR_PORT}` : undefined;
  const note = composeNote({ api, simulator, env });
  const leaveNote = () => writeNote(noteFile, { ...note, processes: crew.pids() });
  const crew = gatherCrew({ root, env, guard, say, onRestart: leaveNote });
  if (simulator !== undefined) {
    begin('Starting the carrier simulator');
    closers.push(() => crew.stop());
    crew.start({ name: 'simulator', command: 'node --import tsx dev/simulator/main.ts' });
    await Promise.race([crew.lost, untilAnswered(`${simulator}/`)]);
  }
  if (payments !== null) crew.start({ name: 'payments', command: 'node --import tsx dev/payment-simulator/main.ts' });
  if (pushes !== null) crew.start({ name: 'pushes', command: 'node --import tsx dev/push-simulator/main.ts' });
  begin(`Starting ${procfile.processes.map(({ name }) => name).join(', ')}`);
  closers.push(() => crew.stop(['simulator']));
  for (const type of procfile.processes) crew.start(type);
  await Promise.race([crew.lost, untilAnswered(`${api}/readyz`)]);
  steps.end();
  crew.keepRunning();
  closers.push(() => removeNote(noteFile));
  leaveNote();
  process.stdout.write(sayWelcome(api, simulator, (Date.now() - began) / 1000));
  await crew.lost;
}

function write(text: string): void {
  steps.clear();
  process.stdout.write(text);
}

/** A step of the start; none begins once somebody wants to stop. */
function begin(text: string): void {
  if (stopping) throw new Error('Stopped while starting.');
  steps.begin(text);
}

/** Ends all that is open, last opened first, then this process. */
async function stop(code: number): Promise<void> {
  if (stopping) return;
  stopping = true;
  steps.drop();
  if (code === 0) process.stdout.write('\nStopping.\n');
  steps.begin('Stopping');
  for (const close of closers.reverse()) await close();
  steps.drop();
  if (code === 0) process.stdout.write('Stopped.\n');
  process.exit(code);
}

/** Asks the address until it answers 200. Throws after a minute. */
async function untilAnswered(url: string): Promise<void> {
  const limit = Date.now() + 60_000;
  let seen = 'no answer';
  while (Date.now() < limit) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    const text = (await answer?.text().catch(() => '')) ?? '';
    if (answer?.status === 200) return;
    if (answer !== undefined) seen = `${answer.status} ${text.slice(0, 300)}`;
    await sleep(50);
  }
  throw new Error(`${url} is not ready after a minute (${seen}). See the lines above, or run: npm start -- --verbose`);
}

function describe(error: Error): string {
  if (!(error instanceof FolderInUse)) return error.message;
  const note = readNote(noteFile);
  const where = note === undefined ? '' : `: ${note.simulator ?? note.api}`;
  return `npm start already runs in this folder (process ${error.holder})${where}\nUse that one, or stop it first with Ctrl-C in its terminal.`;
}

function readOptions(): { verbose: boolean } {
  try {
    const { values } = parseArgs({
      options: { verbose: { type: 'boolean', default: false }, help: { type: 'boolean', short: 'h' } },
    });
    if (values.help) {
      process.stdout.write(help);
      process.exit(0);
    }
    return { verbose: values.verbose };
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${help}`);
    process.exit(2);
  }
}
