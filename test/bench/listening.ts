import { once } from 'node:events';
import { request } from 'node:http';
import type { AudienceOrder, Heard } from './audience.ts';

/** The process of an audience. */
let heard: Heard = [];
let first: string | null = null;

process.on('message', async (order: AudienceOrder) => {
  if (order === 'report') {
    process.send?.(heard);
    heard = [];
    return;
  }
  const error = await listenAll(order.listen).then(
    () => null,
    (reason: Error) => reason.message,
  );
  process.send?.({ error });
});
// Its parent is gone or needs it no more.
process.on('disconnect', () => process.exit(0));

async function listenAll({ api, sids }: { api: string; sids: readonly string[] }): Promise<void> {
  let next = 0;
  async function goOn(): Promise<void> {
    for (let sid = sids[next++]; sid !== undefined; sid = sids[next++]) await listen(api, sid);
  }
  await Promise.all(Array.from({ length: AT_ONCE }, goOn));
  if (first !== null) throw new Error(first);
}

const AT_ONCE = 25;

/** Resolves with the first block that has an id. */
async function listen(api: string, sid: string): Promise<void> {
  const headers = { accept: 'text/event-stream', authorization: `Bearer ${sid}` };
  const asked = request(`${api}/v1/events`, { headers, agent: false });
  asked.end();
  const [response] = await once(asked, 'response');
  if (response.statusCode !== 200) throw new Error(`a listener was answered ${response.statusCode}`);
  response.setEncoding('utf8');
  asked.on('error', (error) => (first ??= `a listener was cut off: ${error.message}`));
  await new Promise<void>((resolve, reject) => {
    let rest = '';
    response.on('close', () => reject(new Error('a listener was cut off')));
    response.on('data', (text: string) => {
      const blocks = (rest + text).split('\n\n');
      rest = blocks.pop() ?? '';
      for (const block of blocks) note(block);
      if (blocks.some((block) => block.startsWith('id: '))) resolve();
    });
  });
}

function note(block: string): void {
  const json = /^data: (.*)$/m.exec(block)?.[1];
  if (json === undefined) return;
  const { message } = JSON.parse(json) as { message?: { txt: string } };
  if (message === undefined) return;
  heard.push({
    words: message.txt.slice(message.txt.lastIndexOf('#')),
    at: performance.timeOrigin + performance.now(),
  });
}
