import { expect } from 'chai';
import {
  HASH_OF_NOTHING,
  hashPassword,
  hashPin,
  hashSid,
  isPassword,
  isSame,
  newInviteCode,
  newPin,
  newSid,
} from '../../../engine/people/secrets.ts';
import { fingerprint } from '../../../engine/platform/keyed-hash.ts';

describe('secrets', () => {
  it('are as long as promised and never the same twice', () => {
    const sids = Array.from({ length: 1_000 }, newSid);
    expect(new Set(sids).size).to.equal(1_000);
    for (const sid of sids) expect(sid).to.match(/^[\w-]{43}$/);
    expect(new Set(Array.from({ length: 1_000 }, newInviteCode)).size).to.equal(1_000);
  });

  it('are PINs of six digits, zeros in front included', () => {
    const pins = Array.from({ length: 2_000 }, newPin);
    for (const pin of pins) expect(pin).to.match(/^\d{6}$/);
    expect(pins.some((pin) => pin.startsWith('0'))).to.equal(true);
  });

  it('are hashed by person and key, so that equal PINs do not look equal', () => {
    const hashes = [
      hashPin('token', { personId: 1, pin: '123456' }),
      hashPin('token', { personId: 2, pin: '123456' }),
      hashPin('other', { personId: 1, pin: '123456' }),
      hashPin('token', { personId: 1, pin: '123457' }),
    ];
    expect(new Set(hashes.map(String)).size).to.equal(4);
    expect(isSame(hashPin('token', { personId: 1, pin: '123456' }), hashes[0] ?? Buffer.alloc(0))).to.equal(true);
    expect(hashSid('a')).to.have.length(32);
  });

  it('are compared whatever their lengths', () => {
    expect(isSame(Buffer.alloc(3), Buffer.alloc(4))).to.equal(false);
  });

  it('leave no phone in the names that Redis sees', () => {
    expect(fingerprint('token', '+14445556666')).to.match(/^[\w-]{22}$/);
    expect(fingerprint('token', '+14445556666')).not.to.equal(fingerprint('other', '+14445556666'));
  });

  it('tell a password from another, and nobody’s from any', async () => {
    const hash = await hashPassword('correct horse');
    expect(await isPassword('correct horse', hash)).to.equal(true);
    expect(await isPassword('correct  horse', hash)).to.equal(false);
    expect(await isPassword('', null)).to.equal(false);
  });

  it('cost as much to look up for nobody as for somebody', async () => {
    const costOf = (hash: string) => hash.split('$').slice(1, 4);
    expect(costOf(HASH_OF_NOTHING)).to.deep.equal(costOf(await hashPassword('x')));
  });
});
