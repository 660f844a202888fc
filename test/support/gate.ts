import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A way to a server on which a test can break what passes. */
export type Gate = {
  /** That of the server, through the gate. */
  url: string;
  /** Nothing passes, nothing breaks. */
  freeze(): void;
  /** Connections break and fail. */
  cut(): void;
  open(): void;
  /** Of the connections that are open now, `count` are never heard of again; those that come later work. */
  silence(count?: number): void;
  /**
   * The next connections on which a client says this are never heard of again; with `passes` the server still hears that one
   * thing, and only its answer is lost.
   */
  swallow(said: RegExp, how?: { times?: number; passes?: boolean }): void;
  /** What a client says like this reaches the server so much later. */
  delay(said: RegExp, ms: () => number): void;
  /**
   * The server hears something else in place of what a client says, and the client gets another answer to it, wherever this
   * does not return null. It is asked of each piece of the stream.
   */
  stand(inPlaceOf: (said: Buffer) => { ask: Buffer; answer: Buffer } | null): void;
  /** When the server was last heard, in milliseconds of the epoch. */
  heardAt(): number;
  /** How many times `swallow` has still to happen. */
  toSwallow(): number;
  /** How many connections were tried so far, also those that it cut off at once. */
  tried(): number;
  /** How many connections were opened so far. */
  opened(): number;
  close(): Promise<void>;
};

/** Opens a gate before the server of a URL. */
export async function openGate(serverUrl: string): Promise<Gate> {
  const server = new URL(serverUrl);
  const ways = new Set<Way>();
  const toServer = new Set<Socket>();
  let state: 'open' | 'frozen' | 'cut' = 'open';
  let opened = 0;
  let tried = 0;
  let swallowing: { said: RegExp; times: number; passes: boolean } | null = null;
  let delaying: { said: RegExp; ms: () => number } | null = null;
  let standIn: Parameters<Gate['stand']>[0] = () => null;
  let heardAt = 0;

  /** How long to hold back what a client says, or null when it is swallowed. */
  function listen(way: Way, some: Buffer): number | null {
    const { said, times, passes } = swallowing ?? { said: NOTHING, times: 0, passes: false };
    if (times > 0 && said.test(some.toString('latin1'))) {
      if (swallowing !== null) swallowing.times -= 1;
      way.silent = true;
      if (!passes) return null;
    }
    return delaying?.said.test(some.toString('latin1')) ? delaying.ms() : 0;
  }

  const gate = createServer({ pauseOnConnect: true }, (near) => {
    tried += 1;
    if (state === 'cut') return near.destroy();
    opened += 1;
    const far = connect(Number(server.port), server.hostname);
    const way: Way = { near, far, silent: false, answer: null };
    ways.add(way);
    toServer.add(far);
    far.on('close', () => toServer.delete(far));
    near.on('data', (some) => {
      if (way.silent) return;
      const instead = standIn(some);
      if (instead !== null) {
        way.answer = instead.answer;
        return far.write(instead.ask);
      }
      const ms = listen(way, some);
      if (ms === 0) far.write(some);
      else if (ms !== null) setTimeout(() => far.write(some), ms);
    });
    far.on('data', (some) => {
      if (way.silent) return;
      heardAt = Date.now();
      near.write(way.answer ?? some);
      way.answer = null;
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => {
        ways.delete(way);
        // A client that is gone hears nothing; a server that nobody can reach does not hear of that either.
        if (!way.silent) other.destroy();
      });
      if (state === 'frozen') one.pause();
      else one.resume();
    }
  });
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve));
  const url = new URL(serverUrl);
  url.host = `127.0.0.1:${(gate.address() as AddressInfo).port}`;
  const each = (act: (socket: Socket) => void) => {
    for (const { near, far } of ways) for (const socket of [near, far]) act(socket);
  };
  const cut = () => {
    state = 'cut';
    each((socket) => socket.destroy());
  };
  return {
    url: url.href,
    freeze() {
      state = 'frozen';
      each((socket) => socket.pause());
    },
    cut,
    open() {
      state = 'open';
      swallowing = null;
      delaying = null;
      standIn = () => null;
      each((socket) => socket.resume());
    },
    silence(count = Number.POSITIVE_INFINITY) {
      for (const way of [...ways].filter(({ silent }) => !silent).slice(0, count)) way.silent = true;
    },
    swallow(said, { times = 1, passes = false } = {}) {
      swallowing = { said, times, passes };
    },
    delay(said, ms) {
      delaying = { said, ms };
    },
    stand(inPlaceOf) {
      standIn = inPlaceOf;
    },
    heardAt: () => heardAt,
    toSwallow: () => swallowing?.times ?? 0,
    tried: () => tried,
    opened: () => opened,
    async close() {
      cut();
      for (const socket of toServer) socket.destroy();
      await new Promise<void>((resolve) => gate.close(() => resolve()));
    },
  };
}

type Way = { near: Socket; far: Socket; silent: boolean; answer: Buffer | null };
const NOTHING = /(?!)/;
