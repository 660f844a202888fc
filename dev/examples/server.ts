import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { type Bot, openBot } from './bot.ts';

/**
 * What an app’s own server does: it gives out the page of the inbox and the client that this uses, and takes webhooks for the bot.
 * It is no part of the API: the page calls that by itself, with the session of who is logged in. `root` is the folder of the
 * project, built.
 */
export async function startExamples({ api, port, root }: Options): Promise<{ url: string; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, type = 'text/plain; charset=utf-8', body = '' }) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      (error: Error) => response.writeHead(400, { 'content-type': 'text/plain' }).end(error.message),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const bot: Bot = openBot({ api, address: url });

  async function answer(request: IncomingMessage): Promise<Answer> {
    const { method, url: place = '/' } = request;
    const [, file] = /^\/client\/([a-z]+\.js)$/.exec(place) ?? [];
    const [, hook] = /^\/hook\/([0-9a-f-]{36})$/.exec(place) ?? [];
    if (method === 'GET' && place === '/') {
      const page = await readFile(path.join(root, 'dev/examples/inbox.html'), 'utf8');
      return { status: 200, type: 'text/html; charset=utf-8', body: page.replace('{{API_URL}}', api) };
    }
    if (method === 'GET' && file !== undefined)
      return { status: 200, type: 'text/javascript', body: await readFile(path.join(root, 'dist/client', file)) };
    if (method === 'POST' && hook !== undefined)
      return { status: await bot.hear({ id: hook, headers: headersOf(request), body: await bodyOf(request) }) };
    // From this page alone: another must not hand over keys.
    if (method === 'POST' && place === '/bot' && request.headers.origin === url) {
      await bot.join(JSON.parse(await bodyOf(request)) as { key: string; number: string });
      return { status: 204 };
    }
    return { status: 404, body: 'There is nothing here.' };
  }

  return {
    url,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type Options = { api: string; port: number; root: string };
type Answer = { status: number; type?: string; body?: string | Buffer };

function headersOf({ headers }: IncomingMessage): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, String(value)]));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let size = 0;
  for await (const piece of request) {
    size += (piece as Buffer).length;
    if (size > LARGEST_BODY) throw new Error('That is too large.');
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}
const LARGEST_BODY = 100_000;
