import { countEvents } from '../platform/events.ts';
import type { Runtime } from '../platform/runtime.ts';

/** Queues messages that were kept. Best effort, and nobody waits for it: what is not queued now, the sweeper finds. */
export function startFanOut(runtime: Runtime, messageIds: readonly number[]): void {
  if (messageIds.length === 0) return;
  countEvents(runtime, { accepted: messageIds.length });
  runtime.queues
    .addFanOut(messageIds)
    .catch((err) =>
      runtime.log.warn({ err, messages: messageIds }, 'messages were kept but not queued; the sweeper will'),
    );
}
