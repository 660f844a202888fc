import colours from 'picocolors';

type Colours = ReturnType<typeof colours.createColors>;

const paints = ['cyan', 'magenta', 'green', 'blue', 'yellow'] as const;
const levels: Record<number, string> = { 10: 'trace', 20: 'debug', 30: 'info', 40: 'warn', 50: 'error', 60: 'fatal' };
const fromHere = new Set(['level', 'time', 'msg', 'pid', 'hostname', 'name', 'err']);

/**
 * A calm screen for many processes: each line under its process's name, a log record in a short form, and only
 * warnings and worse unless everything is asked for. Returns the function that takes a line.
 */
export function openScreen({ verbose, write, coloured = colours.isColorSupported }: Screen) {
  const palette = colours.createColors(coloured);
  const names: string[] = [];

  return (name: string, line: string): void => {
    if (!names.includes(name)) names.push(name);
    const paint = paints[names.indexOf(name) % paints.length] ?? 'cyan';
    const said = describe(line, { verbose, palette });
    if (said !== undefined) write(`${palette[paint](`${name.padEnd(10)}|`)} ${said}\n`);
  };
}

type Screen = { verbose: boolean; write: (text: string) => void; coloured?: boolean };

/** Undefined for a record that nobody asked to see. What is no record is always shown. */
function describe(line: string, { verbose, palette }: { verbose: boolean; palette: Colours }): string | undefined {
  const record = parse(line);
  if (record === undefined) return line.trim() === '' ? undefined : line;
  const { level, time, msg, err } = record;
  if (Number(level) < 40 && !verbose) return undefined;
  const word = levels[Number(level)] ?? String(level);
  const facts = Object.entries(record)
    .filter(([key]) => !fromHere.has(key))
    .map(([key, value]) => `${key}=${typeof value === 'string' ? value : JSON.stringify(value)}`);
  const clock = new Date(time as string | number).toTimeString().slice(0, 8);
  const reason = verbose ? err?.stack : err?.message;
  return [
    palette.dim(clock),
    Number(level) >= 50 ? palette.red(word) : Number(level) >= 40 ? palette.yellow(word) : word,
    ...(msg === undefined || msg === '' ? [] : [msg]),
    ...(facts.length === 0 ? [] : [palette.dim(facts.join(' '))]),
    ...(reason === undefined ? [] : [palette.red(reason)]),
  ].join(' ');
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
