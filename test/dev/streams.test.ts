import { existsSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';
import { expect } from 'chai';
import { sayDurations } from '../../dev/test/durations.ts';
import { besides } from '../../dev/test/streams.ts';

describe('the streams of npm test', () => {
  it('name files and folders that are there, each once', () => {
    const all = besides.flatMap(({ files }) => files);
    expect(all.filter((file) => !existsSync(file))).to.deep.equal([]);
    expect(
      all.filter((file) =>
        all.some((other) => file.startsWith(`${other}/`) || all.indexOf(file) !== all.lastIndexOf(file)),
      ),
    ).to.deep.equal([]);
  });

  it('are told with what they took, and the 20 slowest files of all, slowest first', () => {
    const files = Object.fromEntries(Array.from({ length: 30 }, (_, at) => [`test/${at}.test.ts`, at * 100]));
    const said = stripVTControlCharacters(
      sayDurations([
        { name: 'all others', ms: 50_000, files },
        { name: 'delivery', ms: 12_500, files: { 'test/slow.test.ts': 12_000 } },
      ]),
    ).split('\n');
    expect(said.slice(0, 5)).to.deep.equal([
      'Streams, side by side:',
      '    50.0 s  all others (30 files; 6.5 s to load them and to end)',
      '    12.5 s  delivery (1 files; 0.5 s to load them and to end)',
      'The 20 slowest files:',
      '    12.0 s  test/slow.test.ts (delivery)',
    ]);
    expect(said[5]).to.equal('     2.9 s  test/29.test.ts (all others)');
    expect(said).to.have.length(4 + 20 + 1);
  });
});
