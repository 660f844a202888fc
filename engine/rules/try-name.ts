/** One try to send one part of a message to one person. `attempt` counts from 1. */
export type TryOf = { messageId: number; personId: number; part: number; attempt: number };

/** The name of a try, in job ids and in the report address. No colon and no plain number: Bull reads both otherwise. */
export function tryName({ messageId, personId, part, attempt }: TryOf): string {
  return `${messageId}-${personId}-${part}-${attempt}`;
}

/** Returns the try that a name stands for, or null for anything else. */
export function readTryName(name: string): TryOf | null {
  const found = /^(\d{1,15})-(\d{1,15})-(\d{1,3})-(\d{1,5})$/.exec(name);
  if (found === null) return null;
  const [messageId = 0, personId = 0, part = 0, attempt = 0] = found.slice(1).map(Number);
  return { messageId, personId, part, attempt };
}
