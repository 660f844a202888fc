import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { sendJson } from './answer.ts';

export type NumberApi = ReturnType<typeof openNumberApi>;

/** Plivo's `PhoneNumber/`: offers numbers that nobody has, area code 628, and rents them out. */
export function openNumberApi({ authId, authToken }: { authId: string; authToken: string }) {
  const path = `/v1/Account/${authId}/PhoneNumber/`;
  const authorization = `Basic ${Buffer.from(`${authId}:${authToken}`).toString('base64')}`;
  const bought: Bought[] = [];
  const next = () => `1628555${String(1000 + bought.length)}`;

  function answer(res: ServerResponse, status: number, body: object): void {
    sendJson(res, status, JSON.stringify({ api_id: randomUUID(), ...body }));
  }

  function offer(res: ServerResponse): void {
    const number = { number: next(), type: 'local', country: 'UNITED STATES', sms_enabled: true, voice_enabled: true };
    answer(res, 200, { meta: { limit: 1, offset: 0, total_count: 1 }, objects: [number] });
  }

  function rent(res: ServerResponse, number: string, body: string): void {
    if (number !== next()) {
      answer(res, 404, { error: 'number is not available' });
      return;
    }
    const { app_id: appId = null } = JSON.parse(body || '{}') as { app_id?: string };
    bought.push({ number: `+${number}`, appId });
    answer(res, 201, { message: 'created', numbers: [{ number, status: 'Success' }], status: 'fulfilled' });
  }

  return {
    bought: bought as readonly Bought[],
    /** False for a request that is not about numbers. */
    handle(req: IncomingMessage, body: string, res: ServerResponse): boolean {
      const { pathname } = new URL(req.url ?? '/', 'http://simulator');
      if (!pathname.startsWith(path)) return false;
      const number = pathname.slice(path.length).replace(/\/$/, '');
      if (req.headers.authorization !== authorization) answer(res, 401, { error: 'Could not verify your access.' });
      else if (req.method === 'GET' && number === '') offer(res);
      else if (req.method === 'POST' && number !== '') rent(res, number, body);
      else answer(res, 405, { error: 'method not allowed' });
      return true;
    },
  };
}

type Bought = { number: string; appId: string | null };
