import {
  findTracedGroup,
  readTracedDeliveries,
  readTracedMessage,
  type TracedDelivery,
} from '../db/deliveries/trace.ts';
import { DomainError } from '../engine/platform/errors.ts';
import { mediaAddresses } from '../engine/platform/media-addresses.ts';
import type { Runtime } from '../engine/platform/runtime.ts';
import { readPhone } from '../engine/rules/phone.ts';
import { withinDeadline } from './deadline.ts';
import type { RequestContext } from './step.ts';

/**
 * What became of a message: `?phone=MEMBER&number=GROUP&message_id=N`. The member’s phone and the number that they
 * text name the group, also one that is gone. Times are UTC; `attempts` counts tries at the carrier, and `via` is
 * `push` where the text went, or is to go, to the member’s devices: such a one ends as `sent`.
 */
export async function showTrace(runtime: Runtime, ctx: RequestContext): Promise<void> {
  const found = await withinDeadline(trace(runtime, ctx));
  if (found === null) {
    ctx.status = 404;
    ctx.state.answered = 'NOT_FOUND';
    ctx.body = { status: 'ERROR', error_type: 'NOT_FOUND' };
    return;
  }
  ctx.body = { status: 'OK', ...found };
}

async function trace({ db, config }: Runtime, ctx: RequestContext): Promise<object | null> {
  const phones = { defaultRegion: config.DEFAULT_REGION, allowedCountries: config.ALLOWED_COUNTRIES };
  const phone = readPhone(queried(ctx, 'phone'), phones) ?? refuse('phone');
  const number = readPhone(queried(ctx, 'number'), phones) ?? refuse('number');
  const id = queried(ctx, 'message_id');
  if (!/^\d{1,10}$/.test(id)) refuse('message_id');
  const groupId = await findTracedGroup(db, { phone, number });
  if (groupId === null) return null;
  const message = await readTracedMessage(db, { groupId, messageId: Number(id) });
  if (message === undefined) return null;
  const { rowId, acceptedAt, pending, media, ...said } = message;
  return {
    message: { ...said, media: mediaAddresses(config, media), accepted_at: acceptedAt, waiting: pending !== null },
    deliveries: (await readTracedDeliveries(db, rowId)).map(describeDelivery),
  };
}

function describeDelivery(delivery: TracedDelivery): object {
  const { phone, number, part, state, via, attempts, reason } = delivery;
  return {
    phone,
    state,
    via,
    attempts,
    error_code: delivery.errorCode,
    reason,
    number,
    part,
    carrier_id: delivery.carrierId,
    created_at: delivery.createdAt,
    queued_at: delivery.queuedAt,
    due_at: delivery.dueAt,
    sent_at: delivery.sentAt,
    ended_at: delivery.endedAt,
  };
}

function queried({ query }: RequestContext, name: string): string {
  const value = query[name];
  return typeof value === 'string' ? value.trim() : refuse(name);
}

function refuse(field: string): never {
  throw new DomainError('BAD_REQUEST', { subtype: field });
}
