import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';

/** What an audience is told to do, and what it answers. */
export type AudienceOrder = { listen: { api: string; sids: readonly string[] } } | 'report';
/** When a text came to somebody, in epoch milliseconds, by the words that it ends with: everything from the last # on. */
export type Heard = { words: string; at: number }[];

/** Listeners of `/v1/events` in a process of their own: what they do with what they hear slows nothing but itself. */
export type Audience = {
  /** Everything that was heard since it was asked last. */
  heard(): Promise<Heard>;
  close(): Promise<void>;
};

/** Resolves when each of them has had its first place to go on from. */
export async function openAudience(
  { api, sids }: { api: string; sids: readonly string[] },
  env: NodeJS.ProcessEnv,
): Promise<Audience> {
  const child = fork(new URL('./listening.ts', import.meta.url), { execArgv: ['--import', 'tsx'], env });
  const ended = once(child, 'exit');
  async function ask<Answer>(order: AudienceOrder): Promise<Answer> {
    const died = ended.then(() => Promise.reject(new Error('the listeners ended too early')));
    const answer = once(child, 'message').then(([said]) => said as Answer);
    child.send(order);
    return Promise.race([answer, died]);
  }
  const { error } = await ask<{ error: string | null }>({ listen: { api, sids } });
  const close = async () => {
    if (child.connected) child.disconnect();
    await ended;
  };
  if (error !== null) {
    await close();
    throw new Error(error);
  }
  return { heard: () => ask<Heard>('report'), close };
}

/**
 * Why so many listeners cannot be opened here, or null: each takes a file in the process that listens, and one in `web`.
 * Node takes as many as the system's hard limit lets it; where the system does not tell, it is tried.
 */
export function tooFewFiles(listeners: number): string | null {
  const needed = listeners + OTHER_FILES;
  const limit = openFilesAllowed();
  if (limit === null || limit >= needed) return null;
  return `${listeners.toLocaleString('en-US')} listeners need ${needed} open files in a process, and here one may have ${limit}: raise it (ulimit -Hn)`;
}

/** Connections to servers, logs, modules. */
const OTHER_FILES = 500;

function openFilesAllowed(): number | null {
  try {
    const soft = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8'))?.[1];
    return soft === undefined ? null : Number(soft);
  } catch {
    return null;
  }
}
