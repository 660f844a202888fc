import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { mastersOf, type RedisClient } from '../../engine/platform/redis.ts';
import type { Figures } from './figures.ts';
import type { Fixture } from './fixture.ts';

const MB = 1024 * 1024;
/** Processes of the bench itself: what they hold says nothing of the system. */
const OURS = ['poster', 'carrier'];

/** What the engine and its servers hold now. A process's part is what is in memory, shared libraries counted in. */
export async function memoryOf(fixture: Fixture): Promise<Figures> {
  const pids = Object.entries(fixture.pids()).filter(([name]) => !OURS.includes(name));
  return {
    'MB in Redis': (await bytesIn(fixture.redis)) / MB,
    ...Object.fromEntries(pids.flatMap(([name, pid]) => residentOf(pid).map((bytes) => [`MB, ${name}`, bytes / MB]))),
  };
}

/** The larger of each. */
export function most(one: Figures, other: Figures): Figures {
  const names = [...new Set([...Object.keys(one), ...Object.keys(other)])];
  return Object.fromEntries(names.map((name) => [name, Math.max(one[name] ?? 0, other[name] ?? 0)]));
}

/** Bytes of the database's tables on disk; null where they are not in the fixture's folder. */
export function bytesOnDisk(fixture: Fixture): number | null {
  const folder = path.join(fixture.folder, 'mariadb', 'texting');
  if (!existsSync(folder)) return null;
  return readdirSync(folder).reduce((sum, file) => sum + statSync(path.join(folder, file)).size, 0);
}

async function bytesIn(redis: RedisClient): Promise<number> {
  const said = await Promise.all(mastersOf(redis).map((node) => node.info('memory')));
  return said.reduce((sum, one) => sum + Number(/^used_memory:(\d+)/m.exec(one)?.[1]), 0);
}

/** Of every key by itself: what Redis needs while empty does not count. Asks much: not while something is timed. */
export async function megabytesBesideRosters({ redis }: Fixture): Promise<number> {
  let bytes = 0;
  for (const node of mastersOf(redis)) {
    for await (const keys of node.scanStream({ count: 1_000 })) {
      const asked = (keys as string[]).filter((key) => !key.includes(':roster:'));
      const answers = await Promise.all(asked.map((key) => node.memory('USAGE', key)));
      bytes += answers.reduce<number>((sum, size) => sum + (size ?? 0), 0);
    }
  }
  return bytes / MB;
}

/** Nothing where the system does not tell. */
function residentOf(pid: number): number[] {
  try {
    const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return kilobytes === undefined ? [] : [Number(kilobytes) * 1024];
  } catch {
    return [];
  }
}
