import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { headers, routes } from '../support/heavy-requests.ts';
import type { Found, Question } from '../support/heavy-requests-process.ts';

/** `npm run test:fuzz` sets FUZZ_REQUESTS to 10,000 and measures CPU; FUZZ_SEED=… repeats a run. */
const long = process.env.FUZZ_REQUESTS;
const runs = Number(long ?? 200);
const seed = Number(process.env.FUZZ_SEED ?? Math.floor(Math.random() * 2 ** 31));

describe(`${runs} requests as heavy as they can be (FUZZ_SEED=${seed})`, () => {
  it(
    long === undefined
      ? 'take at most ten times as much work where they are four times as long'
      : 'take less than 100 ms of CPU',
    async function () {
      this.timeout(300_000 + runs * 500);
      expect(await ask({ measure: long === undefined ? 'work' : 'cpu', seed, runs })).to.deep.equal({
        made: runs,
        tooHeavy: [],
      });
    },
  );
});

describe('what these requests are made of', () => {
  it('is every route that the API has', () => {
    const written = sourcesIn('api').flatMap((source) => source.match(/(?<=')\/[a-z][\w./-]*(?=')/g) ?? []);
    expect(written).to.include.members(['/stripe/webhook', '/ops', '/healthz', '/docs', '/group/create']);
    const known = routes.map((route) => route.split('?')[0] ?? '');
    expect(written.filter((written) => !known.some((route) => route.startsWith(written)))).to.deep.equal([]);
  });

  it('is every header that is read', () => {
    const sources = ['api', 'engine/carriers', 'engine/payments'].flatMap(sourcesIn);
    const read = sources.flatMap((source) => source.match(/(?<=headers\[')[a-z\d-]+|(?<=ctx\.get\(')[a-z\d-]+/g) ?? []);
    expect(read).to.include.members(['content-type', 'x-forwarded-for', 'x-plivo-signature-v3', 'stripe-signature']);
    const known = headers.map(([name]) => name);
    expect(read.filter((name) => !ANSWERED.has(name) && !known.includes(name))).to.deep.equal([]);
  });
});

/** Headers of a carrier’s answer, which no stranger writes. */
const ANSWERED = new Set(['retry-after']);

function sourcesIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  return files.map((file) => readFileSync(path.join(folder, file), 'utf8'));
}

async function ask(question: Question): Promise<Found> {
  const file = fileURLToPath(new URL('../support/heavy-requests-process.ts', import.meta.url));
  // The count of a pattern's steps is a recursion.
  const measuring = fork(file, { execArgv: ['--stack-size=6000', '--import', 'tsx'] });
  try {
    await once(measuring, 'message');
    measuring.send(question);
    const [found] = (await once(measuring, 'message')) as [Found];
    return found;
  } finally {
    measuring.kill();
  }
}
