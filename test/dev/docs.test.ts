import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { documentPaths, envExamplePath } from '../../dev/docs.ts';

const SCRIPT = fileURLToPath(new URL('../../dev/docs.ts', import.meta.url));

describe('npm run docs', () => {
  const written = () => Promise.all([...documentPaths, envExamplePath].map(async (path) => (await stat(path)).mtimeMs));

  for (const [argument, code, says] of [
    ['--help', 0, /draws the tables of README\.md/],
    ['--hepl', 2, /"--hepl" is nothing that it takes/],
  ] as const)
    it(`says how it is used with ${argument}, and writes nothing`, async () => {
      const before = await written();
      const said = await new Promise<{ code: number; out: string }>((resolve) => {
        execFile(process.execPath, ['--import', 'tsx', SCRIPT, argument], (error, out) =>
          resolve({ code: Number(error?.code ?? 0), out }),
        );
      });
      expect(said.code).to.equal(code);
      expect(said.out).to.match(says);
      expect(await written()).to.deep.equal(before);
    });
});
