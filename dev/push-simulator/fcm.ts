import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { jwtVerify } from 'jose';
import type { Desk, Fault, FaultKind } from './desk.ts';
import type { Project } from './settings.ts';

/** Google’s push service as far as it is used: the exchange of a signed assertion for an access token, and sending. */
export function serveFcm(server: Server, desk: Desk, project: Project): void {
  const accessTokens = new Set<string>();

  async function reply(request: IncomingMessage, body: string): Promise<Reply | 'silence' | 'reset'> {
    if (request.method !== 'POST') return refused(405, 'METHOD_NOT_ALLOWED');
    if (request.url === '/token') return exchange(new URLSearchParams(body));
    if (request.url === `/v1/projects/${project.id}/messages:send`) return send(request, body);
    if (request.url !== '/faults') return refused(404, 'NOT_FOUND_HERE');
    desk.fault(JSON.parse(body) as Fault);
    return { status: 200, body: {} };
  }

  async function exchange(form: URLSearchParams): Promise<Reply> {
    const checks = { algorithms: ['RS256'], issuer: project.email, audience: project.tokenUri };
    const read = await jwtVerify(form.get('assertion') ?? '', project.key, checks).catch(() => null);
    const isRight =
      form.get('grant_type') === 'urn:ietf:params:oauth:grant-type:jwt-bearer' &&
      read?.payload.scope === 'https://www.googleapis.com/auth/firebase.messaging';
    if (!isRight) return { status: 400, body: { error: 'invalid_grant' } };
    const token = `ya29.${randomBytes(24).toString('base64url')}`;
    accessTokens.add(token);
    return { status: 200, body: { access_token: token, expires_in: 3599, token_type: 'Bearer' } };
  }

  function send({ headers }: IncomingMessage, body: string): Reply | 'silence' | 'reset' {
    const [, access = ''] = /^Bearer (.+)$/.exec(headers.authorization ?? '') ?? [];
    if (!accessTokens.has(access)) return refused(401, 'UNAUTHENTICATED');
    const { message } = JSON.parse(body) as { message: Message };
    const { token, notification, data } = message;
    const isRight = typeof token === 'string' && Object.values(data).every((value) => typeof value === 'string');
    if (!isRight || Buffer.byteLength(body) > 4096) return refused(400, 'INVALID_ARGUMENT');
    const fault = desk.meet(token);
    if (fault === 'ignore') return 'silence';
    if (fault === 'reset') return 'reset';
    if (fault !== null && fault !== 'hang') return refusals[fault];
    const { title, body: text } = notification;
    desk.take({ service: 'fcm', token, title, text, extra: data, key: message.android?.notification?.tag ?? '' });
    return fault === 'hang'
      ? 'silence'
      : { status: 200, body: { name: `projects/${project.id}/messages/${randomUUID()}` } };
  }

  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (some: string) => (body += some));
    request.on('end', async () => {
      await desk.pass();
      const said = await reply(request, body).catch((error) => refused(400, String(error)));
      await desk.pass();
      if (said === 'reset') request.socket.resetAndDestroy();
      else if (said !== 'silence')
        response.writeHead(said.status, { 'content-type': 'application/json' }).end(JSON.stringify(said.body));
    });
  });
}

type Reply = { status: number; body: object };
type Message = {
  token: string;
  notification: { title: string; body: string };
  data: Record<string, string>;
  android?: { notification?: { tag?: string } };
};

function refused(code: number, status: string, details: readonly object[] = []): Reply {
  return { status: code, body: { error: { code, status, message: 'Refused.', details } } };
}

const fcmError = { '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError' };
const refusals: Record<Exclude<FaultKind, 'hang' | 'ignore' | 'reset'>, Reply> = {
  refuse: refused(500, 'INTERNAL', [{ ...fcmError, errorCode: 'INTERNAL' }]),
  throttle: refused(429, 'RESOURCE_EXHAUSTED', [{ ...fcmError, errorCode: 'QUOTA_EXCEEDED' }]),
  gone: refused(404, 'NOT_FOUND', [{ ...fcmError, errorCode: 'UNREGISTERED' }]),
  malformed: refused(400, 'INVALID_ARGUMENT', [
    { ...fcmError, errorCode: 'INVALID_ARGUMENT' },
    { '@type': 'type.googleapis.com/google.rpc.BadRequest', fieldViolations: [{ field: 'message.token' }] },
  ]),
  unauthorized: refused(401, 'UNAUTHENTICATED'),
};
