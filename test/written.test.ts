import { expect } from 'chai';
import { documented } from './api/documented.ts';
import { answered } from './support/answered.ts';

/** Documented, and never answered: without a sid every call is 401 before anything can be missing. */
const unreachable = new Set(['/member/logout MISSING_FIELDS']);

const urls = Object.keys(documented);
const pairs = Object.entries(documented).flatMap(([url, { errors }]) =>
  errors
    .split(/\s+/)
    .filter((token) => token !== '')
    .map((token) => `${url} ${token.replace('*', '')}`)
    .filter((pair) => !unreachable.has(pair)),
);

/** Runs last: mocha takes the files in the order of their names. */
describe('the API document', () => {
  it('has 28 URLs', () => {
    expect(urls).to.have.length(28);
  });

  // It looks back at the other tests, so it is asked of a whole run alone.
  if (process.env.TEST_SCOPE !== 'whole') return;

  it('has a case for every URL and every error token of it', () => {
    const tried = urls.filter((url) => answered.has(`${url} OK`));
    const shown = pairs.filter((pair) => answered.has(pair));
    console.log(`      ${tried.length} of ${urls.length} URLs, ${shown.length} of ${pairs.length} (URL, error) pairs`);
    expect(urls.filter((url) => !tried.includes(url))).to.deep.equal([]);
    expect(pairs.filter((pair) => !shown.includes(pair))).to.deep.equal([]);
  });
});
