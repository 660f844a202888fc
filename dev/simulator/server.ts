import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AccountApi } from './account-api.ts';
import { sendJson } from './answer.ts';
import type { MessageApi } from './message-api.ts';
import { servePage } from './pages.ts';
import { BadCall, routes, statusOf } from './routes.ts';
import type { Simulator } from './types.ts';

const mostBytes = 1024 * 1024;
/** A send for gateways that can only ask for an address, such as Kannel's: src, dst and text in the query. */
const FORWARD = '/forward?';

/** One port for Plivo's API, the controls and the page. Sends take the shortest way: no router, no address parsed. */
export function openServer(messages: MessageApi, account: AccountApi, simulator: () => Simulator): Server {
  const server = createServer((req, res) => {
    const take = (send: string | URLSearchParams) =>
      messages.handle(req.headers.authorization, send, res).catch((error: Error) => fail(res, error));
    if (req.url === messages.path && req.method === 'POST') readBody(req, res, take);
    else if (req.url?.startsWith(FORWARD) && req.method === 'GET')
      void take(new URLSearchParams(req.url.slice(FORWARD.length)));
    else {
      readBody(req, res, (body) => {
        if (!account.handle(req, body, res) && !simulator().lookups.handle(req, res))
          void control(simulator(), req, res, body);
      });
    }
  });
  server.keepAliveTimeout = 120_000;
  return server;
}

async function control(simulator: Simulator, req: IncomingMessage, res: ServerResponse, raw: string): Promise<void> {
  try {
    const { pathname, searchParams } = new URL(req.url ?? '/', 'http://simulator');
    if (req.method === 'GET' && (simulator.pictures.serve(pathname, res) || (await servePage(pathname, res)))) return;
    if (req.method === 'GET' && (await simulator.serveEngineMedia(req.url ?? '/', res))) return;
    const route = routes[`${req.method} ${pathname}`];
    if (!route) return sendJson(res, 404, '{"error":"not found"}');
    const body = req.method === 'POST' ? readJson(req, raw) : {};
    const answer = await route(simulator, { query: searchParams, body, res });
    if (answer !== undefined) sendJson(res, 200, JSON.stringify(answer), { 'Cache-Control': 'no-store' });
  } catch (error) {
    fail(res, error);
  }
}

function fail(res: ServerResponse, error: unknown): void {
  const message = error instanceof Error ? error.message : String(error);
  if (!res.headersSent) sendJson(res, statusOf(error), JSON.stringify({ error: message }));
}

/** JSON alone, said by its type: a page of somebody else's cannot send that without being asked first. */
function readJson(req: IncomingMessage, raw: string): Record<string, unknown> {
  if (!req.headers['content-type']?.startsWith('application/json')) throw new BadCall('the body must be JSON');
  try {
    const parsed: unknown = JSON.parse(raw || '{}');
    if (typeof parsed === 'object' && parsed !== null) return { ...parsed };
  } catch {} // told below, as for JSON that is no object
  throw new BadCall('the body must be a JSON object');
}

function readBody(req: IncomingMessage, res: ServerResponse, then: (body: string) => void): void {
  let body: Buffer | undefined;
  req.on('data', (chunk: Buffer) => {
    body = body ? Buffer.concat([body, chunk]) : chunk;
    if (body.length <= mostBytes) return;
    sendJson(res, 413, '{"error":"the body is too large"}', { Connection: 'close' });
    req.destroy();
  });
  req.on('end', () => then(body ? body.toString() : ''));
}
