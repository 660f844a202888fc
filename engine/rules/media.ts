/**
 * What an app may send: how much, as Plivo takes it (https://support.plivo.com/hc/en-us/articles/360041855032), and
 * which kinds, told by their first bytes alone. What a client calls a file is not looked at.
 */
export const MOST_MEDIA = 10;
export const MEDIA_BYTES = 2_000_000;
/** Of all media of a message and its text. */
export const MESSAGE_BYTES = 5_000_000;

/** Of one that comes in by MMS: as much as Plivo takes of a whole MMS on the way in. */
export const INBOUND_BYTES = 7_000_000;

type Kind = { ending: string; type: string; is: (bytes: Buffer) => boolean };

const begins = (...first: readonly string[]) => {
  const wanted = first.map((text) => Buffer.from(text, 'latin1'));
  return (bytes: Buffer) => wanted.some((start) => bytes.subarray(0, start.length).equals(start));
};
const holds = (text: string, at: number) => (bytes: Buffer) => bytes.toString('latin1', at, at + text.length) === text;
/** ISO base media, as MP4 and 3GP are: `ftyp` and the brand that it was made by. */
const branded = (brand: RegExp) => (bytes: Buffer) =>
  holds('ftyp', 4)(bytes) && brand.test(bytes.toString('latin1', 8, 12));

/** The first that fits counts. */
export const mediaKinds = [
  { ending: 'jpg', type: 'image/jpeg', is: begins('\xff\xd8\xff') },
  { ending: 'png', type: 'image/png', is: begins('\x89PNG\r\n\x1a\n') },
  { ending: 'gif', type: 'image/gif', is: begins('GIF87a', 'GIF89a') },
  { ending: 'webp', type: 'image/webp', is: (bytes) => begins('RIFF')(bytes) && holds('WEBP', 8)(bytes) },
  { ending: '3gp', type: 'video/3gpp', is: branded(/^3g/) },
  { ending: 'm4a', type: 'audio/mp4', is: branded(/^M4A/) },
  { ending: 'mp4', type: 'video/mp4', is: branded(/^(?:mp4|iso|avc|M4V|MSNV|dash)/) },
  { ending: 'amr', type: 'audio/amr', is: begins('#!AMR') },
  { ending: 'mp3', type: 'audio/mpeg', is: begins('ID3', '\xff\xfb', '\xff\xf3', '\xff\xf2') },
  { ending: 'pdf', type: 'application/pdf', is: begins('%PDF-') },
] as const satisfies readonly Kind[];

export type MediaKind = (typeof mediaKinds)[number];

/** Null where it is none of the kinds that are taken. */
export function kindOfMedia(bytes: Buffer): MediaKind | null {
  return mediaKinds.find(({ is }) => is(bytes)) ?? null;
}

/** The kind of a name in the store; null where it is no such name. */
export function kindOfName(name: string): MediaKind | null {
  const ending = NAME.exec(name)?.[1];
  return mediaKinds.find((kind) => kind.ending === ending) ?? null;
}

/** 128 random bits, and the ending by which carriers and handsets know the kind. */
const NAME = /^[\w-]{22}\.(\w{3,4})$/;

/** What a message holds for media in our store, where it has an address for media of the carrier’s. */
export function mediaReference(name: string): string {
  return `${SCHEME}${name}`;
}

/** Null for an address. */
export function nameInReference(media: string): string | null {
  return media.startsWith(SCHEME) ? media.slice(SCHEME.length) : null;
}

const SCHEME = 'media:';
