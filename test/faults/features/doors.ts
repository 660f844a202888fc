import { setTimeout as sleep } from 'node:timers/promises';
import { type CallAnswer, post, UNKNOWN } from '../calls.ts';
import type { Fixture } from '../fixture.ts';
import type { FeatureGroup, Player } from './group.ts';

/**
 * When something was said, and when it was answered; `until` is null where nobody knows whether it happened. `reply`: what
 * a call was answered in words; null where nobody knows, as of a text.
 */
export type Spoken = { from: number; until: number | null; reply: string | null };

/** The ways in which members of a group reach the engine, each as patient as the real one. */
export type Doors = ReturnType<typeof openDoors>;

/** Longer than any server is away in a fault. */
const PATIENCE_MS = 120_000;
const LONGEST_PAUSE_MS = 2_000;

let lastKey = 0;

export function openDoors({ api, simulator }: Pick<Fixture, 'api' | 'simulator'>, { number }: FeatureGroup) {
  /** Calls until it is done, as an app does. Throws where that takes too long. */
  async function insist(url: string, fields: Record<string, string>): Promise<CallAnswer['body']> {
    for (const end = Date.now() + PATIENCE_MS; ; ) {
      const { status, why, waitMs, body } = await post(api + url, fields);
      if (status === 200) return body;
      if (Date.now() > end)
        throw new Error(`${url} was answered ${status} ${body.error_type ?? ''} ${why} for ${PATIENCE_MS / 1_000} s`);
      await sleep(Math.min(waitMs, LONGEST_PAUSE_MS));
    }
  }

  return {
    insist,
    /** By handset. What was not taken after all tries of the carrier may have happened all the same. */
    async text({ phone }: Player, words: string): Promise<Spoken> {
      const from = Date.now();
      const { status } = await simulator.text({ from: phone, to: number, text: words });
      return { from, until: status === 200 ? Date.now() : null, reply: null };
    },
    /** By app, once; null where it was refused: then nothing has happened. */
    async callOnce({ sid }: Player, words: string): Promise<Spoken | null> {
      const from = Date.now();
      const { status, why, body } = await post(`${api}/message/send`, { sid, number, message: words });
      if (status === 200) return { from, until: Date.now(), reply: String(body.reply ?? '') };
      return status === UNKNOWN || why === 'outcome' ? { from, until: null, reply: null } : null;
    },
    /** By app, again and again under one key: it happens once. */
    async call({ sid }: Player, words: string): Promise<Told> {
      const from = Date.now();
      const key = `feature ${++lastKey}`;
      const body = await insist('/message/send', { sid, number, message: words, idempotency_key: key });
      const { reply = '', message_id: id } = body;
      return { from, until: Date.now(), reply: String(reply), messageId: id === undefined ? null : Number(id) };
    },
  };
}

export type Told = { from: number; until: number; reply: string; messageId: number | null };

/** Reads or changes something in MySQL, which may be away, or have a full disk, for as long as in any fault. */
export async function insistOnMysql<T>(step: () => Promise<T>): Promise<T> {
  for (const end = Date.now() + PATIENCE_MS; ; await sleep(STEP_MS)) {
    try {
      return await step();
    } catch (error) {
      if (Date.now() > end) throw error;
    }
  }
}
const STEP_MS = 500;
