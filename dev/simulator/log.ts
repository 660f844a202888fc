import { closeSync, fdatasync, openSync, write } from 'node:fs';
import { promisify } from 'node:util';

/** A text that the carrier took from the engine: it counts as having reached the handset. Phones are E.164. */
export type Text = {
  seq: number;
  uuid: string;
  from: string;
  to: string;
  text: string;
  url: string;
  media: string[];
  at: number;
  /** How its reports are to come, where that is not by POST. */
  method?: 'GET' | undefined;
  /** Seconds that it may wait in the carrier's queue, and what may be kept of it, where the send said so. */
  expiry?: number | undefined;
  log?: string | undefined;
};
export type TextLog = ReturnType<typeof openLog>;

/**
 * The truth about what was sent: the last `keep` texts in memory (Infinity keeps all), and with a `file` each one as
 * a line of JSON on disk before the engine gets its answer.
 */
export function openLog(options: { keep: number; file?: string }) {
  const file = options.file === undefined ? undefined : openFile(options.file);
  let texts: Text[] = [];
  let next = 1;

  return {
    /** Takes the text in; a promise comes back only where there is a file to wait for. */
    add(text: Omit<Text, 'seq'>): { text: Text; written: Promise<void> | undefined } {
      // field by field: a spread of this many costs several times as much, for every send
      const { uuid, from, to, media, url, at, method, expiry, log } = text;
      const kept: Text = { seq: next++, uuid, from, to, text: text.text, url, media, at, method, expiry, log };
      texts.push(kept);
      // twice the room before old ones go: one copy for many texts, not one for each
      if (texts.length >= options.keep * 2) texts = texts.slice(-options.keep);
      return { text: kept, written: file?.append(JSON.stringify(kept)) };
    },
    all: (): readonly Text[] => texts,
    /** The texts after a sequence number, oldest first; `lost` says that some of them are forgotten already. */
    after(seq: number, limit = 5000): { texts: Text[]; next: number; lost: boolean } {
      const first = texts[0]?.seq ?? next;
      const page = texts.slice(Math.max(0, seq + 1 - first)).slice(0, limit);
      return { texts: page, next: page.at(-1)?.seq ?? Math.max(seq, first - 1), lost: seq + 1 < first };
    },
    to(phone: string, since = 0): Text[] {
      return texts.filter((text) => text.to === phone && text.at >= since);
    },
    count: (): number => next - 1,
    close: async (): Promise<void> => file?.close(),
  };
}

/** Lines that come while the disk is busy share the next write and flush. */
function openFile(path: string) {
  const fd = openSync(path, 'a');
  let waiting: string[] = [];
  let scheduled: Promise<void> | undefined;
  let last: Promise<void> = Promise.resolve();

  async function flush(): Promise<void> {
    scheduled = undefined;
    const lines = waiting;
    waiting = [];
    await writeAsync(fd, `${lines.join('\n')}\n`);
    await fdatasyncAsync(fd);
  }

  return {
    append(line: string): Promise<void> {
      waiting.push(line);
      if (!scheduled) {
        scheduled = last.then(flush);
        last = scheduled;
      }
      return scheduled;
    },
    async close(): Promise<void> {
      await last;
      closeSync(fd);
    },
  };
}

const writeAsync = promisify(write) as (fd: number, line: string) => Promise<unknown>;
const fdatasyncAsync = promisify(fdatasync);
