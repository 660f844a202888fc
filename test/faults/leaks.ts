import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import type { Fixture } from './fixture.ts';

/** Secrets lie nowhere, what people say in MySQL alone, and their phones there and in the rosters of Redis. */
const places: readonly { what: string; folder: string; holds: 'nothing' | 'phones' | 'words' }[] = [
  { what: 'the logs', folder: 'logs', holds: 'nothing' },
  { what: 'Redis', folder: 'servers/redis', holds: 'phones' },
  { what: 'MySQL', folder: 'servers', holds: 'words' },
];

/** Whole numbers of members; a part of a longer number or of an id is none. */
const PHONES = /(?<![0-9a-f-])1?312000\d{4}(?![0-9a-f])/;
const WORDS = 'Who comes along?';

/** Sentences on what lies where it should not, in everything that a run has written to the disk. */
export function findLeaks({ folder, groups, authToken, opsPassword }: Fixture): string[] {
  const secrets = [...groups.map(({ sid }) => sid), authToken, opsPassword];
  const leaks: string[] = [];
  for (const { what, folder: place, holds } of places) {
    for (const file of filesIn(path.join(folder, place))) {
      const text = readFileSync(file, 'latin1');
      const name = path.basename(file);
      if (secrets.some((secret) => text.includes(secret))) leaks.push(`${what} hold a sid or a password (${name})`);
      if (holds === 'words') continue;
      if (text.includes(WORDS)) leaks.push(`${what} hold what somebody said (${name})`);
      if (holds === 'phones') continue;
      const phone = PHONES.exec(text);
      if (phone !== null)
        leaks.push(`${what} hold a phone (${name}): ${text.slice(phone.index - 80, phone.index + 20)}`);
    }
  }
  return leaks;
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(folder, name))
    .filter((file) => statSync(file).isFile());
}
