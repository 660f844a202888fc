import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';

/** What `npm start` leaves in `.data/running.json` while its processes run, for `npm run demo` and for a second `npm start`. */
export type RunningNote = {
  pid: number;
  /** Addresses without a slash at the end; the simulator's `/` is the handsets page. None with a carrier of one's own. */
  api: string;
  simulator?: string;
  mysqlUrl: string;
  redisUrl: string;
  plivoAuthId: string;
  plivoAuthToken: string;
  opsPassword: string;
  serviceNumber: string;
  numberPool: string[];
  /** Process ids by name. */
  processes: Record<string, number>;
};

type Made = { api: string; simulator: string | undefined; env: { [name: string]: string | undefined } };

/** All of the note but the processes, which come and go. */
export function composeNote({ api, simulator, env }: Made): Omit<RunningNote, 'processes'> {
  return {
    pid: process.pid,
    api,
    ...(simulator !== undefined && { simulator }),
    mysqlUrl: env.MYSQL_URL ?? '',
    redisUrl: env.REDIS_URL ?? '',
    plivoAuthId: env.PLIVO_AUTH_ID ?? '',
    plivoAuthToken: env.PLIVO_AUTH_TOKEN ?? '',
    opsPassword: env.OPS_PASSWORD ?? '',
    serviceNumber: env.SERVICE_NUMBER ?? '',
    numberPool: (env.NUMBER_POOL ?? '').split(',').filter((number) => number !== ''),
  };
}

/** Undefined when nothing runs, or not yet. */
export function readNote(file: string): RunningNote | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as RunningNote) : undefined;
}

/** Whole or not at all; only for this user's eyes, because it holds secrets. */
export function writeNote(file: string, note: RunningNote): void {
  writeFileSync(`${file}.new`, `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

export function removeNote(file: string): void {
  rmSync(file, { force: true });
}
