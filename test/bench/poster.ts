import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A text from a handset on its way to us. Phones are E.164. */
export type Inbound = { from: string; to: string; text: string };
/** A call of the API, as an app makes it. */
export type Call = { path: string; params: Record<string, string> };
export type PosterSettings = { api: string; carrier: string; authId: string; authToken: string };
/** So many at the same time, or one every so often, whatever became of those before it. */
export type Rhythm = { atOnce: number } | { everyMs: number };
export type Orders = {
  /** Bare texts to the carrier, as a program without an engine would send them. `asks`: for reports, as ours do. */
  post: { count: number; asks: boolean };
  /** Texts from handsets to the API, as the carrier brings them: signed, each with a MessageUUID of its own. */
  text: { inbound: readonly Inbound[] };
  call: { calls: readonly Call[] };
  /** Texts for a gateway to forward, some recipients a request. */
  gateway: { url: string; count: number; each: number };
};
export type Kind = keyof Orders;
export type Order = { [K in Kind]: { kind: K } & Orders[K] & { rhythm: Rhythm } }[Kind];
/**
 * How long it took; when each request began (epoch milliseconds) and how long its answer took, in their order.
 * `refused` were answered otherwise than they should.
 */
export type Posted = { ms: number; beganAt: number[]; answersMs: number[]; refused: number };

/** Posts from a process of its own, so that what it does slows nothing but itself. */
export type Poster = {
  pid: number;
  send<K extends Kind>(kind: K, order: Orders[K], rhythm: Rhythm): Promise<Posted>;
  stop(): Promise<void>;
};

export async function startPoster(
  settings: PosterSettings,
  { env, flags }: { env: NodeJS.ProcessEnv; flags: string[] },
): Promise<Poster> {
  const child = fork(new URL('./posting.ts', import.meta.url), { execArgv: [...flags, '--import', 'tsx'], env });
  const ended = once(child, 'exit');
  let orders = 0;
  child.setMaxListeners(0);
  child.send(settings);
  await heard('ready');

  async function heard(wanted: number | 'ready'): Promise<Posted> {
    const died = ended.then(() => Promise.reject(new Error('the poster ended too early')));
    const answer = new Promise<Posted>((resolve) => {
      child.on('message', function listen({ order, posted }: { order: number | 'ready'; posted: Posted }) {
        if (order !== wanted) return;
        child.off('message', listen);
        resolve(posted);
      });
    });
    return Promise.race([answer, died]);
  }

  return {
    pid: child.pid ?? 0,
    async send(kind, order, rhythm) {
      const number = ++orders;
      child.send({ number, order: { kind, ...order, rhythm } });
      const posted = await heard(number);
      if (posted.refused > 0) throw new Error(`${posted.refused} of the requests (${kind}) were refused`);
      return posted;
    },
    async stop() {
      if (child.connected) child.disconnect();
      await ended;
    },
  };
}
