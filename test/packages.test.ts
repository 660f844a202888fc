import { readFileSync } from 'node:fs';
import { expect } from 'chai';

type Locked = { packages: Record<string, { name?: string; integrity?: string; link?: boolean }> };
type Wanted = { dependencies: Record<string, string>; devDependencies: Record<string, string> };
const read = (file: string) => readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');

describe('the packages', () => {
  const { packages } = JSON.parse(read('package-lock.json')) as Locked;
  const { dependencies, devDependencies } = JSON.parse(read('package.json')) as Wanted;

  it('are asked for by exact versions', () => {
    const versions = Object.entries({ ...dependencies, ...devDependencies });
    expect(versions.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).to.deep.equal([]);
  });

  it('have a checksum each, and run nothing when they are installed', () => {
    const others = Object.entries(packages).filter(([place]) => place !== '');
    expect(others.filter(([, { integrity }]) => !/^sha512-/.test(integrity ?? ''))).to.deep.equal([]);
    expect(read('.npmrc')).to.match(/^ignore-scripts=true$/m);
  });

  it('that the carrier’s SDK drags in have the kept fork in place of one that nobody keeps', () => {
    const named = Object.entries(packages).filter(([place]) => place.endsWith('/request'));
    expect(named.map(([, { name }]) => name)).to.deep.equal(['@cypress/request']);
  });
});
