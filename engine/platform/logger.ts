import { pino } from 'pino';

export type Logger = pino.Logger;

/**
 * The program's log: JSON lines on standard output. Callers log ids, not content; what could still slip in
 * is cut here by name.
 */
export function openLogger(
  { level, process: name }: { level: string; process: string },
  to?: pino.DestinationStream,
): Logger {
  const options: pino.LoggerOptions = {
    level,
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { log: (fields) => withoutSecrets(fields, { but: 'err' }) },
    serializers: { err: (error: Error) => withoutSecrets(pino.stdSerializers.errWithCause(error)) },
    // Of what a child is bound to, which no formatter sees; names alone cost nothing.
    redact: { paths: [...secrets], censor: CUT },
  };
  return to === undefined ? pino(options) : pino(options, to);
}

const secrets = new Set([
  'sid',
  'pin',
  'password',
  'text',
  'message_text',
  'txt',
  'cc_number',
  'token',
  'authorization',
  'phone',
  'number',
  'bindings',
  'sql',
]);
const CUT = '[cut]';
/** What lies deeper is cut whole: nothing of ours does. */
const DEPTH = 8;

/**
 * The same value, or a copy of what holds a secret, however deep; of one field (`but`) others take care. A walk, because pino's
 * own redaction by paths takes three times as long as all else that a line costs: some 30 us of CPU of 40.
 */
function withoutSecrets<T extends object>(fields: T, { depth = DEPTH, but = '' } = {}): T {
  let copy: Record<string, unknown> | undefined;
  for (const [name, value] of Object.entries(fields)) {
    if (name === but) continue;
    const kept = secrets.has(name) ? cut(value) : isWalked(value) ? walked(value, depth - 1) : value;
    if (kept === value) continue;
    copy ??= (Array.isArray(fields) ? [...fields] : { ...fields }) as Record<string, unknown>;
    copy[name] = kept;
  }
  return (copy as T | undefined) ?? fields;
}

const walked = (value: object, depth: number) => (depth === 0 ? CUT : withoutSecrets(value, { depth }));
const cut = (value: unknown) => (value === undefined ? undefined : CUT);

/** Dates, addresses and buffers say by themselves what is printed of them. */
function isWalked(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !('toJSON' in value);
}
