import type { Text } from '../../../dev/simulator/log.ts';
import { tryOf } from '../copies.ts';
import type { Reports } from '../reports.ts';
import { isAllowed, sayTwins } from '../verdict.ts';

/** What the carrier brought to members of the features' groups while a fault struck, in the order in which it took it. */
export type Heard = {
  texts: readonly Text[];
  reports: Reports;
  /** MySQL may have forgotten something of this time. */
  isDoubtful(from: number, until: number): boolean;
  /** What was sent in this time MySQL may send again. It does not where it was restored as the guide says. */
  mayComeAgain(from: number, until: number): boolean;
};

/** A text that is for these phones, and how it is known. */
export type Expected = { what: string; is(text: string): boolean; to: readonly string[] };

/** Sentences on whom it did not reach, or more than once, or who is none of them. */
export function findUnheard({ what, is, to }: Expected, heard: Heard): string[] {
  const copies = heard.texts.filter(({ text }) => is(text));
  const missed = to.filter((phone) => !copies.some((one) => one.to === phone));
  const strayed = new Set(copies.map((one) => one.to).filter((phone) => !to.includes(phone)));
  return [
    ...missed.map((phone) => `${what} did not reach ${phone}`),
    ...[...strayed].map((phone) => `${what} reached ${phone}, for whom it was not`),
    ...to.flatMap((phone) => {
      const mine = copies.filter((one) => one.to === phone);
      // Said long before, it may have waited for its slot until a time that MySQL forgot.
      const isForgotten = mine.some(({ at }) => heard.mayComeAgain(at, at));
      return mine.length > 1 && !isForgotten && !isOneDelivery(mine, heard.reports)
        ? [`${what} came more than once: ${sayTwins(mine, heard.reports)}`]
        : [];
    }),
  ];
}

/** Tries of one text, of which each is allowed after the one before: no report on that one got through in time. */
export function isOneDelivery(texts: readonly Text[], reports: Reports): boolean {
  const names = texts.map((text) => {
    const { messageId, personId, part } = tryOf(text) ?? {};
    return `${messageId} ${personId} ${part}`;
  });
  return new Set(names).size === 1 && isAllowed({ texts, saidAt: texts[0]?.at ?? 0 }, reports);
}
