import { isIP } from 'node:net';
import { BadAddress, decodePart, readTls } from './server-address.ts';

export type MysqlAddress = {
  host: string;
  port?: number;
  user?: string;
  password?: string;
  database?: string;
  socketPath?: string;
  /** The server's certificate and its name are verified. */
  ssl?: { ca?: string; rejectUnauthorized: true; verifyIdentity: true };
};

/**
 * Reads mysql://user:password@host:port/database, mysqls:// for TLS; with ?socketPath=FILE a socket of this machine. Throws
 * `BadAddress`.
 */
export function readMysqlAddress(written: string): MysqlAddress {
  const url = URL.canParse(written) ? new URL(written) : null;
  if (url === null || !SCHEMES.includes(url.protocol) || url.hostname === '') throw new BadAddress(MYSQL_EXPECTED);
  const isSecure = url.protocol === 'mysqls:';
  const parameters = new URLSearchParams(url.search);
  const socketPath = isSecure ? null : parameters.get('socketPath');
  if (socketPath !== null) parameters.delete('socketPath');
  const tls = readTls(parameters, {
    setting: 'MYSQL_URL',
    isSecure,
    secure: 'mysqls://user:password@host/database',
  });
  const host = url.hostname.replace(/^\[|\]$/g, '');
  // The library would look for "localhost" in the certificate then.
  if (tls !== null && isIP(host) !== 0)
    throw new BadAddress('MYSQL_URL must name the host where it begins with mysqls://: an IP address is not verified');
  return {
    host,
    ...(url.port === '' ? {} : { port: Number(url.port) }),
    ...(url.username === '' ? {} : { user: decodePart(url.username, 'MYSQL_URL') }),
    ...(url.password === '' ? {} : { password: decodePart(url.password, 'MYSQL_URL') }),
    ...(url.pathname.length < 2 ? {} : { database: decodePart(url.pathname.slice(1), 'MYSQL_URL') }),
    ...(socketPath === null ? {} : { socketPath }),
    ...(tls === null ? {} : { ssl: { ...tls, rejectUnauthorized: true, verifyIdentity: true } }),
  };
}

export const MYSQL_EXPECTED = 'MYSQL_URL must be an address such as mysql://user:password@host/database';

const SCHEMES: readonly string[] = ['mysql:', 'mysqls:'];
