import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findProgram } from '../../dev/stack/find.ts';
import { must } from './ip.ts';
import type { Plan } from './plan.ts';

/** `lossPercent`: of the frames that each host sends. */
export type Worse = { delayMs: number; lossPercent: number };

/** Why what hosts send cannot be held up or lost here; null where it can. */
export function whyNoWires(): string | null {
  return findProgram('cc') === undefined ? 'it needs a compiler of C' : null;
}

/** Puts a wire (wire.c) between each host and the bridge: not every kernel has netem. Returns how to take them away. */
export async function openWires(
  { switchSpace, hosts }: Plan,
  { delayMs, lossPercent }: Worse,
): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-wires-'));
  const program = path.join(folder, 'wire');
  const source = path.join(import.meta.dirname, 'wire.c');
  const { status, stderr } = spawnSync('cc', ['-O2', '-o', program, source], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`cc could not make the wires: ${stderr}`);
  const wires = hosts.map(({ port }) => ({ port, near: `near-${port}`, far: `far-${port}` }));
  must({
    space: switchSpace,
    lines: wires.flatMap(({ port, near, far }) => [
      `link add ${near} type veth peer name ${far}`,
      `link set ${near} up`,
      `link set ${port} nomaster`,
      `link set ${far} master together up`,
    ]),
  });
  const pairs = wires.flatMap(({ port, near }) => [port, near]);
  const args = ['netns', 'exec', switchSpace, program, String(delayMs), String(lossPercent), ...pairs];
  // The end of its input is the end of the wires, so that they never outlive us.
  const running = spawn('ip', args, { stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(running, 'close');
  const [first] = await Promise.race([once(running.stdout, 'data'), ended]);
  if (!String(first).includes('up')) throw new Error('the wires did not come up');
  return async () => {
    running.stdin.end();
    await ended;
    must({
      space: switchSpace,
      lines: wires.flatMap(({ port, near }) => [`link del ${near}`, `link set ${port} master together`]),
    });
    rmSync(folder, { recursive: true, force: true });
  };
}
