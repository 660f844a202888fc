import type { Session } from '../../people/sessions.ts';
import { warnRarely } from '../../platform/rarely.ts';
import type { Runtime } from '../../platform/runtime.ts';
import type { Cursor, OpenMessage } from './cursor.ts';
import { followAgainMs } from './follow.ts';
import type { Progress } from './progress.ts';
import { type Beginning, readEvents, type Step } from './read-events.ts';

/** Somebody who is told of events as they happen. */
export type Listener = {
  session: Session;
  after: Cursor | Beginning;
  /** Takes events, perhaps none, and how far that is; false where it can take no more for the moment. */
  take(steps: readonly Step[], cursor: Cursor): boolean;
  isFull(): boolean;
  /** Is called each second: to show that the line lives, and to let it go where nobody takes anything. */
  beat(): void;
  /** Nothing more comes. */
  end(): void;
};

/**
 * How far a listener was told, and how far their groups were then; null before the first time. `follow`: messages whose
 * deliveries may still move, and when to look at them next.
 */
export type Told = {
  listener: Listener;
  after: Cursor | Beginning;
  progress: Progress | null;
  isReading: boolean;
  isGone: boolean;
  follow: { open: readonly OpenMessage[]; next: number; since: number } | null;
};

export function begin(after: Cursor | Beginning): Omit<Told, 'listener'> {
  return { after, progress: null, isReading: false, isGone: false, follow: null };
}

/** Reads for those for whom something has happened, some at a time, in the order in which that was seen. */
export type Telling = {
  wake(one: Told): void;
  /** Again for those who could take no more before. */
  goOn(): void;
  forget(one: Told): void;
};

export function openTelling(runtime: Runtime): Telling {
  const waiting = new Set<Told>();
  const pass = openGate(TOLD_AT_ONCE);
  let reading = 0;

  function goOn(): void {
    for (const one of waiting) {
      if (reading >= READS_AT_ONCE) return;
      if (one.isReading || one.listener.isFull()) continue;
      waiting.delete(one);
      reading += 1;
      one.isReading = true;
      void tell(runtime, one, pass).then((more) => {
        reading -= 1;
        one.isReading = false;
        if (more && !one.isGone) waiting.add(one);
        goOn();
      });
    }
  }
  return {
    wake(one) {
      if (one.isGone) return;
      waiting.add(one);
      goOn();
    },
    goOn,
    forget(one) {
      one.isGone = true;
      waiting.delete(one);
    },
  };
}

/** They share their statements. */
const READS_AT_ONCE = 50;
/** Of those whose statements are answered at once: what they are told is a millisecond of this process, in which nobody else is served. */
const TOLD_AT_ONCE = 8;

/** Lets so many through between one look of Node for what else there is to do and the next. */
function openGate(atOnce: number): () => Promise<void> {
  let passed = 0;
  let next: Promise<void> | null = null;
  return async () => {
    while (passed >= atOnce) {
      next ??= new Promise((resolve) => {
        setImmediate(() => {
          passed = 0;
          next = null;
          resolve();
        });
      });
      await next;
    }
    passed += 1;
  };
}

/** Returns whether there is more, or it has to be tried again. */
async function tell(runtime: Runtime, one: Told, pass: () => Promise<void>): Promise<boolean> {
  try {
    const { session } = one.listener;
    const { steps, cursor, progress, more } = await readEvents(runtime, session, { after: one.after, limit: PAGE });
    await pass();
    if (one.isGone) return false;
    one.listener.take(steps, cursor);
    one.after = cursor;
    one.progress = progress;
    const now = performance.now();
    one.follow = cursor.open.length === 0 ? null : { open: cursor.open, since: now, next: now + followAgainMs(0) };
    return more;
  } catch (err) {
    warnRarely(runtime.log, { err }, 'a listener could not be told for the moment');
    await new Promise((resolve) => setTimeout(resolve, AGAIN_MS).unref());
    return true;
  }
}

const PAGE = 100;
const AGAIN_MS = 500;
