import { type ClientHttp2Session, connect, constants } from 'node:http2';
import { Late } from './timely.ts';

/** One HTTP/2 connection to a service, made on first use and again whenever it was lost; requests share it. */
export type Http2 = {
  /** Throws `NotReached` and `Late`; any other error leaves open whether the service has got it. */
  post(request: Posted): Promise<Answered>;
  close(): void;
};
/** `deadline` in epoch milliseconds. */
export type Posted = { path: string; headers: Record<string, string>; body: string; deadline: number };
export type Answered = { status: number; body: string };

/** Nothing was asked: there is no connection. */
export class NotReached extends Error {
  override name = 'NotReached';
}

export function openHttp2(origin: string): Http2 {
  let open: Promise<ClientHttp2Session> | null = null;

  /** Connected, before anything is asked: what waits for a connection would go out whenever there is one. */
  function session(): Promise<ClientHttp2Session> {
    if (open !== null) return open;
    const made = connect(origin);
    const connecting = new Promise<ClientHttp2Session>((resolve, reject) => {
      const fail = (error?: Error) => {
        drop(connecting);
        clearTimeout(timer);
        reject(new NotReached(codeOf(error)));
      };
      const timer = setTimeout(() => {
        made.destroy();
        fail();
      }, CONNECT_MS);
      made.once('connect', () => {
        clearTimeout(timer);
        resolve(made);
      });
      // After that each request fails by itself, and this only makes room for a new connection.
      made.on('error', fail).on('close', fail).on('goaway', fail);
    });
    open = connecting;
    return connecting;
  }

  function drop(gone: Promise<ClientHttp2Session>): void {
    if (open === gone) open = null;
  }

  return {
    async post(request) {
      const connecting = session();
      const used = await connecting;
      try {
        return await ask(used, request);
      } catch (error) {
        // A connection that was cut off in silence would keep all that follows waiting, too.
        if (error instanceof Late) {
          drop(connecting);
          used.close();
        }
        throw error;
      }
    },
    close() {
      open?.then(
        (used) => used.close(),
        () => undefined,
      );
      open = null;
    },
  };
}

const CONNECT_MS = 5_000;

function ask(session: ClientHttp2Session, { path, headers, body, deadline }: Posted): Promise<Answered> {
  return new Promise((resolve, reject) => {
    const leftMs = deadline - Date.now();
    if (leftMs <= 0) return reject(new Late('not begun in time'));
    const stream = session.request({ ':method': 'POST', ':path': path, ...headers });
    const timer = setTimeout(() => {
      reject(new Late('no answer in time'));
      stream.close(constants.NGHTTP2_CANCEL);
    }, leftMs);
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

/** An error says what is wrong in a few words. */
const MOST_READ = 16_384;

function codeOf(error: Error | undefined): string {
  return (error as { code?: string } | undefined)?.code ?? 'no connection';
}
