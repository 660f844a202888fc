import { expect } from 'chai';
import { DomainError, unavailable } from '../../../engine/platform/errors.ts';
import { catalogue, type ErrorToken } from '../../../engine/rules/error-catalogue.ts';

describe('the error catalogue', () => {
  const rows = Object.entries(catalogue) as [ErrorToken, { http: number; says: string }][];

  it('answers 200 for a documented token, and another status only for what is outside the document', () => {
    const outside = rows.filter(([, { http }]) => http !== 200);
    for (const [token, { http }] of outside) expect(http, token).to.be.within(400, 599);
    expect(Object.fromEntries(outside.map(([token, { http }]) => [token, http]))).to.include({
      UNAUTHORIZED: 401,
      BAD_REQUEST: 400,
      UNKNOWN_URL: 404,
      METHOD_NOT_ALLOWED: 405,
      TOO_LARGE: 413,
      INTERNAL: 500,
      UNAVAILABLE: 503,
    });
  });

  it('has a sentence for people in every row', () => {
    for (const [token, { says }] of rows) {
      expect(token).to.match(/^[A-Z]+(_[A-Z]+)*$/);
      expect(says, token).to.match(/^[A-Z].{10,120}\.$/);
    }
    expect(new Set(rows.map(([, { says }]) => says)).size).to.equal(rows.length);
  });

  it('a refusal carries its token, what it is about, when to come again, and its cause', () => {
    const cause = new Error('down');
    const refusal = new DomainError('DUP_NUMBER', { subtype: '+14445556666', retryAfter: 3, cause });
    expect(refusal).to.include({
      token: 'DUP_NUMBER',
      subtype: '+14445556666',
      retryAfter: 3,
      cause,
      name: 'DomainError',
    });
    expect(refusal).to.be.instanceOf(Error);
    expect(new DomainError('NOT_OWNER'))
      .to.include({ subtype: undefined, retryAfter: undefined })
      .and.not.have.property('cause');
  });

  it('what is unavailable is named, with a time after which another try makes sense', () => {
    expect(unavailable('redis')).to.include({ token: 'UNAVAILABLE', subtype: 'redis', retryAfter: 5 });
  });
});
