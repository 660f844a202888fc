import { AwsClient } from 'aws4fetch';
import type { MediaStore } from './media-store.ts';

/**
 * Media as objects of an S3-compatible store: `https://KEY:SECRET@host/bucket?region=us-east-1`, objects addressed by path,
 * which every such store takes.
 */
export function openMediaBucket(address: string): MediaStore {
  const url = new URL(address);
  const client = new AwsClient({
    accessKeyId: decodeURIComponent(url.username),
    secretAccessKey: decodeURIComponent(url.password),
    service: 's3',
    region: url.searchParams.get('region') ?? 'us-east-1',
    retries: RETRIES,
  });
  const base = `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
  async function ask(method: string, name: string, body?: Buffer): Promise<Response> {
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const answer = await client.fetch(`${base}/${name}`, {
      ...{ method, signal },
      ...(body === undefined ? {} : { body: new Uint8Array(body) }),
    });
    if (!answer.ok && answer.status !== NOT_FOUND)
      throw new Error(`the store of media answered ${method} with ${answer.status}`);
    return answer;
  }
  return {
    async put(name, bytes) {
      const { status } = await ask('PUT', name, bytes);
      if (status === NOT_FOUND) throw new Error('the store of media has no such bucket');
    },
    async get(name) {
      const answer = await ask('GET', name);
      const bytes = Buffer.from(await answer.arrayBuffer());
      return answer.status === NOT_FOUND ? null : bytes;
    },
    remove: async (name) => void (await ask('DELETE', name)),
  };
}

const NOT_FOUND = 404;
/** After a 5xx, a 429 or no connection; the library waits ever longer in between. */
const RETRIES = 2;
const TIMEOUT_MS = 8_000;
