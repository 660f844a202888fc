import type { Logger } from '../../platform/logger.ts';
import { examine } from './examine.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** What the doctor finds, as lines of the log: a minute after the start, when the other processes run too, and then once a day. */
export function watchHealth(
  { log }: { log: Logger },
  env: Env,
  { firstMs = 60_000, everyMs = DAY_MS } = {},
): () => void {
  let timer = setTimeout(look, firstMs);
  timer.unref();
  let isStopped = false;

  async function look(): Promise<void> {
    await report({ log }, env).catch((err: unknown) => log.warn({ err }, 'the doctor could not look at everything'));
    if (isStopped) return;
    timer = setTimeout(look, everyMs);
    timer.unref();
  }

  return () => {
    isStopped = true;
    clearTimeout(timer);
  };
}

const DAY_MS = 86_400_000;

type Lines = { warn(fields: object, says: string): void; info(says: string): void };

/** One line a finding, without the numbers that it is about: admin doctor names them. */
export async function report({ log }: { log: Lines }, env: Env): Promise<void> {
  const wrong = (await examine(env)).filter(({ state }) => state !== 'ok');
  for (const { check, state, says, mend, which = [] } of wrong)
    log.warn({ check, state, mend, ...(which.length === 0 ? {} : { numbers: which.length }) }, `doctor: ${says}`);
  if (wrong.length === 0) log.info('doctor: everything that was looked at is right');
}
