/**
 * How far somebody has read: in each of their groups the last message and the last event, which two numbers say all,
 * because a group counts both without gaps under its lock. Nothing is kept of it here, and it lets nobody see more than
 * they may: what it names is looked up anew with each use.
 */
export type Cursor = {
  /** When it was made, in epoch seconds. */
  at: number;
  /** How often the account had run low. */
  low: number;
  /** By membership. */
  places: ReadonlyMap<number, Place>;
  /** Messages whose deliveries still move, and a digest of the counts that were told last; the oldest first. */
  open: readonly OpenMessage[];
};
export type Place = { message: number; event: number };
export type OpenMessage = { membershipId: number; messageId: number; told: number };

/** A text for the client, who hands it back as it is: some bytes a group. */
export function writeCursor({ at, low, places, open }: Cursor): string {
  const numbers = [at, low, places.size];
  let last = 0;
  for (const [membershipId, { message, event }] of [...places].sort(([a], [b]) => a - b)) {
    numbers.push(membershipId - last, message, event);
    last = membershipId;
  }
  for (const { membershipId, messageId, told } of open) numbers.push(membershipId, messageId, told);
  return FORMAT + Buffer.from(numbers.flatMap(bytesOf)).toString('base64url');
}

/** Null for what is no cursor of ours. */
export function readCursor(text: string): Cursor | null {
  if (!text.startsWith(FORMAT) || !/^[\w-]*$/.test(text)) return null;
  const numbers = numbersIn(Buffer.from(text.slice(FORMAT.length), 'base64url'));
  const [at, low, count = 0, ...rest] = numbers ?? [];
  if (at === undefined || low === undefined || (rest.length - 3 * count) % 3 !== 0) return null;
  const triples = inThrees(rest);
  if (triples.length < count) return null;
  const places = new Map<number, Place>();
  let last = 0;
  for (const [step, message, event] of triples.slice(0, count)) {
    last += step;
    places.set(last, { message, event });
  }
  const open = triples.slice(count).map(([membershipId, messageId, told]) => ({ membershipId, messageId, told }));
  return open.length > MOST_OPEN ? null : { at, low, places, open };
}

export function withPlace(cursor: Cursor, membershipId: number, place: Place): Cursor {
  return { ...cursor, places: new Map(cursor.places).set(membershipId, place) };
}

/** Of more messages than are followed at a time, the oldest are followed no longer. */
export function withOpen(cursor: Cursor, { membershipId, messageId, told }: OpenMessage): Cursor {
  const at = cursor.open.findIndex((one) => one.membershipId === membershipId && one.messageId === messageId);
  const one = { membershipId, messageId, told };
  const open = at < 0 ? [...cursor.open, one].slice(-MOST_OPEN) : cursor.open.with(at, one);
  return { ...cursor, open };
}

export function withoutOpen(cursor: Cursor, gone: (one: OpenMessage) => boolean): Cursor {
  return { ...cursor, open: cursor.open.filter((one) => !gone(one)) };
}

/** A later format gets another letter. */
const FORMAT = 'a';
const MOST_OPEN = 50;

/** Seven bits a byte, the lowest first; the eighth says that there are more. */
function bytesOf(number: number): number[] {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  bytes.push(rest);
  return bytes;
}

/** Null where a number breaks off or is larger than any that we write. */
function numbersIn(bytes: Buffer): number[] | null {
  const numbers: number[] = [];
  let number = 0;
  let scale = 1;
  for (const byte of bytes) {
    number += (byte % 128) * scale;
    scale *= 128;
    if (number > Number.MAX_SAFE_INTEGER) return null;
    if (byte >= 128) continue;
    numbers.push(number);
    [number, scale] = [0, 1];
  }
  return scale === 1 ? numbers : null;
}

function inThrees(numbers: readonly number[]): [number, number, number][] {
  return Array.from({ length: Math.floor(numbers.length / 3) }, (_, at) => {
    const [a = 0, b = 0, c = 0] = numbers.slice(3 * at, 3 * at + 3);
    return [a, b, c];
  });
}
