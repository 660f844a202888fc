import { expect } from 'chai';
import { newHookSecret, signHook } from '../../../engine/usecases/hooks/signature.ts';

describe('the signature of a webhook', () => {
  it('is that of Standard Webhooks, by the example that its libraries test themselves with', () => {
    const headers = signHook(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'], {
      name: 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      at: new Date(1_614_265_330_000),
      body: '{"test": 2432232314}',
    });
    expect(headers).to.deep.equal({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    });
  });

  it('is made by every secret that is good, so that receivers can change over', () => {
    const secrets = [newHookSecret(), newHookSecret()];
    const { 'webhook-signature': both = '' } = signHook(secrets, { name: 'a', at: new Date(0), body: '{}' });
    const each = secrets.map((one) => signHook([one], { name: 'a', at: new Date(0), body: '{}' })['webhook-signature']);
    expect(both).to.equal(each.join(' '));
    for (const secret of secrets) expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/);
  });
});
