import { expect } from 'chai';
import fc from 'fast-check';
import { validateSignature, validateV3Signature } from 'plivo';
import type { Fields } from '../../../../engine/carriers/plivo/form.ts';
import { isSigned, type SignedWebhook, signV2, signV3 } from '../../../../engine/carriers/plivo/signature.ts';

const authToken = 'ZmFrZS10b2tlbi1vZi1hLXRlc3Q';
const nonce = '05429567804466091622';
const verifying = (acceptV2: boolean) => ({
  verify: (webhook: SignedWebhook) => isSigned(webhook, { authToken, acceptV2 }),
});
const carrier = verifying(false);
const lenient = verifying(true);

type Shape = Pick<SignedWebhook, 'method' | 'url' | 'fields'>;

/** The official SDK sorts the arrays it is given, so it gets its own copy. */
function sdkAccepts({ method, url, fields }: Shape, signature: string, withNonce = nonce): boolean {
  return Boolean(validateV3Signature(method, url, withNonce, authToken, signature, structuredClone(fields)));
}

function weAccept(shape: Shape, signature: string, withNonce = nonce): boolean {
  const headers = { 'x-plivo-signature-v3': signature, 'x-plivo-signature-v3-nonce': withNonce };
  return carrier.verify({ ...shape, headers });
}

const inbound = { From: '14447778888', To: '14445556666', Text: 'Hi all', Type: 'sms', MessageUUID: 'db3ce55a' };
const host = 'https://texts.example';

const shapes: [name: string, url: string, fields: Fields][] = [
  ['a text', `${host}/plivo/message`, inbound],
  [
    'a report, whose address has a query',
    `${host}/plivo/status?d=12-34-1`,
    { MessageUUID: 'db3ce55a', Status: 'sent' },
  ],
  ['nothing posted', `${host}/plivo/message`, {}],
  ['nothing posted, but a query', `${host}/plivo/status?d=12-34-1`, {}],
  ['unicode and emoji', `${host}/plivo/message`, { ...inbound, Text: 'Größe 😀 اهلا\nnew line' }],
  ['a field that came twice', `${host}/plivo/message`, { Text: ['b', 'a'], From: '1' }],
  ['a field whose list is empty', `${host}/plivo/message`, { Text: [], From: '1' }],
  ['an empty value', `${host}/plivo/message`, { ...inbound, MessageIntent: '', PowerpackUUID: '' }],
  ['only an empty value', `${host}/plivo/message`, { MessageIntent: '' }],
  ['a port', 'http://127.0.0.1:3000/plivo/message', inbound],
  ['the default port, written out', 'https://texts.example:443/plivo/message', inbound],
  ['a slash at the end', `${host}/plivo/message/`, inbound],
  ['no path', host, inbound],
  ['no path but a slash', `${host}/`, inbound],
  ['capitals in the host', 'https://Texts.Example/plivo/message', inbound],
  ['dots and several slashes', `${host}/a.b//c.d/e.f.php`, inbound],
  ['a query with escapes', `${host}/plivo/status?d=a%20b%2Fc+d&x=%C3%A4`, { a: '1' }],
  ['a query with bad escapes', `${host}/plivo/status?d=%zz%C3`, { a: '1' }],
  ['a query without values', `${host}/plivo/status?d&e=`, { a: '1' }],
  ['a question mark alone', `${host}/plivo/status?`, { a: '1' }],
  ['a query key that comes twice', `${host}/plivo/status?d=2&d=1&c=3`, { d: '0' }],
  ['unicode in the address', `${host}/plivö/status?d=ä`, { a: 'ä' }],
  ['a fragment', `${host}/plivo/status?d=1#here`, { a: '1' }],
  ['a login in the address', 'https://user@texts.example/plivo/message', inbound],
  [
    'keys that differ in case and length',
    `${host}/plivo/message`,
    { b: '1', B: '2', aa: '3', a: '4', Media10: 'x', Media2: 'y' },
  ],
];

