import { calls, type Event } from './calls.ts';
import { authorization, type Connection, UnexpectedAnswer, wait } from './post.ts';

export type EventsFrom = {
  /** Where to go on: of the last event that was seen; `start` is all that is kept, nothing is from now on. */
  cursor?: string | undefined;
  signal?: AbortSignal | undefined;
};

/** `cursor` is where to go on after it. */
export type HeardEvent = { event: Event; cursor: string };

/**
 * Reads the stream of events, and goes on by the last cursor where it ends or breaks off: none is left out, none comes twice. A
 * stream and not an EventSource, which cannot send the token in a header.
 */
export async function* listen(connection: Connection, from: EventsFrom): AsyncGenerator<HeardEvent, void> {
  const { signal } = from;
  let { cursor } = from;
  for (let failed = 0; signal?.aborted !== true; ) {
    try {
      const response = await open(connection, { cursor, signal });
      for await (const { id, data } of partsOf(response)) {
        failed = 0;
        cursor = id ?? cursor;
        if (data !== '' && cursor !== undefined) yield { event: JSON.parse(data), cursor };
      }
    } catch (error) {
      if (signal?.aborted) return;
      if (error instanceof UnexpectedAnswer && error.http < 500) throw error;
    }
    failed++;
    await wait(Math.min(AGAIN_MS * 2 ** failed, LONGEST_MS), signal).catch(() => undefined);
  }
}

const AGAIN_MS = 250;
const LONGEST_MS = 30_000;

async function open(
  { url, token, fetch }: Connection,
  { cursor, signal }: { cursor: string | undefined; signal: AbortSignal | undefined },
): Promise<Response> {
  const last: Record<string, string> = cursor === undefined ? {} : { 'Last-Event-ID': cursor };
  const response = await fetch(`${url}${calls.getEvents.url}`, {
    headers: { Accept: 'text/event-stream', ...authorization(token), ...last },
    signal: signal ?? null,
  });
  if (response.status !== 200) throw new UnexpectedAnswer(response.status, await response.text());
  return response;
}

type Part = { id: string | undefined; data: string };

/** The events of a stream: lines up to an empty one. */
async function* partsOf({ body }: Response): AsyncGenerator<Part, void> {
  if (body === null) return;
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  try {
    for (let read = await reader.read(); !read.done; read = await reader.read()) {
      const parts = `${rest}${read.value}`.split('\n\n');
      rest = parts.pop() ?? '';
      for (const part of parts) yield partOf(part);
    }
  } finally {
    await reader.cancel().catch(() => undefined);
  }
}

function partOf(text: string): Part {
  const lines = text.split('\n');
  const valuesOf = (name: string) =>
    lines.flatMap((line) => (line.startsWith(`${name}:`) ? [line.slice(name.length + 1).trim()] : []));
  return { id: valuesOf('id').at(-1), data: valuesOf('data').join('\n') };
}
