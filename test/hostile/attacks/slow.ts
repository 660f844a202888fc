import { connect, type Socket } from 'node:net';
import type { Attack } from '../attack.ts';
import type { Target } from '../target.ts';

/** Clients that take their time, and clients that speak no HTTP. */
export const slow: Attack = {
  name: 'slow',
  does: 'headers and bodies that come letter by letter on many connections, and what is no HTTP at all',
  async run(target, { runs, note }) {
    const broken: string[] = [];
    for (const { what, bytes, status } of garbage) {
      const { answer } = await speak(target, [bytes]);
      if (!answer.startsWith(`HTTP/1.1 ${status} `) || !answer.includes('"status":"ERROR"'))
        broken.push(`${what}: ${JSON.stringify(answer.slice(0, 150))}`);
    }
    if (runs === 'few') return broken;
    const head = 'POST /member/find HTTP/1.1\r\nHost: x\r\n';
    const body = `${head}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\n`;
    const drips = [...Array<string>(100).fill(head), ...Array<string>(100).fill(body)];
    const dripping = Promise.all(drips.map((start) => speak(target, [start], { every: 'x' })));
    const normal = await callUntil(target, dripping);
    const ended = await dripping;
    if (ended.some(({ ms }) => ms > CUT_OFF_MS)) broken.push('a slow client was not cut off');
    note(
      `${ended.length} slow clients were cut off after ${span(
        ended.map(({ ms }) => ms / 1000),
        's',
      )}; others waited ${span(normal, 'ms')} meanwhile`,
    );
    return broken;
  },
};

const garbage = [
  { what: 'no HTTP', bytes: 'hello there\r\n\r\n', status: 400 },
  { what: 'a header without a colon', bytes: 'GET /healthz HTTP/1.1\r\nHost\r\n\r\n', status: 400 },
  {
    what: 'two lengths',
    bytes: 'POST /member/find HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n',
    status: 400,
  },
  {
    what: 'a length and chunks',
    bytes: 'POST /member/find HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    status: 400,
  },
  {
    what: 'a chunk without a size',
    bytes: 'POST /member/find HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n',
    status: 400,
  },
  {
    what: 'headers of 300 KiB',
    bytes: `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Pad: ${'x'.repeat(300_000)}\r\n\r\n`,
    status: 413,
  },
] as const;

/** The server's limits are 10 s for headers and 15 s for a request, looked at every 2 s; a busy machine adds to that. */
const CUT_OFF_MS = 25_000;

type Spoken = { answer: string; ms: number };

/** Says these pieces, then one more letter each second, until the other side hangs up. */
function speak({ url }: Target, pieces: readonly string[], { every }: { every?: string } = {}): Promise<Spoken> {
  const { port, hostname } = new URL(url);
  const began = performance.now();
  return new Promise((resolve) => {
    let answer = '';
    const socket: Socket = connect(Number(port), hostname);
    const drip = every === undefined ? undefined : setInterval(() => socket.write(every), 1_000);
    const giveUp = setTimeout(() => socket.destroy(), 2 * CUT_OFF_MS);
    socket.on('data', (some) => {
      answer += some.toString();
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      clearInterval(drip);
      clearTimeout(giveUp);
      resolve({ answer, ms: performance.now() - began });
    });
    for (const piece of pieces) socket.write(piece);
  });
}

/** How long ordinary calls took until that was over, in ms. */
async function callUntil({ call }: Target, over: Promise<unknown>): Promise<number[]> {
  let isOver = false;
  void over.then(() => {
    isOver = true;
  });
  const times: number[] = [];
  while (!isOver) {
    const began = performance.now();
    await call('/message/grand/total', {});
    times.push(performance.now() - began);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return times;
}

function span(values: readonly number[], unit: string): string {
  return `${Math.min(...values).toFixed(1)} to ${Math.max(...values).toFixed(1)} ${unit}`;
}
