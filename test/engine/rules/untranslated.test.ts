import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';

const root = path.join(import.meta.dirname, '..', '..', '..');
const files = readdirSync(path.join(root, 'engine'), { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') && !name.includes(`languages${path.sep}`))
  .map((name) => ({ name, code: uncommented(readFileSync(path.join(root, 'engine', name), 'utf8')) }));
const translated = readFileSync(path.join(root, 'engine', 'rules', 'languages', 'index.ts'), 'utf8');

/** What a person is texted, where it stands in the code and in no table. */
const loose = /\b(?:answer|explain)\(\s*['"`]|\btext:\s*['"`]\p{Lu}/gu;
/** Examples for those who register a campaign: what members write. */
const examples: readonly string[] = [path.join('rules', 'campaign.ts')];

describe('what people are texted', () => {
  it('stands in tables that are translated, each of them', () => {
    const tables = files.flatMap(({ code }) =>
      [...code.matchAll(/^export const (\w+) = (?:wording|prose)\(/gm)].map(([, name = '']) => name),
    );
    expect(tables.length).to.be.at.least(20);
    const known = [...translated.matchAll(/^ {2}say\((\w+), /gm)].map(([, name = '']) => name);
    expect(tables).to.have.members(known);
  });

  it('stands nowhere else', () => {
    const found = files.filter(({ code }) => code.match(loose) !== null).map(({ name }) => name);
    expect(found).to.deep.equal(examples);
    expect("return answer('Hello');".match(loose)).not.to.equal(null);
    expect("{ kind: 'hint', text: `Hello` }".match(loose)).not.to.equal(null);
  });
});

function uncommented(code: string): string {
  return code.replace(/^\s*(?:\/?\*|\/\/).*$/gm, '');
}
