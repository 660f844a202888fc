import type { Taken } from './taken.ts';

type Text = Taken['texts'][number];

/**
 * Gathers what the carrier took of a batch, to be told at once: at its end, or, while the carrier is slow with the
 * others, every now and then. `end` answers when all of it is told, and fails where that did; `whole` says that each of the
 * batch's others has its outcome.
 */
export type Gathering = { add(text: Text): void; end(whole: boolean): Promise<void> };

export function openGathering(tell: (texts: Text[], ends: boolean) => Promise<void>): Gathering {
  let texts: Text[] = [];
  const told: Promise<void>[] = [];
  function tellSome(): void {
    if (texts.length === 0) return;
    const telling = tell(texts, false);
    texts = [];
    // Whether it failed is asked at the end.
    telling.catch(() => undefined);
    told.push(telling);
  }
  const timer = setInterval(tellSome, SLOW_MS);
  return {
    add: (text) => texts.push(text),
    async end(whole) {
      clearInterval(timer);
      if (!whole) tellSome();
      await Promise.all(told);
      if (whole) await tell(texts, true);
    },
  };
}

const SLOW_MS = 250;
