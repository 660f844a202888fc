import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import type { Figures } from './figures.ts';

/** Microseconds by process; null where the system does not tell. */
export type Cpu = Record<string, number | null>;

/** What these processes, by name, have used so far. */
export function cpuOfAll(pids: Record<string, number>): Cpu {
  return Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, cpuOf(pid)]));
}

type Spent = (readonly [name: string, us: number])[];

/** What each of them used from one look to the other; nothing where the system does not tell. */
export function spentBetween(before: Cpu, after: Cpu): Spent {
  if (Object.values(after).some((us) => us === null)) return [];
  return Object.keys(after).map((name) => [name, (after[name] ?? 0) - (before[name] ?? 0)]);
}

/** As figures of an item, by process. */
export function namedCpu(spent: Spent, items: number): Figures {
  return Object.fromEntries(spent.map(([name, us]) => [`CPU µs, ${name}`, us / items]));
}

/** Microseconds that a process has run; null where the system does not tell (no /proc), 0 for one that has ended. */
function cpuOf(pid: number): number | null {
  if (ticksASecond === null) return null;
  try {
    // After the name, which may hold anything: utime and stime are the 12th and 13th word.
    const words = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return ((Number(words[11]) + Number(words[12])) * 1e6) / ticksASecond;
  } catch {
    return 0;
  }
}

const ticksASecond = process.platform === 'linux' ? Number(execFileSync('getconf', ['CLK_TCK'])) : null;
