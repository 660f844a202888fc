import type { ServerResponse } from 'node:http';

/** `all`: every text and report. `handsets`: what the page shows. */
export type Channel = 'all' | 'handsets';
export type Events = ReturnType<typeof openEvents>;
type Listener = { res: ServerResponse; channel: Channel; lines: string[] };

/** Milliseconds that events gather before they go out together. */
const gatherMs = 30;
/** Bytes that a listener may lag behind before it is dropped; a browser comes back by itself. */
const mostBehind = 8 * 1024 * 1024;

/** Server-sent events. Where nobody listens, publishing costs one look. */
export function openEvents() {
  const listeners = new Set<Listener>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    timer = undefined;
    for (const listener of listeners) {
      if (listener.lines.length === 0) continue;
      listener.res.write(listener.lines.join(''));
      listener.lines = [];
      if (listener.res.writableLength > mostBehind) listener.res.destroy();
    }
  }

  return {
    has(channel: Channel): boolean {
      for (const listener of listeners) if (listener.channel === channel) return true;
      return false;
    },
    publish(channel: Channel, name: string, what: unknown): void {
      if (listeners.size === 0) return;
      let line: string | undefined;
      for (const listener of listeners) {
        if (listener.channel !== channel) continue;
        line ??= `event: ${name}\ndata: ${JSON.stringify(what)}\n\n`;
        listener.lines.push(line);
      }
      if (line !== undefined) timer ??= setTimeout(flush, gatherMs);
    },
    attach(res: ServerResponse, channel: Channel): void {
      res.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
      res.write('retry: 1000\n\n');
      const listener: Listener = { res, channel, lines: [] };
      listeners.add(listener);
      res.once('close', () => listeners.delete(listener));
    },
    close(): void {
      clearTimeout(timer);
      for (const { res } of listeners) res.destroy();
    },
  };
}
