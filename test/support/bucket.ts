import { createHash, createHmac } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';

/**
 * A store that takes objects as S3 does, and whose checks were written from Amazon’s public pages: path-style addresses,
 * Signature Version 4 over the request as it arrived, and the hash of its body
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html).
 */
export async function startBucket({ key, secret, region }: { key: string; secret: string; region: string }) {
  const objects = new Map<string, Buffer>();
  const refused: string[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = Buffer.concat(chunks);
      const { url: path = '', method = '' } = request;
      if (!isSigned(request, body, { key, secret, region })) {
        refused.push(`${method} ${path}`);
        return response.writeHead(403).end('<Error><Code>SignatureDoesNotMatch</Code></Error>');
      }
      if (!path.startsWith('/pictures/'))
        return response.writeHead(404).end('<Error><Code>NoSuchBucket</Code></Error>');
      if (method === 'PUT') objects.set(path, body);
      if (method === 'DELETE') objects.delete(path);
      const found = objects.get(path);
      if (method === 'GET' && found === undefined)
        return response.writeHead(404).end('<Error><Code>NoSuchKey</Code></Error>');
      response.writeHead(method === 'DELETE' ? 204 : 200).end(method === 'GET' ? found : undefined);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const at = `127.0.0.1:${port}`;
  return {
    address: (as: string = secret) => `http://${key}:${encodeURIComponent(as)}@${at}/pictures?region=${region}`,
    objects,
    refused,
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
}

type Credentials = { key: string; secret: string; region: string };

function isSigned(request: IncomingMessage, body: Buffer, { key, secret, region }: Credentials): boolean {
  const { headers, method = '', url = '' } = request;
  const parts =
    /^AWS4-HMAC-SHA256 Credential=([^,]+), SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    ) ?? [];
  const [, credential = '', signedHeaders = '', signature] = parts;
  const time = String(headers['x-amz-date'] ?? '');
  const scope = `${time.slice(0, 8)}/${region}/s3/aws4_request`;
  const hash = String(headers['x-amz-content-sha256'] ?? '');
  if (credential !== `${key}/${scope}` || !signedHeaders.split(';').includes('host')) return false;
  if (hash !== 'UNSIGNED-PAYLOAD' && hash !== sha256(body)) return false;
  const [path = '', query = ''] = url.split('?');
  const lines = signedHeaders.split(';').map((name) => `${name}:${String(headers[name] ?? '').trim()}\n`);
  const canonical = [method, path, query, lines.join(''), signedHeaders, hash].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, sha256(canonical)].join('\n');
  const signing = scope.split('/').reduce<string | Buffer>((with_, part) => hmac(with_, part), `AWS4${secret}`);
  return hmac(signing, toSign).toString('hex') === signature;
}

function sha256(of: string | Buffer): string {
  return createHash('sha256').update(of).digest('hex');
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}