describe("Plivo's signature", () => {
  for (const method of ['POST', 'GET'] as const) {
    for (const [name, url, fields] of shapes) {
      it(`is the one that the official SDK makes: ${method}, ${name}`, () => {
        const shape = { method, url, fields };
        const signature = signV3({ ...shape, nonce, authToken });
        expect(sdkAccepts(shape, signature), 'the SDK').to.equal(true);
        expect(weAccept(shape, signature), 'we').to.equal(true);
      });
    }
  }

  it('agrees with the SDK on any shape, signed or not', () => {
    fc.assert(
      fc.property(anyShape, anyShape, fc.boolean(), anyNonce, (signed, received, same, someNonce) => {
        const arrived = same ? signed : { ...received, url: signed.url };
        const signature = signV3({ ...signed, nonce: someNonce, authToken });
        expect(sdkAccepts(signed, signature, someNonce)).to.equal(true);
        expect(weAccept(arrived, signature, someNonce)).to.equal(sdkAccepts(arrived, signature, someNonce));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves the form that it reads as it was', () => {
    const fields = { Text: ['b', 'a'] };
    signV3({ method: 'POST', url: host, fields, nonce, authToken });
    expect(fields).to.deep.equal({ Text: ['b', 'a'] });
  });

  it('is refused when any byte of it is another', () => {
    const shape: Shape = { method: 'POST', url: `${host}/plivo/message`, fields: inbound };
    const signature = signV3({ ...shape, nonce, authToken });
    for (let at = 0; at < signature.length; at += 1) {
      for (const other of ['A', 'b', '0', '+', ' ', 'é']) {
        const forged = signature.slice(0, at) + other + signature.slice(at + 1);
        if (forged !== signature) expect(weAccept(shape, forged), `byte ${at} as ${other}`).to.equal(false);
      }
    }
    for (const forged of [signature.slice(0, -1), `${signature}=`, signature.toLowerCase(), '=', '']) {
      expect(weAccept(shape, forged), forged).to.equal(false);
    }
  });

  it('is refused for another method, address, form, nonce or token', () => {
    const shape: Shape = { method: 'POST', url: `${host}/plivo/status?d=1-2-1`, fields: inbound };
    const signature = signV3({ ...shape, nonce, authToken });
    const others: [what: string, shape: Shape][] = [
      ['method', { ...shape, method: 'GET' }],
      ['query', { ...shape, url: `${host}/plivo/status?d=1-2-2` }],
      ['path', { ...shape, url: `${host}/plivo/message?d=1-2-1` }],
      ['host', { ...shape, url: 'https://evil.example/plivo/status?d=1-2-1' }],
      ['text', { ...shape, fields: { ...inbound, Text: 'Hi All' } }],
      ['one field more', { ...shape, fields: { ...inbound, Media0: 'https://evil.example/' } }],
    ];
    for (const [what, other] of others) expect(weAccept(other, signature), what).to.equal(false);
    expect(weAccept(shape, signature, '05429567804466091623'), 'nonce').to.equal(false);
    expect(weAccept(shape, signV3({ ...shape, nonce, authToken: 'another' })), 'token').to.equal(false);
  });

  const post: Shape = { method: 'POST', url: `${host}/plivo/message`, fields: inbound };
  const good = signV3({ ...post, nonce, authToken });
  const goodV2 = signV2({ url: post.url, nonce, authToken });
  const v3 = 'x-plivo-signature-v3';
  const v3Nonce = 'x-plivo-signature-v3-nonce';
  const v2 = 'x-plivo-signature-v2';
  const v2Nonce = 'x-plivo-signature-v2-nonce';

  const rows: [name: string, headers: SignedWebhook['headers'], strict: boolean, withV2: boolean][] = [
    ['one good signature', { [v3]: good, [v3Nonce]: nonce }, true, true],
    ['several, one of them good', { [v3]: `AAAA,${good}`, [v3Nonce]: nonce }, true, true],
    ['several with a space after the comma', { [v3]: `AAAA, ${good} ,`, [v3Nonce]: nonce }, true, true],
    ['a header that came twice', { [v3]: ['AAAA', good], [v3Nonce]: nonce }, true, true],
    ["the main account's header", { 'x-plivo-signature-ma-v3': good, [v3Nonce]: nonce }, true, true],
    [
      "a subaccount's V3 beside our main account's",
      { [v3]: 'AAAA', 'x-plivo-signature-ma-v3': good, [v3Nonce]: nonce },
      true,
      true,
    ],
    ['no header at all', {}, false, false],
    ['no nonce', { [v3]: good }, false, false],
    ['an empty nonce', { [v3]: good, [v3Nonce]: '' }, false, false],
    ['two nonces', { [v3]: good, [v3Nonce]: [nonce, nonce] }, false, false],
    ['no signature', { [v3Nonce]: nonce }, false, false],
    ['an empty signature', { [v3]: '', [v3Nonce]: nonce }, false, false],
    ['commas only', { [v3]: ',,,', [v3Nonce]: nonce }, false, false],
    ['an empty list', { [v3]: [], [v3Nonce]: nonce }, false, false],
    ['a headers field that is undefined', { [v3]: undefined, [v3Nonce]: undefined }, false, false],
    ['the V2 signature in the V3 header', { [v3]: goodV2, [v3Nonce]: nonce }, false, false],
    ['V2 alone', { [v2]: goodV2, [v2Nonce]: nonce }, false, true],
    ["V2 of the main account's header", { 'x-plivo-signature-ma-v2': goodV2, [v2Nonce]: nonce }, false, true],
    [
      'V2 beside a V3 that does not match',
      { [v3]: 'AAAA', [v3Nonce]: nonce, [v2]: goodV2, [v2Nonce]: nonce },
      false,
      true,
    ],
    ['a wrong V2', { [v2]: good, [v2Nonce]: nonce }, false, false],
    ['V2 without its nonce', { [v2]: goodV2, [v3Nonce]: nonce }, false, false],
  ];
  for (const [name, headers, strict, withV2] of rows) {
    it(`${strict ? 'accepts' : withV2 ? 'accepts only where V2 is allowed' : 'refuses'} ${name}`, () => {
      expect(carrier.verify({ ...post, headers })).to.equal(strict);
      expect(lenient.verify({ ...post, headers })).to.equal(withV2);
    });
  }

  it('has a V2 that is the one of the official SDK, query and form left out', () => {
    for (const [name, url] of shapes) {
      expect(validateSignature(url, nonce, signV2({ url, nonce, authToken }), authToken), name).to.equal(true);
    }
  });

  it('never throws, whatever comes', () => {
    const odd = { method: 'POST', url: host, headers: { [v3]: good, [v3Nonce]: nonce } };
    fc.assert(
      fc.property(fc.object(), fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (fields, url, header) => {
        const headers = { [v3]: header, [v3Nonce]: header, [v2]: [header], [v2Nonce]: header };
        const webhook = { ...odd, url, fields, headers } as unknown as SignedWebhook;
        expect(lenient.verify(webhook)).to.equal(false);
      }),
    );
    expect(carrier.verify({ ...post, method: 'PUT' as 'POST', headers: odd.headers })).to.equal(false);
  });

  it('accepts nothing while there is no token', () => {
    const headers = { [v3]: signV3({ ...post, nonce, authToken: '' }), [v3Nonce]: nonce };
    expect(isSigned({ ...post, headers }, { authToken: '', acceptV2: true })).to.equal(false);
  });
});

const word = fc.string({ unit: fc.constantFrom(...'abcdXYZ0189-._~%+=ä😀'), minLength: 0, maxLength: 6 });
const anyNonce = fc.string({ unit: fc.constantFrom(...'0123456789abcdef-'), minLength: 1, maxLength: 24 });
const anyUrl = fc
  .record({
    scheme: fc.constantFrom('http', 'https'),
    host: fc.constantFrom('texts.example', '127.0.0.1', 'localhost', 'A.B-c.example'),
    port: fc.constantFrom('', ':80', ':443', ':3000'),
    path: fc.array(word, { maxLength: 4 }).map((words) => words.map((one) => `/${one}`).join('')),
    query: fc.option(fc.array(fc.tuple(word, fc.option(word)), { maxLength: 4 })),
  })
  .map(({ scheme, host: name, port, path, query }) => {
    const pairs = query?.map(([key, value]) => (value === null ? key : `${key}=${value}`)).join('&');
    return `${scheme}://${name}${port}${path}${pairs === undefined ? '' : `?${pairs}`}`;
  });
const anyValue = fc.oneof(fc.string({ unit: 'grapheme' }), fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 3 }));
// The SDK throws at a parameter called toString or the like.
const anyKey = fc.string({ unit: 'grapheme-ascii', minLength: 1, maxLength: 8 }).filter((key) => !(key in {}));
const anyFields = fc.dictionary(anyKey, anyValue, { noNullPrototype: true, maxKeys: 6 });
const anyShape = fc.record({
  method: fc.constantFrom('GET' as const, 'POST' as const),
  url: anyUrl,
  fields: anyFields,
});
