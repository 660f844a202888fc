import colours from 'picocolors';

const paints = [colours.cyan, colours.magenta, colours.green, colours.blue, colours.yellow];
const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const fromHere = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'err']);

/**
 * A calm screen for many processes: each line under its process's name, a log record in a short form, and only
 * warnings and worse unless everything is asked for. Answers the function that takes a line.
 */
export function openScreen({ verbose, write }: { verbose: boolean; write: (text: string) => void }) {
  const names: string[] = [];

  return (name: string, line: string): void => {
    if (!names.includes(name)) names.push(name);
    const paint = paints[names.indexOf(name) % paints.length] ?? String;
    const said = describe(line, verbose);
    if (said !== undefined) write(`${paint(`${name.padEnd(10)}|`)} ${said}\n`);
  };
}

/** Undefined for a record that nobody asked to see. What is no record is always shown. */
function describe(line: string, verbose: boolean): string | undefined {
  const record = parse(line);
  if (record === undefined) return line.trim() === '' ? undefined : line;
  const { level, time, msg, err } = record;
  if (Number(level) < 40 && !verbose) return undefined;
  const word = levels[Number(level)] ?? String(level);
  const facts = Object.entries(record)
    .filter(([key]) => !fromHere.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const reason = verbose ? err?.stack : err?.message;
  return [
    colours.dim(clock),
    Number(level) >= 50 ? colours.red(word) : Number(level) >= 40 ? colours.yellow(word) : word,
    msg ?? '',
    colours.dim(facts.join(' ')),
    ...(reason === undefined ? [] : [colours.red(reason)]),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

type LogRecord = {
  level: unknown;
  time: unknown;
  msg?: string;
  err?: { message?: string; stack?: string };
};

function parse(line: string): LogRecord | undefined {
  if (!line.startsWith('{')) return undefined;
  try {
    const record = JSON.parse(line) as LogRecord;
    return typeof record.level === 'number' ? record : undefined;
  } catch {
    return undefined;
  }
}
