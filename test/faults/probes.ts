import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { signV3 } from '../../dev/simulator/signature.ts';
import type { Fixture } from './fixture.ts';

/** What a stranger, an app, the carrier and a load balancer are answered while something is broken. */
export type Probe = 'preview' | 'find' | 'report' | 'readyz';
export type Answered = { probe: Probe; at: number; ms: number; status: number; retryAfter: boolean; body: string };
export type Probes = { answers: readonly Answered[]; stop(): Promise<void> };

const EVERY_MS = 300;

/** Asks again and again, without waiting for answers before it asks the next. */
export function startProbes(fixture: Fixture): Probes {
  const answers: Answered[] = [];
  const underWay = new Set<Promise<void>>();
  let stopped = false;

  async function ask(probe: Probe): Promise<void> {
    const at = Date.now();
    const began = performance.now();
    const answer = await requests[probe](fixture).catch(() => null);
    const body = answer === null ? '' : await answer.text().catch(() => '');
    const ms = performance.now() - began;
    const retryAfter = answer?.headers.has('retry-after') ?? false;
    answers.push({ probe, at, ms, status: answer?.status ?? 0, retryAfter, body });
  }

  async function goOn(): Promise<void> {
    while (!stopped) {
      for (const probe of Object.keys(requests) as Probe[]) {
        const one = ask(probe).finally(() => underWay.delete(one));
        underWay.add(one);
      }
      await sleep(EVERY_MS);
    }
  }
  const going = goOn();
  return {
    answers,
    async stop() {
      stopped = true;
      await going;
      await Promise.all(underWay);
    },
  };
}

const requests: Record<Probe, (fixture: Fixture) => Promise<Response>> = {
  preview({ api, groups: [group] }) {
    const { sid = '', number = '' } = group ?? {};
    return post(`${api}/message/send`, { sid, number, message: 'What would it cost?', preview: '1' });
  },
  // Nobody has these numbers; the same one too often would be throttled.
  find: ({ api }) => post(`${api}/member/find`, { number: `+1312${randomInt(9_000_000, 9_999_999)}` }),
  report({ api, publicUrl, authToken }) {
    const path = '/plivo/status?d=999999999-1-0-1';
    const url = publicUrl + path;
    const params = { MessageUUID: randomUUID(), Status: 'delivered', From: '12025550101', To: '13129999999' };
    const nonce = String(randomInt(1e14));
    return post(api + path, params, {
      'X-Plivo-Signature-V3': signV3({ url, params, token: authToken, nonce }),
      'X-Plivo-Signature-V3-Nonce': nonce,
    });
  },
  readyz: ({ api }) => fetch(`${api}/readyz`, { signal: AbortSignal.timeout(10_000) }),
};

function post(url: string, params: Record<string, string>, headers: Record<string, string> = {}): Promise<Response> {
  const body = new URLSearchParams(params);
  return fetch(url, { method: 'POST', body, headers, signal: AbortSignal.timeout(10_000) });
}
