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
  const options = {
    level,
    base: { process: name },
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: { paths: secretPaths, censor: '[cut]' },
    serializers: { err: pino.stdSerializers.errWithCause },
  };
  return to === undefined ? pino(options) : pino(options, to);
}

const secrets = [
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
];
const secretPaths = secrets.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]);
