import type { ServerResponse } from 'node:http';

/**
 * The engine's media as the page of handsets shows them: by the same path here, because the page loads nothing from elsewhere. A
 * carrier fetches them likewise before it hands them on. False for any other path.
 */
export function openEngineMedia(webhookBase: string): (url: string, res: ServerResponse) => Promise<boolean> {
  return async (url, res) => {
    if (!PATH.test(url)) return false;
    const answer = await fetch(webhookBase + url, { redirect: 'error', signal: AbortSignal.timeout(10_000) });
    const type = answer.headers.get('content-type') ?? '';
    if (answer.status !== 200 || !type.startsWith('image/')) {
      res.writeHead(404).end();
      return true;
    }
    const content = Buffer.from(await answer.arrayBuffer());
    res.writeHead(200, {
      'Content-Type': type,
      'Content-Security-Policy': "default-src 'none'",
      'X-Content-Type-Options': 'nosniff',
    });
    res.end(content);
    return true;
  };
}

const PATH = /^\/v1\/media\/[\w-]+\.\w+\?[\w=&-]{1,200}$/;
