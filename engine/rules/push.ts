import { wholeCharacters } from './segments.ts';
import { words } from './words.ts';

/** What an app is told of a message. The sender is a name, or the phone where there is none. */
export type Push = {
  group: { name: string; number: string };
  sender: string;
  messageId: number;
  /** As it is delivered: `NAME: text`, cut where it is too long for an alert; the app reads the rest. */
  text: string;
  /** Addresses of pictures and the like, as many as there is room for. */
  media: string[];
};

/** Apple and Google take 4,096 bytes; this leaves more than is needed for names, numbers and what is around them. */
const TEXT_BYTES = 2_000;
const MEDIA_BYTES = 1_200;

export function toPush({ text, media, ...about }: Omit<Push, 'media'> & { media: readonly string[] }): Push {
  return {
    ...about,
    text: [...(text === '' ? [] : [cut(text)]), ...attachments(media)].join('\n'),
    media: fitting(media),
  };
}

function attachments(media: readonly string[]): string[] {
  if (media.length === 0) return [];
  return [`[${words().attachments(media.length)}]`];
}

/** The text, or as much of it as there is room for with an ellipsis, no character torn. */
function cut(text: string): string {
  if (bytesOf(text) <= TEXT_BYTES) return text;
  let end = Math.min(text.length, TEXT_BYTES);
  while (end > 0 && bytesOf(text.slice(0, end)) > TEXT_BYTES - bytesOf('…')) {
    end -= Math.max(1, Math.floor((bytesOf(text.slice(0, end)) - TEXT_BYTES) / 4));
  }
  return `${text.slice(0, wholeCharacters(text, 0, end)).trimEnd()}…`;
}

function fitting(media: readonly string[]): string[] {
  let room = MEDIA_BYTES;
  return media.filter((address) => {
    const bytes = bytesOf(address);
    if (bytes > room) return false;
    room -= bytes;
    return true;
  });
}

/** As it stands in JSON, where a line break or a quotation mark takes two. */
function bytesOf(text: string): number {
  return Buffer.byteLength(JSON.stringify(text));
}
