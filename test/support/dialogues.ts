import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** A dialogue as its file tells it; see test/dialogues/README.txt. */
export type Dialogue = { file: string; line: number; title: string; steps: Step[] };

export type Step = { line: number } & (
  | { kind: 'group'; name: string; people: string[]; as: GroupKind[] }
  | { kind: 'set'; group: string; setting: string; value: string }
  | {
      kind: 'text';
      times: number;
      by: 'sms' | 'app';
      who: string;
      to: string;
      pictures: number;
      text: string;
      looked: boolean;
    }
  | { kind: 'later'; ms: number }
  | { kind: 'arrives'; who: string; from: string | null; pictures: number; text: string }
  | { kind: 'nobody' }
);
export type GroupKind =
  | 'replies to the owner'
  | 'staged'
  | 'suspended'
  | 'deleted'
  | 'roster closed'
  | 'adding closed'
  | 'toll-free';

/** Every dialogue of a folder, file by file. */
export function readDialogues(folder: string): Dialogue[] {
  const files = readdirSync(folder).filter((name) => name.endsWith('.txt') && name !== 'README.txt');
  return files.sort().flatMap((file) => parseDialogues(readFileSync(path.join(folder, file), 'utf8'), file));
}

/** The dialogues of one file’s text. Throws where a line is not understood. */
export function parseDialogues(told: string, file: string): Dialogue[] {
  const dialogues: Dialogue[] = [];
  for (const [at, text] of told.split('\n').entries()) {
    const line = at + 1;
    if (/^\s*(#|$)/.test(text)) continue;
    const title = /^== (.+)$/.exec(text)?.[1];
    if (title !== undefined) {
      dialogues.push({ file, line, title, steps: [] });
      continue;
    }
    const dialogue = dialogues.at(-1);
    if (dialogue === undefined) throw new Error(`${file}:${line}: a dialogue begins with ==`);
    const step = readStep(text.trim());
    if (step === null) throw new Error(`${file}:${line}: not understood: ${text}`);
    dialogue.steps.push({ line, ...step });
  }
  return dialogues;
}

type Bare = Step extends infer S ? (S extends Step ? Omit<S, 'line'> : never) : never;

const name = String.raw`[\p{L}\p{N}]+`;
/** The first row that matches is what the line says. */
const sentences: readonly (readonly [RegExp, (found: Record<string, string | undefined>) => Bare])[] = [
  [
    new RegExp(String.raw`^Group (?<name>${name})(?: \((?<as>[^)]+)\))?: (?<people>.+)$`, 'u'),
    ({ name = '', as, people = '' }) => ({
      kind: 'group',
      name,
      people: people.split(', '),
      as: (as?.split(', ') ?? []) as GroupKind[],
    }),
  ],
  [
    new RegExp(`^(?<group>${name}) has (?<setting>the name|the code) (?<value>.+)$`, 'u'),
    ({ group = '', setting = '', value = '' }) => ({ kind: 'set', group, setting, value }),
  ],
  [
    new RegExp(`^(?<value>${name}) may broadcast in (?<group>${name})$`, 'u'),
    ({ group = '', value = '' }) => ({ kind: 'set', group, setting: 'broadcast', value }),
  ],
  [
    new RegExp(`^(?<group>${name}) is busy$`, 'u'),
    ({ group = '' }) => ({ kind: 'set', group, setting: 'busy', value: '' }),
  ],
  [/^nobody$/u, () => ({ kind: 'nobody' })],
  [
    /^After (?<count>\d+) (?<unit>minute|hour|day)s?:$/u,
    ({ count = '', unit = '' }) => ({ kind: 'later', ms: Number(count) * (units[unit] ?? 0) }),
  ],
  [
    new RegExp(
      String.raw`^(?<quietly>Quietly: )?(?:(?<times>\d+) times: )?(?<who>${name}) (?<by>->|~>) (?<to>${name})(?: \+ (?<pictures>\d+) pictures?)?:(?: (?<text>.*))?$`,
      'u',
    ),
    ({ quietly, times = '1', who = '', by, to = '', pictures = '0', text = '' }) => ({
      kind: 'text',
      times: Number(times),
      by: by === '~>' ? 'app' : 'sms',
      who,
      to,
      pictures: Number(pictures),
      text: text.replaceAll(' / ', '\n'),
      looked: quietly === undefined,
    }),
  ],
  [
    new RegExp(
      String.raw`^(?<who>${name})(?: from (?<from>${name}))?(?: \+ (?<pictures>\d+) pictures?)?: (?<text>.+)$`,
      'u',
    ),
    ({ who = '', from, pictures = '0', text = '' }) => ({
      kind: 'arrives',
      who,
      from: from ?? null,
      pictures: Number(pictures),
      text,
    }),
  ],
];

const units: Readonly<Record<string, number>> = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

function readStep(text: string): Bare | null {
  for (const [sentence, read] of sentences) {
    const found = sentence.exec(text);
    if (found !== null) return read(found.groups ?? {});
  }
  return null;
}
