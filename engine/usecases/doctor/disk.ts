import { statfs } from 'node:fs/promises';
import { hostname } from 'node:os';
import type { ServerFacts } from '../../../db/server-facts.ts';
import { type Found, fault, warning } from './finding.ts';

/** The disk that holds MySQL's data, where MySQL runs on this machine and lets us look; nothing where nobody knows. */
export async function examineDisk({ host, dataDir }: Pick<ServerFacts, 'host' | 'dataDir'>): Promise<Found[]> {
  if (host !== hostname()) return [];
  try {
    const { bavail, blocks, bsize } = await statfs(dataDir);
    return diskFindings({ freeBytes: bavail * bsize, totalBytes: blocks * bsize });
  } catch {
    // In a container of its own, it has the name of this machine at most.
    return [];
  }
}

/** What is wrong with a disk; nothing where it has room. */
export function diskFindings({ freeBytes, totalBytes }: { freeBytes: number; totalBytes: number }): Found[] {
  const free = `the disk of MySQL’s data has ${(freeBytes / GIGABYTE).toFixed(1)} GB left of ${(totalBytes / GIGABYTE).toFixed(0)}`;
  if (freeBytes < GIGABYTE) return [fault(free, `make room now: ${MEND}`)];
  if (freeBytes < LITTLE && freeBytes < totalBytes / 10) return [warning(free, MEND)];
  return [];
}

const MEND = 'a larger disk, or fewer KEEP_TEXTS_DAYS and KEEP_DELIVERIES_DAYS';
const GIGABYTE = 1e9;
const LITTLE = 10 * GIGABYTE;
