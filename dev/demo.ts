import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Asked, readArguments } from './demo/arguments.ts';
import { runDemo } from './demo/run.ts';
import { showResult } from './demo/show.ts';

/** `npm run demo`: people text in groups of the running system; counts whether each text reached everybody once. */
const asked = readArguments(process.argv.slice(2));
try {
  const result = await runDemo({ ...asked, ...(await findSystem(asked)) });
  console.log(asked.json ? JSON.stringify(result, undefined, 2) : showResult(result));
  process.exitCode = result.missing + result.duplicated + result.strayed + result.refused > 0 ? 1 : 0;
} catch (error) {
  console.error(`demo: ${error instanceof Error ? error.message : error}`);
  process.exitCode = 2;
}

/** With both addresses given, the system may be somebody else's: its database is left alone. */
async function findSystem({
  api,
  simulator,
}: Asked): Promise<{ api: string; simulator: string; mysqlUrl: string | null }> {
  if (api && simulator) return { api, simulator, mysqlUrl: null };
  const file = join(import.meta.dirname, '..', '.data', 'running.json');
  const written = await readFile(file, 'utf8').catch(() => {
    throw new Error('start the system first: npm start');
  });
  const running = JSON.parse(written) as { api: string; simulator: string; mysqlUrl: string };
  return { api: api ?? running.api, simulator: simulator ?? running.simulator, mysqlUrl: running.mysqlUrl };
}
