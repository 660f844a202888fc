import { countEvents } from '../platform/events.ts';
import { warnRarely } from '../platform/rarely.ts';
import type { Runtime } from '../platform/runtime.ts';

/** Queues committed messages, without waiting: the sweeper finds what could not be queued. */
export function startFanOut(runtime: Runtime, messageIds: readonly number[]): void {
  if (messageIds.length === 0) return;
  countEvents(runtime, { accepted: messageIds.length });
  runtime.queues
    .addFanOut(messageIds)
    .catch((err) =>
      warnRarely(
        runtime.log,
        { err, messages: messageIds },
        'messages were kept but not queued; the sweeper will queue them',
      ),
    );
}
