import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';

/** An address that cannot be used, in a sentence for an operator. It repeats nothing of it, because it may hold a password. */
export class BadAddress extends Error {
  override name = 'BadAddress';
}

/** Authorities that are trusted in place of those that Node.js knows. */
export type Tls = { ca?: string };

/**
 * What the parameters of a server's address say of TLS: `ca` alone is one, and names a file of certificates (PEM). Null where
 * the scheme is not that of TLS. `secure` is an example of an address with TLS. Throws `BadAddress`.
 */
export function readTls(
  parameters: URLSearchParams,
  { setting, isSecure, secure }: { setting: string; isSecure: boolean; secure: string },
): Tls | null {
  if ([...parameters.keys()].some((name) => name !== 'ca'))
    throw new BadAddress(
      `${setting} takes no parameter but ca: for TLS write ${secure}, with ?ca=FILE where an authority of its own signed the certificate`,
    );
  const file = parameters.get('ca');
  if (file !== null && !isSecure) throw new BadAddress(`${setting} has a ca but no TLS: write ${secure}?ca=FILE`);
  if (!isSecure) return null;
  return file === null ? {} : { ca: readAuthorities(file, setting) };
}

/** A name or password as it is, where an address holds it percent-encoded. Throws `BadAddress`. */
export function decodePart(part: string, setting: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    throw new BadAddress(`${setting} has a % that begins no percent-encoded character: write %25`);
  }
}

function readAuthorities(file: string, setting: string): string {
  let pem: string;
  try {
    pem = readFileSync(file, 'utf8');
  } catch (error) {
    throw new BadAddress(
      `the file that ca in ${setting} names cannot be read (${(error as NodeJS.ErrnoException).code})`,
    );
  }
  try {
    new X509Certificate(pem);
  } catch {
    throw new BadAddress(`the file that ca in ${setting} names must begin with a certificate (PEM)`);
  }
  return pem;
}
