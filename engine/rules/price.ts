import { costOf } from './money.ts';
import { countSegments } from './segments.ts';
import { splitDelivered } from './text.ts';

type Price = { segments: number; cost: number };

/** What a delivered text takes for one recipient: its segments, and its cost in pennies. */
export function priceOf(priced: Priced): Price {
  const parts = pricesOf(priced);
  return {
    segments: parts.reduce((sum, part) => sum + part.segments, 0),
    cost: parts.reduce((sum, part) => sum + part.cost, 0),
  };
}

/** The same of each part that it goes out in. Media go with the first. */
export function pricesOf({ text, media, pricePerSegment, pricePerMms }: Priced): Price[] {
  return splitDelivered(text).map((part, at) => {
    const { segments } = countSegments(part);
    return { segments, cost: costOf({ segments, media: at === 0 ? media.length : 0, pricePerSegment, pricePerMms }) };
  });
}

type Priced = { text: string; media: readonly string[]; pricePerSegment: number; pricePerMms: number };
