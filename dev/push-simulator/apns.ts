import { randomUUID } from 'node:crypto';
import type { Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { jwtVerify } from 'jose';
import type { Desk, FaultKind } from './desk.ts';
import type { Team } from './settings.ts';

/** Apple’s push service as far as it is used: HTTP/2, a token of the team’s, its limits and its errors. */
export function serveApns(server: Http2Server, desk: Desk, team: Team): void {
  server.on('stream', (stream, headers) => {
    let body = '';
    stream.setEncoding('utf8');
    stream.on('error', () => {}); // The client has gone.
    stream.on('data', (some: string) => (body += some));
    stream.on('end', () => void answer(stream, headers, body));
  });

  async function answer(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, body: string): Promise<void> {
    const [, token = ''] = /^\/3\/device\/([^/]+)$/.exec(String(headers[':path'])) ?? [];
    await desk.pass();
    const wrong = await whatIsWrong({ headers, token, body, team });
    const said = wrong ?? meet(decodeURIComponent(token), body, headers);
    await desk.pass();
    if (said === 'silence' || stream.destroyed) return;
    if (said === 'reset') return void stream.session?.destroy();
    const { status, reason } = said;
    stream.respond({ ':status': status, 'apns-id': randomUUID().toUpperCase() });
    stream.end(reason === null ? '' : JSON.stringify({ reason, ...(status === 410 ? { timestamp: Date.now() } : {}) }));
  }

  function meet(token: string, body: string, headers: IncomingHttpHeaders): Said | 'silence' | 'reset' {
    const fault = desk.meet(token);
    if (fault === 'ignore') return 'silence';
    if (fault === 'reset') return 'reset';
    if (fault !== null && fault !== 'hang') return refusals[fault];
    const { aps, ...extra } = JSON.parse(body) as { aps: { alert: { title: string; body: string } } };
    const { title, body: text } = aps.alert;
    desk.take({ service: 'apns', token, title, text, extra, key: String(headers['apns-collapse-id']) });
    return fault === 'hang' ? 'silence' : { status: 200, reason: null };
  }
}

type Said = { status: number; reason: string | null };

const refusals: Record<Exclude<FaultKind, 'hang' | 'ignore' | 'reset'>, Said> = {
  refuse: { status: 500, reason: 'InternalServerError' },
  throttle: { status: 429, reason: 'TooManyRequests' },
  gone: { status: 410, reason: 'Unregistered' },
  malformed: { status: 400, reason: 'BadDeviceToken' },
  unauthorized: { status: 403, reason: 'ExpiredProviderToken' },
};

type Asked = { headers: IncomingHttpHeaders; token: string; body: string; team: Team };

async function whatIsWrong({ headers, token, body, team }: Asked): Promise<Said | null> {
  if (headers[':method'] !== 'POST') return { status: 405, reason: 'MethodNotAllowed' };
  if (token === '') return { status: 404, reason: 'BadPath' };
  const { authorization = '' } = headers;
  if (!(await isSigned(/^bearer (.+)$/i.exec(authorization)?.[1] ?? '', team)))
    return { status: 403, reason: 'InvalidProviderToken' };
  if (headers['apns-topic'] !== team.topic) return { status: 400, reason: 'TopicDisallowed' };
  if (headers['apns-push-type'] !== 'alert') return { status: 400, reason: 'InvalidPushType' };
  if (Buffer.byteLength(String(headers['apns-collapse-id'] ?? '')) > 64)
    return { status: 400, reason: 'BadCollapseId' };
  if (body === '') return { status: 400, reason: 'PayloadEmpty' };
  return Buffer.byteLength(body) > 4096 ? { status: 413, reason: 'PayloadTooLarge' } : null;
}

async function isSigned(jwt: string, { key, keyId, teamId }: Team): Promise<boolean> {
  const checks = { algorithms: ['ES256'], issuer: teamId, maxTokenAge: '1h' };
  const read = await jwtVerify(jwt, key, checks).catch(() => null);
  return read?.protectedHeader.kid === keyId;
}
