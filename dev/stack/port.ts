import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/** True when nothing listens there, neither on this address nor on all of them. */
export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await canListen(port, host)) && (await canListen(port, '0.0.0.0'));
}

/**
 * The preferred port if it is free, else any that is. None of those that systems hand out by themselves, from 32768 on: until
 * its server listens, which takes a moment, another would get it.
 */
export async function freePort(preferred?: number): Promise<number> {
  if (preferred !== undefined && (await isFree(preferred))) return preferred;
  for (let tries = 0; tries < 100; tries++) {
    const port = randomInt(FIRST_PORT, FIRST_OF_SYSTEMS);
    if (await isFree(port)) return port;
  }
  throw new Error('No port is free.');
}

const FIRST_PORT = 12_000;
const FIRST_OF_SYSTEMS = 32_768;

/** The first free port from `first` on. Throws when there is none among a hundred. */
export async function nextFreePort(first: number): Promise<number> {
  for (let port = first; port < first + 100; port += 1) {
    if (await isFree(port)) return port;
  }
  throw new Error(`No port from ${first} to ${first + 99} is free.`);
}

function canListen(port: number, host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, host, () => server.close(() => resolve(true)));
  });
}
