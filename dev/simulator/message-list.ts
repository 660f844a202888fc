import type { Brought } from './inbound.ts';
import type { Text } from './log.ts';

/** `GET /v1/Account/{id}/Message/`: what handsets said, or what we sent, a page of it, the newest first. */
export function listMessages(
  { brought, sent }: { brought: readonly Brought[]; sent: () => readonly Text[] },
  query: URLSearchParams,
  limit: number,
): { status: number; body: object } {
  const direction = query.get('message_direction');
  if (direction !== 'inbound' && direction !== 'outbound')
    return { status: 400, body: { error: 'the simulator lists one direction at a time' } };
  const from = timeIn(query.get('message_time__gte'), 0);
  const until = timeIn(query.get('message_time__lt'), Number.POSITIVE_INFINITY);
  const all: readonly Listed[] = direction === 'inbound' ? brought : sent();
  const found = all.filter(({ at }) => at >= from && at < until).toReversed();
  const offset = Number(query.get('offset') ?? 0);
  const objects = found.slice(offset, offset + limit).map((one) => messageObject(direction, one));
  return { status: 200, body: { meta: { limit, offset, previous: null, next: null }, objects } };
}
type Listed = Pick<Text, 'uuid' | 'from' | 'to' | 'at'>;

/** `2026-01-31 14:00:00`, UTC. */
function timeIn(written: string | null, otherwise: number): number {
  return written === null ? otherwise : Date.parse(`${written.replace(' ', 'T')}Z`);
}

function messageObject(direction: 'inbound' | 'outbound', { uuid, from, to, at }: Listed): object {
  return {
    message_uuid: uuid,
    message_direction: direction,
    message_state: direction === 'inbound' ? 'received' : 'sent',
    message_type: 'sms',
    message_time: new Date(at).toISOString(),
    from_number: from.replace('+', ''),
    to_number: to.replace('+', ''),
  };
}
