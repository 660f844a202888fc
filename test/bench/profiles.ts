import { readdirSync, renameSync } from 'node:fs';
import path from 'node:path';

/** Node names a profile after its process id; this names it after what the process was. */
export function nameProfiles(folder: string, { pids, prefix }: { pids: Record<string, number>; prefix: string }): void {
  for (const file of readdirSync(folder)) {
    const pid = /^CPU\.\d+\.\d+\.(\d+)\./.exec(file)?.[1];
    const name = Object.keys(pids).find((known) => String(pids[known]) === pid);
    if (name !== undefined) renameSync(path.join(folder, file), path.join(folder, `${prefix}-${name}.cpuprofile`));
  }
}
