import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server that a test can freeze (nothing passes, nothing breaks) or cut (connections break and fail). */
export type Gate = { url: string; freeze(): void; cut(): void; open(): void; close(): Promise<void> };

/** Opens a gate before the server of a URL; `url` is the same one through the gate. */
export async function openGate(serverUrl: string): Promise<Gate> {
  const server = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let state: 'open' | 'frozen' | 'cut' = 'open';
  const gate = createServer({ pauseOnConnect: true }, (near) => {
    if (state === 'cut') return near.destroy();
    const far = connect(Number(server.port), server.hostname);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      one.on('data', (some) => other.write(some));
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      if (state === 'frozen') one.pause();
      else one.resume();
    }
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(gate.address() as AddressInfo).port}`;
  const cut = () => {
    state = 'cut';
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    freeze() {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    cut,
    open() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    async close() {
      cut();
      await new Promise<void>((resolve) => gate.close(() => resolve()));
    },
  };
}
