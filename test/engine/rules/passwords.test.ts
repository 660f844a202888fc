import { expect } from 'chai';
import { isWeakPassword } from '../../../engine/rules/passwords.ts';

describe('a password', () => {
  for (const password of [
    ...['1', 'Tr0mb1n', '000000', '00000000', 'aaaaaaaa', 'password', 'PassWord123', '1q2w3e4r', '12345678'],
    ...['+1 (444) 555-0001', '14445550001', 'é'.repeat(7), 'x1'.repeat(101)],
  ]) {
    it(`is not ${password.slice(0, 30)}`, () => expect(isWeakPassword(password)).to.equal(true));
  }
  for (const password of ['Tr0mb1ne', 'correct horse', 'pässwört 1', '😀🎉🎈🎁🥳🎂🍰🧁', 'x1'.repeat(100)]) {
    it(`may be ${password.slice(0, 30)}`, () => expect(isWeakPassword(password)).to.equal(false));
  }
});
