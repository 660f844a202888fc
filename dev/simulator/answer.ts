import type { ServerResponse } from 'node:http';
import type { Clock } from './clock.ts';

/** What the carrier would answer to a send, and the means to answer it badly. */
export type Answer = { res: ServerResponse; status: number; body: string; clock: Clock };

export function sendJson(res: ServerResponse, status: number, body: string, headers?: Record<string, string>): void {
  if (res.destroyed) return;
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body), ...headers });
  res.end(body);
}

/** Keeps the caller waiting and then hangs up without a word. */
export async function hold({ res, clock }: Answer, ms = 60_000): Promise<void> {
  await clock.wait(ms);
  res.destroy();
}

/** The caller sees ECONNRESET. */
export function reset({ res }: Answer): void {
  res.socket?.resetAndDestroy();
}

export async function sendLate({ res, status, body, clock }: Answer, ms = 2_000): Promise<void> {
  await clock.wait(ms);
  sendJson(res, status, body);
}

/** The right answer, a few bytes at a time, over `ms` milliseconds. */
export async function trickle({ res, status, body, clock }: Answer, ms = 2_000): Promise<void> {
  const pieces = body.match(/.{1,12}/gs) ?? [];
  res.writeHead(status, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) });
  for (const piece of pieces) {
    if (res.destroyed) return;
    res.write(piece);
    await clock.wait(ms / pieces.length);
  }
  res.end();
}
