import { nextFreePort } from '../stack/port.ts';

type Env = { [name: string]: string | undefined };

/**
 * What `npm start` adds to the environment for the example apps: their port, that their page may call the API, and that their
 * webhooks may go to this machine. Null where others reach the API, or the caller has set one of these.
 */
export async function openExamples(env: Env): Promise<Env | null> {
  const isAlone = env.HOST === undefined || env.HOST === '' || env.HOST === '127.0.0.1';
  if (!isAlone || env.CORS_ORIGINS || env.HOOKS_TO_PRIVATE || env.PLIVO_API_URL) return null;
  const port = String(await nextFreePort(4300));
  return { EXAMPLES_PORT: port, CORS_ORIGINS: `http://127.0.0.1:${port}`, HOOKS_TO_PRIVATE: '1' };
}
