import { fork } from 'node:child_process';
import { once } from 'node:events';

/** A text from a handset on its way to us. Phones are E.164. */
export type Inbound = { from: string; to: string; text: string };
export type PosterSettings = { api: string; carrier: string; authId: string; authToken: string };
export type Order =
  | { kind: 'post'; count: number; atOnce: number }
  | { kind: 'text'; inbound: readonly Inbound[]; atOnce: number };
/** How long it took, and for texts how long each answer took, in milliseconds; `refused` was answered otherwise than 2xx. */
export type Posted = { ms: number; answersMs: number[]; refused: number };

/** Posts from a process of its own, so that what it does slows nothing but itself. */
export type Poster = {
  pid: number;
  /** Bare texts to the carrier, as a program without an engine would send them; they ask for no reports. */
  post(order: Omit<Extract<Order, { kind: 'post' }>, 'kind'>): Promise<Posted>;
  /** Texts from handsets to the API, as the carrier brings them: signed, each with a MessageUUID of its own. */
  text(order: Omit<Extract<Order, { kind: 'text' }>, 'kind'>): Promise<Posted>;
  stop(): Promise<void>;
};

export async function startPoster(
  settings: PosterSettings,
  { env, flags }: { env: NodeJS.ProcessEnv; flags: string[] },
): Promise<Poster> {
  const child = fork(new URL('./posting.ts', import.meta.url), { execArgv: [...flags, '--import', 'tsx'], env });
  const ended = once(child, 'exit');
  child.send(settings);
  await heard();

  async function heard(): Promise<unknown> {
    const died = ended.then(() => Promise.reject(new Error('the poster ended too early')));
    const [message] = await Promise.race([once(child, 'message'), died]);
    return message;
  }
  async function ask(order: Order): Promise<Posted> {
    child.send(order);
    const posted = (await heard()) as Posted;
    if (posted.refused > 0) throw new Error(`${posted.refused} of the posts were refused`);
    return posted;
  }

  return {
    pid: child.pid ?? 0,
    post: (order) => ask({ kind: 'post', ...order }),
    text: (order) => ask({ kind: 'text', ...order }),
    async stop() {
      child.disconnect();
      await ended;
    },
  };
}
