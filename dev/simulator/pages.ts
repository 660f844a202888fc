import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join } from 'node:path';

const folder = join(import.meta.dirname, 'page');
const types: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.svg': 'image/svg+xml',
};
const files = new Map(readdirSync(folder).map((name) => [name === 'index.html' ? '/' : `/${name}`, name]));

const headers = {
  'Content-Security-Policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'X-Content-Type-Options': 'nosniff',
  'Referrer-Policy': 'no-referrer',
  'Cache-Control': 'no-cache',
};

/** Serves the handsets page; false where no file of it has this path. Only what lies in its folder can be asked for. */
export async function servePage(path: string, res: ServerResponse): Promise<boolean> {
  const name = files.get(path);
  if (name === undefined) return false;
  const content = await readFile(join(folder, name));
  res.writeHead(200, { 'Content-Type': types[extname(name)] ?? 'application/octet-stream', ...headers });
  res.end(content);
  return true;
}
