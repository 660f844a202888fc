/**
 * What Plivo takes of pictures and other media, in bytes and pieces. `over` says what becomes of more. The webhook of
 * an inbound MMS does not say how large its media are, so only their count can be looked at before they go on.
 * Source: https://support.plivo.com/hc/en-us/articles/360041855032
 */
export const mediaLimits = {
  count: {
    limit: 10,
    what: 'media in one MMS',
    over: 'the first ten go on; the log says how many were left out',
  },
  each: {
    limit: 2_000_000,
    what: 'bytes of one of them',
    over: 'the carrier fails the text with code 120',
  },
  together: {
    limit: 5_000_000,
    what: 'bytes of all of them and the text, on the way out',
    over: 'the carrier fails the text with code 120; on the way in it takes 7,000,000, so that can happen',
  },
  safe: {
    limit: 600_000,
    what: 'bytes that every network takes; JPEG, PNG and GIF may be larger, since the carrier makes them fit',
    over: 'some phones get the words alone',
  },
} as const satisfies Record<string, { limit: number; what: string; over: string }>;
