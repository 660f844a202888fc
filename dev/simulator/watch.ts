import type { Text, TextLog } from './log.ts';

/** What to look for; several must all hold. */
export type Match = { to?: string; from?: string; text?: string | RegExp };
export type Wanted = { count?: number; timeoutMs?: number; after?: number };
export type Watch = ReturnType<typeof openWatch>;

/** Waiting for texts to arrive, in place of sleeping. */
export function openWatch(log: TextLog) {
  const looking = new Set<() => void>();
  return {
    noticed(): void {
      for (const look of looking) look();
    },
    /**
     * Resolves to the first `count` (1) texts that match, those that came before included (`after`: only those behind
     * that sequence number); rejects after `timeoutMs` (5,000), saying what did come.
     */
    waitForTexts(match: Match, { count = 1, timeoutMs = 15_000, after = 0 }: Wanted = {}): Promise<Text[]> {
      return new Promise((resolve, reject) => {
        const found: Text[] = [];
        let seen = after;
        const timer = setTimeout(() => {
          looking.delete(look);
          reject(new Error(`${found.length} of ${count} texts came for ${describe(match)} in ${timeoutMs} ms`));
        }, timeoutMs);
        function look(): void {
          let page = log.after(seen);
          for (; page.texts.length > 0; page = log.after(seen)) {
            found.push(...page.texts.filter((text) => fits(text, match)));
            seen = page.next;
          }
          if (found.length < count) return;
          clearTimeout(timer);
          looking.delete(look);
          resolve(found.slice(0, count));
        }
        looking.add(look);
        look();
      });
    },
  };
}

function fits(text: Text, match: Match): boolean {
  if (match.to !== undefined && text.to !== match.to) return false;
  if (match.from !== undefined && text.from !== match.from) return false;
  if (match.text === undefined) return true;
  return typeof match.text === 'string' ? text.text === match.text : match.text.test(text.text);
}

function describe({ to, from, text }: Match): string {
  return [to && `to ${to}`, from && `from ${from}`, text && `saying ${text}`].filter(Boolean).join(' ') || 'anybody';
}
