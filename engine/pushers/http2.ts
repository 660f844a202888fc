import { type ClientHttp2Session, connect, constants } from 'node:http2';

/** One HTTP/2 connection to a service, made on first use and again whenever it was lost; requests share it. */
export type Http2 = { post(request: Posted): Promise<{ status: number; body: string }>; close(): void };
export type Posted = { path: string; headers: Record<string, string>; body: string; deadline: number };

/** The answer did not come in time. */
export class Late extends Error {
  override name = 'Late';
}

export function openHttp2(origin: string): Http2 {
  let open: ClientHttp2Session | null = null;

  function session(): ClientHttp2Session {
    if (open !== null && !open.closed && !open.destroyed) return open;
    const made = connect(origin);
    const forget = () => {
      if (open === made) open = null;
    };
    // Each request fails by itself.
    made.on('error', forget).on('close', forget).on('goaway', forget);
    open = made;
    return made;
  }

  function once({ path, headers, body, deadline }: Posted): Promise<{ status: number; body: string }> {
    return new Promise((resolve, reject) => {
      const used = session();
      const stream = used.request({ ':method': 'POST', ':path': path, ...headers });
      const timer = setTimeout(
        () => {
          // A connection that was cut off in silence would keep all that follows waiting, too.
          if (open === used) open = null;
          used.close();
          stream.close(constants.NGHTTP2_CANCEL);
          reject(new Late('no answer in time'));
        },
        Math.max(0, deadline - Date.now()),
      );
      let status = 0;
      let text = '';
      stream.setEncoding('utf8');
      stream.on('response', (answer) => {
        status = Number(answer[':status'] ?? 0);
      });
      stream.on('data', (some: string) => {
        if (text.length < MOST_READ) text += some;
      });
      stream.on('error', reject);
      stream.on('close', () => {
        clearTimeout(timer);
        if (status > 0 && !stream.aborted) resolve({ status, body: text });
        else reject(new Error('the connection was lost'));
      });
      stream.end(body);
    });
  }

  return {
    async post(request) {
      try {
        return await once(request);
      } catch (error) {
        // A service ends idle connections, now and then just as they are used.
        if (error instanceof Late || Date.now() > request.deadline) throw error;
        return once(request);
      }
    },
    close: () => open?.close(),
  };
}

/** An error says what is wrong in a few words. */
const MOST_READ = 16_384;
