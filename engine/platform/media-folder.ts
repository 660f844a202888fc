import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { MediaStore } from './media-store.ts';

/** Media as files, some hundreds a folder: a folder of all of them is slow to list. */
export function openMediaFolder(folder: string): MediaStore {
  const fileOf = (name: string) => path.join(folder, name.slice(0, 2), name);
  return {
    async put(name, bytes) {
      const file = fileOf(name);
      await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
      // Whole or not at all, also where the machine fails in between.
      await writeFile(`${file}.part`, bytes, { flush: true, mode: 0o600 });
      await rename(`${file}.part`, file);
    },
    get: (name) => readFile(fileOf(name)).catch(nullIfMissing),
    async remove(name) {
      await rm(fileOf(name), { force: true });
      await rm(`${fileOf(name)}.part`, { force: true });
    },
  };
}

function nullIfMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
