import type { Brought } from './inbound.ts';

/** `GET /v1/Account/{id}/Message/`: what handsets said, a page of it; of what we sent nothing is listed. */
export function listMessages(
  brought: readonly Brought[],
  query: URLSearchParams,
  limit: number,
): { status: number; body: object } {
  if (query.get('message_direction') !== 'inbound')
    return { status: 400, body: { error: 'the simulator lists inbound messages alone' } };
  const from = timeIn(query.get('message_time__gte'), 0);
  const until = timeIn(query.get('message_time__lt'), Number.POSITIVE_INFINITY);
  const found = brought.filter(({ at }) => at >= from && at < until).toReversed();
  const offset = Number(query.get('offset') ?? 0);
  const objects = found.slice(offset, offset + limit).map(messageObject);
  return { status: 200, body: { meta: { limit, offset, previous: null, next: null }, objects } };
}

/** `2026-01-31 14:00:00`, UTC. */
function timeIn(written: string | null, otherwise: number): number {
  return written === null ? otherwise : Date.parse(`${written.replace(' ', 'T')}Z`);
}

function messageObject({ uuid, from, to, at }: Brought): object {
  return {
    message_uuid: uuid,
    message_direction: 'inbound',
    message_state: 'received',
    message_type: 'sms',
    message_time: new Date(at).toISOString(),
    from_number: from.slice(1),
    to_number: to.slice(1),
  };
}
