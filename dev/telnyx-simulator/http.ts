import type { IncomingMessage, ServerResponse } from 'node:http';

/** The body as JSON; null where it is none. */
export async function readBody(req: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    return null;
  }
}

export const reply = {
  data(res: ServerResponse, data: unknown): void {
    send(res, 200, { data });
  },
  /** A body of another shape: with pages, or without `data`. */
  whole(res: ServerResponse, body: object): void {
    send(res, 200, body);
  },
  /** https://developers.telnyx.com/docs/messaging/messages/error-codes/index shows the shape. */
  error(res: ServerResponse, status: number, code: string, title: string): void {
    send(res, status, { errors: [{ code, title, detail: title }] });
  },
};

function send(res: ServerResponse, status: number, body: object): void {
  res.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
