import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from './build.mjs';
import { showSteps } from './progress.mjs';
import { FolderInUse } from './stack/stack.ts';
import { openExamples } from './start/examples.ts';
import { composeNote, readNote, removeNote, writeNote } from './start/note.ts';
import { simulatePayments } from './start/payments.ts';
import { simulatePushes } from './start/pushes.ts';
import { openScreen } from './start/screen.ts';
import { sayWelcome } from './start/welcome.ts';
import { onStopRequest } from './stop-request.ts';
import { openClosers } from './system/closers.ts';
import type { ProcessType } from './system/procfile.ts';
import { untilAnswered } from './system/ready.ts';
import { choosePorts } from './system/settings.ts';
import { openSystem } from './system/system.ts';

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

// What people say stands in the folder: it is for its owner alone.
process.umask(0o077);
const root = process.cwd();
const folder = path.join(root, '.data');
const noteFile = path.join(folder, 'running.json');
const closers = openClosers();
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
  const simulators: ProcessType[] = [];
  const system = await openSystem({
    ...{ root, folder, closers, say, onProgress: begin },
    servers: { folder },
    async prepare() {
      const ports = await choosePorts(process.env);
      const payments = await simulatePayments(process.env, folder);
      const pushes = await simulatePushes(process.env);
      if (payments !== null) simulators.push(simulatorOf('payments', 'payment-simulator'));
      if (pushes !== null) simulators.push(simulatorOf('pushes', 'push-simulator'));
      const examples = await openExamples(process.env);
      return { ports, env: { ...process.env, ...payments, ...pushes, ...examples } };
    },
    beforeRelease: () => build(root, { ...steps, begin }),
  });
  const { env, ports } = system;
  const everywhere = ['0.0.0.0', '::'].includes(env.HOST ?? '');
  const api = `http://${everywhere ? '127.0.0.1' : env.HOST}:${ports.PORT}`;
  const simulator = system.isSimulated ? `http://127.0.0.1:${ports.SIMULATOR_PORT}` : undefined;
  const note = composeNote({ api, simulator, env });
  const leaveNote = () => writeNote(noteFile, { ...note, processes: processes.pids() });
  const processes = system.openProcesses({ onRestart: leaveNote });
  if (simulator !== undefined) {
    begin('Starting the carrier simulator');
    closers.add(() => processes.stop());
    processes.start(simulatorOf('simulator', 'simulator'));
    await Promise.race([processes.lost, untilAnswered(`${simulator}/`)]);
  }
  for (const simulator of simulators) processes.start(simulator);
  begin(`Starting ${system.types.map(({ name }) => name).join(', ')}`);
  closers.add(() => processes.stop(['simulator']));
  for (const type of system.types) processes.start(type);
  await Promise.race([processes.lost, untilAnswered(`${api}/readyz`)]);
  const examples = env.EXAMPLES_PORT ? `http://127.0.0.1:${env.EXAMPLES_PORT}` : undefined;
  if (examples !== undefined) processes.start({ name: 'examples', command: 'node --import tsx dev/examples/main.ts' });
  steps.end();
  processes.keepRunning();
  closers.add(() => removeNote(noteFile));
  leaveNote();
  process.stdout.write(sayWelcome({ api, simulator, examples, seconds: (Date.now() - began) / 1000 }));
  await processes.lost;
}

function simulatorOf(name: string, room: string): ProcessType {
  return { name, command: `node --import tsx dev/${room}/main.ts` };
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
  await closers.close();
  steps.drop();
  if (code === 0) process.stdout.write('Stopped.\n');
  process.exit(code);
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
