import TinyQueue from 'tinyqueue';

/** A message on its way to a group through its number; `at` in milliseconds. */
export type Said = { at: number; number: number; group: number; recipients: number };
/** Milliseconds that a text keeps its number, and the account at the carrier; 0 where that has no limit. */
export type Gaps = { numberMs: number; accountMs: number };

/**
 * When the last recipient of each message gets it, in milliseconds, where nothing but the carrier's limits keeps texts waiting:
 * a model of the fair queue without its servers. A number sends one text at a time. The groups that wait for it take turns of a
 * text each, a group's messages go one after the other, and the numbers share the account's moments in the order in which they ask.
 * Costs by texts, not by numbers. `messages` come in the order of `at`.
 */
export function lastRecipients(messages: readonly Said[], { numberMs, accountMs }: Gaps): number[] {
  const ends = messages.map(({ at }) => at);
  const lines = new Map<number, Line>();
  const events = new TinyQueue<Event>([], (a, b) => a.at - b.at || a.order - b.order);
  let order = 0;
  let accountFreeAt = Number.NEGATIVE_INFINITY;
  let next = 0;

  function accept(index: number, { at, number, group, recipients }: Said): void {
    const line = lines.get(number) ?? { freeAt: Number.NEGATIVE_INFINITY, asks: false, groups: [] };
    lines.set(number, line);
    const waiting = line.groups.find((one) => one.group === group);
    if (waiting === undefined) line.groups.push({ group, messages: [{ index, left: recipients }] });
    else waiting.messages.push({ index, left: recipients });
    ask(line, at);
  }

  /** A number has one text at a time among those that ask for a moment. */
  function ask(line: Line, at: number): void {
    if (line.asks || line.groups.length === 0) return;
    line.asks = true;
    events.push({ at: Math.max(at, line.freeAt), order: order++, line });
  }

  function send(line: Line, at: number): void {
    line.asks = false;
    const [turn] = line.groups.splice(0, 1);
    const [message] = turn?.messages ?? [];
    if (turn === undefined || message === undefined) return;
    const sentAt = Math.max(at, accountFreeAt);
    if (accountMs > 0) accountFreeAt = sentAt + accountMs;
    line.freeAt = sentAt + numberMs;
    ends[message.index] = sentAt;
    if (--message.left === 0) turn.messages.shift();
    if (turn.messages.length > 0) line.groups.push(turn);
    ask(line, sentAt);
  }

  for (;;) {
    const said = messages[next];
    const due = events.peek();
    if (said !== undefined && (due === undefined || said.at <= due.at)) {
      if (said.recipients > 0) accept(next, said);
      next++;
    } else if (due !== undefined) {
      events.pop();
      send(due.line, due.at);
    } else return ends;
  }
}

/** `groups`: those that wait, the next in turn first; `asks`: its next text is among the events. */
type Line = {
  freeAt: number;
  asks: boolean;
  groups: { group: number; messages: { index: number; left: number }[] }[];
};
type Event = { at: number; order: number; line: Line };
