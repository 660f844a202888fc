import { Pool } from 'undici';

/** A text at a handset, as the simulator counted it. */
export type Arrived = { seq: number; from: string; to: string; text: string; at: number };
export type System = ReturnType<typeof openSystem>;

/** The running system from outside: its API, and the simulator that holds the handsets. */
export function openSystem(urls: { api: string; simulator: string; connections: number }) {
  const api = new Pool(urls.api, { connections: 4 });
  // a text to the service may be repeated by the carrier for seven minutes before its answer is final
  const simulator = new Pool(urls.simulator, { connections: urls.connections + 2, headersTimeout: 600_000 });

  async function ask<T>(pool: Pool, url: string, method: 'GET' | 'POST', path: string, body?: object): Promise<T> {
    const answer = await pool
      .request({
        method,
        path,
        headers: { 'content-type': 'application/json' },
        ...(body ? { body: JSON.stringify(body) } : {}),
      })
      .catch((cause) => {
        throw new Error(`nothing answers at ${url}; start the system first: npm start`, { cause });
      });
    return (await answer.body.json()) as T;
  }

  return {
    async createGroup(form: Record<string, string>): Promise<void> {
      const said = await ask<{ status?: string }>(api, urls.api, 'POST', '/group/create', form);
      if (said.status !== 'OK') throw new Error(`/group/create answered ${JSON.stringify(said)}`);
    },
    /** A handset texts; resolves to the HTTP status with which the service took it in the end. */
    async text(said: { from: string; to: string; text: string }): Promise<number> {
      const heard = await ask<{ status: number }>(simulator, urls.simulator, 'POST', '/handsets/text', said);
      return heard.status;
    },
    async countTexts(): Promise<number> {
      return (await ask<{ accepted: number }>(simulator, urls.simulator, 'GET', '/stats')).accepted;
    },
    async textsAfter(seq: number): Promise<{ texts: Arrived[]; next: number }> {
      const page = await ask<{ texts: Arrived[]; next: number; lost: boolean }>(
        simulator,
        urls.simulator,
        'GET',
        `/texts?after=${seq}&limit=5000`,
      );
      if (page.lost) throw new Error('the simulator forgot texts before they were counted; send fewer at once');
      return page;
    },
    async close(): Promise<void> {
      await Promise.all([api.destroy(), simulator.destroy()]);
    },
  };
}
