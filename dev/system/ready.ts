import { setTimeout as sleep } from 'node:timers/promises';

/** Asks the address until it answers 200. Throws after a minute. */
export async function untilAnswered(url: string): Promise<void> {
  const limit = Date.now() + 60_000;
  let seen = 'no answer';
  while (Date.now() < limit) {
    const answer = await fetch(url, { signal: AbortSignal.timeout(2000) }).catch(() => undefined);
    const text = (await answer?.text().catch(() => '')) ?? '';
    if (answer?.status === 200) return;
    if (answer !== undefined) seen = `${answer.status} ${text.slice(0, 300)}`;
    await sleep(50);
  }
  throw new Error(`${url} is not ready after a minute (${seen}). See the lines above, or run: npm start -- --verbose`);
}
