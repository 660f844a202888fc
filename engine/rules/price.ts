import { costOf } from './money.ts';
import { countSegments } from './segments.ts';
import { splitDelivered } from './text.ts';

/** What a delivered text takes for one recipient: its segments, and its cost in pennies. Media go with the first part. */
export function priceOf({ text, media, pricePerSegment, pricePerMms }: Priced): { segments: number; cost: number } {
  const parts = splitDelivered(text).map((part, at) => {
    const { segments } = countSegments(part);
    return { segments, cost: costOf({ segments, media: at === 0 ? media.length : 0, pricePerSegment, pricePerMms }) };
  });
  return {
    segments: parts.reduce((sum, part) => sum + part.segments, 0),
    cost: parts.reduce((sum, part) => sum + part.cost, 0),
  };
}

type Priced = { text: string; media: readonly string[]; pricePerSegment: number; pricePerMms: number };
