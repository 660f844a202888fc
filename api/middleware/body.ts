import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../engine/platform/errors.ts';

/**
 * The whole body, at most 64 KiB where nothing else is said. Throws TOO_LARGE for a larger one, announced or not, and BAD_REQUEST where it is
 * compressed or breaks off. How long a slow client may take is the server's `requestTimeout`.
 */
export function readBody(request: IncomingMessage, most = BODY_LIMIT): Promise<Buffer> {
  const encoding = request.headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') {
    throw new DomainError('BAD_REQUEST', { subtype: 'content-encoding' });
  }
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    request.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= most) chunks.push(chunk);
      else if (size > Math.max(most, DRAIN_LIMIT)) reject(new DomainError('TOO_LARGE'));
    });
    request.on('end', () => {
      if (size > most) reject(new DomainError('TOO_LARGE'));
      else resolve(chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks));
    });
    request.on('close', () => {
      if (!request.complete) reject(new DomainError('BAD_REQUEST', { subtype: 'body' }));
    });
    request.on('error', (cause) => reject(new DomainError('BAD_REQUEST', { subtype: 'body', cause })));
  });
}

const BODY_LIMIT = 65_536;
/** A client that is still writing reads no answer: so a body that is too large is read on for a while, and dropped. */
const DRAIN_LIMIT = 16 * BODY_LIMIT;
