import type { ServerResponse } from 'node:http';
import { DemoFailed } from './demo-group.ts';
import { readFault } from './fault-rules.ts';
import { faultKinds } from './faults.ts';
import { readNumber } from './send-request.ts';
import type { Simulator } from './types.ts';

type Call = { query: URLSearchParams; body: Record<string, unknown>; res: ServerResponse };
type Route = (simulator: Simulator, call: Call) => unknown;

/** What a person or a test may ask of the simulator over HTTP; the answer is JSON, undefined means it is given. */
export const routes: Record<string, Route> = {
  'GET /stats': (simulator) => simulator.stats(),
  'GET /texts': (simulator, { query }) => {
    const to = query.get('to');
    if (to !== null) return { texts: simulator.textsTo(phoneIn(to), Number(query.get('since') ?? 0)) };
    return simulator.textsAfter(Number(query.get('after') ?? 0), Number(query.get('limit') ?? 5_000));
  },
  'GET /events': (simulator, { query, res }) => {
    simulator.events.attach(res, query.has('handsets') ? 'handsets' : 'all');
    return undefined;
  },

  'GET /handsets': (simulator) => ({ ...simulator.handsets.snapshot(), blocks: simulator.blocks() }),
  'POST /handsets': (simulator, { body }) => {
    const name = textIn(body, 'name').replace(/\s+/g, ' ').trim().slice(0, 30);
    if (name === '') throw new BadCall('name must not be empty');
    const handset = simulator.handsets.add({ name, phone: phoneIn(body.phone) });
    if (!handset) throw new BadCall('there are too many handsets already; remove some first');
    return handset;
  },
  'DELETE /handsets': (simulator, { query }) => {
    simulator.handsets.remove(phoneIn(query.get('phone')));
    return {};
  },
  'POST /handsets/text': (simulator, { body }) => {
    const { media = [] } = body;
    if (!Array.isArray(media)) throw new BadCall('media must be a list of addresses');
    const said = { from: phoneIn(body.from), to: phoneIn(body.to), text: textIn(body, 'text') };
    return simulator.text({ ...said, media: media.map(String) });
  },
  'POST /handsets/call': (simulator, { body }) => simulator.call({ from: phoneIn(body.from), to: phoneIn(body.to) }),
  'POST /handsets/push': (simulator, { body }) => {
    const alert = { from: phoneIn(body.from), to: phoneIn(body.to), text: textIn(body, 'text') };
    return { shown: simulator.handsets.pushed(alert) };
  },
  'POST /media': (simulator, { body }) => {
    const path = simulator.pictures.add({ type: textIn(body, 'type'), base64: textIn(body, 'base64') });
    if (path === undefined) throw new BadCall('type must be image/jpeg, image/png, image/gif or image/webp');
    return { address: simulator.url + path };
  },
  'POST /demo/group': (simulator) => simulator.startDemoGroup(),
  'POST /demo/session': (simulator, { body }) => simulator.startDemoSession(phoneIn(body.phone)),

  'GET /flow': (simulator) => simulator.readFlow(),
  'GET /faults': (simulator) => ({
    faults: simulator.faults(),
    kinds: Object.entries(faultKinds).map(([kind, { stage, help }]) => ({ kind, stage, help })),
  }),
  'POST /faults': (simulator, { body }) => {
    const fault = readFault(body);
    if (typeof fault === 'string') throw new BadCall(fault);
    return simulator.fault(fault);
  },
  'DELETE /faults': (simulator, { query }) => {
    simulator.clearFaults(query.get('kind') ?? undefined);
    return {};
  },
};

export class BadCall extends Error {
  override name = 'BadCall';
}

/** The HTTP status for something that a route threw. */
export function statusOf(error: unknown): number {
  if (error instanceof BadCall) return 400;
  return error instanceof DemoFailed ? 502 : 500;
}

/** Reads a phone as people write it; ten digits are a US number. */
function phoneIn(written: unknown): string {
  const bare = String(written ?? '').replace(/[\s().-]/g, '');
  const phone = readNumber(/^[2-9][0-9]{9}$/.test(bare) ? `+1${bare}` : bare);
  if (phone === undefined) throw new BadCall(`${JSON.stringify(written ?? '')} is no phone number`);
  return phone;
}

function textIn(body: Record<string, unknown>, field: string): string {
  const value = body[field];
  if (typeof value !== 'string') throw new BadCall(`${field} must be a text`);
  return value;
}
