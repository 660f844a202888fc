import { expect } from 'chai';
import { openLogger } from '../../../engine/platform/logger.ts';

describe('the log', () => {
  const lines: string[] = [];
  const log = openLogger({ level: 'info', process: 'web' }, { write: (line) => void lines.push(line) });
  beforeEach(() => lines.splice(0));
  const last = () => JSON.parse(lines.at(-1) ?? '{}');

  const secrets = {
    ...{ sid: 's3cret', pin: 's3cret', password: 's3cret', text: 's3cret', message_text: 's3cret', txt: 's3cret' },
    ...{ cc_number: 's3cret', token: 's3cret', authorization: 's3cret', phone: 's3cret', number: 's3cret' },
    ...{ bindings: ['s3cret'], sql: 's3cret' },
  };
  const cut = Object.fromEntries(Object.keys(secrets).map((name) => [name, '[cut]']));

  it('has the fields that it is given, as they are', () => {
    const fields = { message: 7, messages: [1, 2], at: new Date(0), deep: { group: 3, none: null } };
    log.info(fields, 'a text was received');
    const { time, ...rest } = last();
    expect(time).to.match(/^\d{4}-.*Z$/);
    expect(rest).to.deep.equal({
      ...{ level: 30, process: 'web', msg: 'a text was received' },
      ...{ ...fields, at: '1970-01-01T00:00:00.000Z' },
    });
  });

  it('has a secret cut by its name, however deep it lies, and leaves the caller’s own value alone', () => {
    const deep = { ...secrets, kept: 1 };
    const fields = { ...secrets, one: { ...deep, two: { ...deep, list: [{ ...deep }, 5] } } };
    log.info(fields, 'said');
    const kept = { ...cut, kept: 1 };
    expect(last()).to.deep.include({ ...cut, one: { ...kept, two: { ...kept, list: [kept, 5] } } });
    expect(fields.one.two.list[0]).to.deep.equal(deep);
    expect(fields.sid).to.equal('s3cret');
  });

  it('has the secrets of errors cut, of their causes, and of errors under other names', () => {
    const error = () => Object.assign(new Error('it failed'), { errno: 1064, sql: 's3cret', bindings: ['s3cret'] });
    log.error(
      { err: Object.assign(new Error('outer', { cause: error() }), { sql: 's3cret' }), other: error() },
      'said',
    );
    expect(lines[0]).not.to.contain('s3cret');
    expect(last().err).to.include({ type: 'Error', message: 'outer', sql: '[cut]' });
    expect(last().err.cause).to.include({ message: 'it failed', errno: 1064, sql: '[cut]', bindings: '[cut]' });
    log.error(error(), 'said');
    expect(last().err).to.include({ message: 'it failed', errno: 1064, sql: '[cut]' });
    expect(last().err.stack).to.contain('logger.test');
    expect(lines.join('')).not.to.contain('s3cret');
  });

  it('has the secrets cut that a child of it is bound to', () => {
    log.child({ request: 'r1', phone: 's3cret' }).info({ of: { token: 's3cret' } }, 'said');
    expect(last()).to.deep.include({ request: 'r1', phone: '[cut]', of: { token: '[cut]' } });
  });

  it('prints no secret that lies deeper than it is looked for', () => {
    let deep: Record<string, unknown> = { pin: 's3cret' };
    for (let at = 0; at < 20; at++) {
      log.info(deep, 'said');
      deep = { deep };
    }
    expect(lines.join('')).not.to.contain('s3cret');
  });

  it('ends with a circle', () => {
    const circle: Record<string, unknown> = { pin: 's3cret' };
    circle.itself = circle;
    log.info({ circle }, 'said');
    expect(last().circle.pin).to.equal('[cut]');
    expect(last().circle.itself.pin).to.equal('[cut]');
  });
});
