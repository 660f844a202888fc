import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { makePushSettings } from '../../../dev/push-simulator/settings.ts';
import { configuredNumbers } from '../../../engine/platform/carrier-settings.ts';
import { BadConfig, readConfig } from '../../../engine/platform/config.ts';
import { settings } from '../../../engine/platform/settings.ts';

/** What an operator has to set: these and one carrier; everything else has a default. */
const always = {
  MYSQL_URL: 'mysql://user:secret@127.0.0.1:3306/texting',
  REDIS_URL: 'redis://127.0.0.1:6379',
  PUBLIC_URL: 'https://texting.example',
  SERVICE_NUMBER: '+12015550100',
};
const plivo = { PLIVO_AUTH_ID: 'MAXXXXXXXXXXXXXXXXXX', PLIVO_AUTH_TOKEN: 'a token' };
const telnyx = { TELNYX_API_KEY: 'KEY', TELNYX_PUBLIC_KEY: `${'A'.repeat(43)}=` };
const needed = { ...always, ...plivo };

describe('the settings', () => {
  it('are complete with the four that have no default and a carrier', () => {
    const missing = Object.entries(settings).filter(([, row]) => !('default' in row));
    expect(missing.map(([name]) => name).sort()).to.deep.equal(Object.keys(always).sort());
    expect(() => readConfig(needed)).not.to.throw();
    expect(() => readConfig({ ...always, ...telnyx, APP_SECRET: 'ours' })).not.to.throw();
  });

  it('may each stand in a file that NAME_FILE names', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'group-texting-settings-'));
    const file = path.join(folder, 'secret');
    writeFileSync(file, 'kept elsewhere\n');
    const { PLIVO_AUTH_TOKEN: _, ...others } = needed;
    expect(readConfig({ ...others, PLIVO_AUTH_TOKEN_FILE: file }).PLIVO_AUTH_TOKEN).to.equal('kept elsewhere');
    rmSync(folder, { recursive: true });
  });

  const refused: [what: string, env: Record<string, string>, wrong: string[]][] = [
    ['no carrier', always, ['PLIVO_AUTH_ID is missing', 'PLIVO_AUTH_TOKEN is missing']],
    ['half a carrier', { ...needed, TELNYX_API_KEY: 'KEY' }, ['TELNYX_PUBLIC_KEY is missing']],
    [
      'numbers at a carrier that is not set up',
      { ...needed, TELNYX_NUMBERS: '+12015550101' },
      ['TELNYX_API_KEY is missing', 'TELNYX_PUBLIC_KEY is missing'],
    ],
    ['a main carrier that nobody knows', { ...needed, CARRIER: 'pigeon' }, ['CARRIER must be one of plivo, telnyx']],
    [
      'origins that are addresses',
      { ...needed, CORS_ORIGINS: 'https://app.example/page' },
      ['CORS_ORIGINS must hold origins such as https://app.example, without a path, or *'],
    ],
    ['no secret', { ...always, ...telnyx }, ['APP_SECRET is missing']],
    [
      'a public key that is none',
      { ...needed, ...telnyx, TELNYX_PUBLIC_KEY: 'short' },
      ['TELNYX_PUBLIC_KEY must be the public key of the account: 32 bytes in base64'],
    ],
    [
      'a number at two carriers',
      { ...needed, ...telnyx, TELNYX_NUMBERS: '+12015550101', PLIVO_NUMBERS: '+12015550101' },
      ['a number stands in the lists of two carriers'],
    ],
    [
      'a brand that is too long for our texts',
      { ...needed, BRAND: 'B'.repeat(31), SUPPORT_CONTACT: 's'.repeat(51), TERMS_URL: `https://${'t'.repeat(57)}` },
      [
        'BRAND must have at most 30 characters',
        'SUPPORT_CONTACT must have at most 50 characters',
        'TERMS_URL must have at most 64 characters',
      ],
    ],
    [
      'a brand that makes every text cost double',
      { ...needed, BRAND: 'Группы' },
      ['BRAND must be written in GSM-7 characters, which cost one place in a text'],
    ],
    [
      'terms that are at no address',
      { ...needed, TERMS_URL: 'ask us' },
      ['TERMS_URL must be an address such as http://127.0.0.1:3000'],
    ],
  ];
  for (const [what, env, wrong] of refused) {
    it(`say what is wrong with ${what}`, () => {
      const found = (() => {
        try {
          readConfig(env);
          return [];
        } catch (error) {
          return error instanceof BadConfig ? error.wrong : [];
        }
      })();
      expect(found).to.deep.equal(wrong);
    });
  }

  it('take the Plivo token as the secret of an old set-up, and its own where there is one', () => {
    expect(readConfig(needed).APP_SECRET).to.equal('a token');
    expect(readConfig({ ...needed, APP_SECRET: 'ours' }).APP_SECRET).to.equal('ours');
  });

  it('put every number at its carrier', () => {
    const numbers = {
      NUMBER_POOL: '+12015550101,+12015550102',
      TELNYX_NUMBERS: '+12015550102,+12015550103',
      SERVICE_NUMBER: '+12015550100',
    };
    const placed = (env: Record<string, string>) =>
      Object.fromEntries(
        configuredNumbers(readConfig({ ...needed, ...telnyx, ...numbers, ...env })).map(({ phone, carrier, kind }) => [
          phone,
          `${kind} ${carrier}`,
        ]),
      );
    const pool = { '+12015550102': 'pool telnyx', '+12015550103': 'pool telnyx' };
    expect(placed({})).to.deep.equal({
      ...pool,
      '+12015550101': 'pool plivo',
      '+12015550100': 'service plivo',
    });
    expect(placed({ CARRIER: 'telnyx', PLIVO_NUMBERS: '+12015550100' })).to.deep.equal({
      ...pool,
      '+12015550101': 'pool telnyx',
      '+12015550100': 'service plivo',
    });
  });

  it('default to what the contract says', () => {
    expect(readConfig(needed)).to.deep.include({
      PORT: 3000,
      PLIVO_API_URL: 'https://api.plivo.com',
      PLIVO_ACCEPT_V2: false,
      CARRIER_TIMEOUT_MS: 10_000,
      UNKNOWN_WAIT_SECONDS: 120,
      MAX_ATTEMPTS: 6,
      NUMBER_MPS: 1,
      ACCOUNT_MPS: 5,
      HORIZON_SECONDS: 5,
      QUEUE_DEPTH: 20_000,
      QUEUE_SHARDS: 1,
      NUMBER_POOL: [],
      AUTO_BUY_NUMBERS: false,
      PAIR_REST_DAYS: 30,
      MAX_MEMBERS: 102,
      MAX_PENDING_GROUPS: 3,
      STAGED_TTL_HOURS: 72,
      DEFAULT_REGION: 'US',
      ALLOWED_COUNTRIES: ['US', 'CA'],
      TRIAL_BALANCE: 500,
      PRICE_PER_SEGMENT: 2,
      PRICE_PER_MMS: 5,
      THROTTLE_PER_MINUTE: 30,
      INBOUND_PER_MINUTE: 30,
      LOOP_ANSWERS: 10,
      FIRST_TEXTS_PER_PHONE: 3,
      FIRST_TEXTS_PER_ADDRESS: 30,
      FIRST_TEXTS_PER_MEMBER: 250,
      FIRST_TEXTS_PER_PREFIX: 100,
      FIRST_TEXTS_PER_HOUR: 1000,
      CARD_TRIES_PER_ACCOUNT: 5,
      CARD_TRIES_PER_ADDRESS: 20,
      CARD_TRIES_PER_HOUR: 200,
      TRUST_PROXY: false,
      OPS_PASSWORD: '',
    });
  });

  for (const [name, written, read] of [
    ['PORT', '0', 0],
    ['PORT', ' 8080 ', 8080],
    ['NUMBER_MPS', '0.5', 0.5],
    ['NUMBER_MPS', '0', 0],
    ['STAGED_TTL_HOURS', '0.001', 0.001],
    ['TRUST_PROXY', '1', true],
    ['TRUST_PROXY', '0', false],
    ['TRUST_PROXY', '', false],
    ['MAX_ATTEMPTS', '', 6],
    ['NUMBER_POOL', '+12015550101, +12015550102,', ['+12015550101', '+12015550102']],
    ['ALLOWED_COUNTRIES', 'US, GB', ['US', 'GB']],
    ['OPS_PASSWORD', 'twelve or so', 'twelve or so'],
    ['REDIS_URL', 'rediss://:secret@redis.example:6380/1', 'rediss://:secret@redis.example:6380/1'],
    [
      'REDIS_URL',
      'redis://:secret@one:7000,redis://:secret@two:7001',
      'redis://:secret@one:7000,redis://:secret@two:7001',
    ],
  ] as const) {
    it(`${name}=${JSON.stringify(written)} is read as ${JSON.stringify(read)}`, () => {
      const config: Record<string, unknown> = readConfig({ ...needed, [name]: written });
      expect(config[name]).to.deep.equal(read);
    });
  }

  const wrong: readonly [name: string, written: string | undefined, says: string][] = [
    ['MYSQL_URL', undefined, 'MYSQL_URL is missing'],
    ['REDIS_URL', '', 'REDIS_URL is missing'],
    ['PUBLIC_URL', '   ', 'PUBLIC_URL is missing'],
    ['PLIVO_AUTH_ID', undefined, 'PLIVO_AUTH_ID is missing'],
    ['PLIVO_AUTH_TOKEN', undefined, 'PLIVO_AUTH_TOKEN is missing'],
    ['SERVICE_NUMBER', undefined, 'SERVICE_NUMBER is missing'],
    ['MYSQL_URL', 'localhost', 'MYSQL_URL must be an address'],
    ['REDIS_URL', 'ftp://127.0.0.1', 'REDIS_URL must be an address'],
    ['REDIS_URL', 'redis://one:7000,two:7001', 'REDIS_URL must be an address'],
    ['PUBLIC_URL', 'texting.example', 'PUBLIC_URL must be an address'],
    ['PLIVO_API_URL', 'api.plivo.com', 'PLIVO_API_URL must be an address'],
    ['SMTP_URL', 'mail.example', 'SMTP_URL must be an address such as smtp://'],
    ['SERVICE_NUMBER', '2015550100', 'SERVICE_NUMBER must hold phone numbers'],
    ['NUMBER_POOL', '+12015550101,12', 'NUMBER_POOL must hold phone numbers'],
    ['NUMBER_POOL', '+12015550101,+12015550101', 'NUMBER_POOL must hold phone numbers'],
    ['ALLOWED_COUNTRIES', 'US,Canada', 'ALLOWED_COUNTRIES must hold two-letter country codes'],
    ['ALLOWED_COUNTRIES', ',', 'ALLOWED_COUNTRIES must hold two-letter country codes'],
    ['ALLOWED_COUNTRIES', 'US,XX', 'ALLOWED_COUNTRIES must hold two-letter country codes'],
    ['DEFAULT_REGION', 'XX', 'DEFAULT_REGION must hold two-letter country codes'],
    ['DEFAULT_ZONE', 'Eastern', 'DEFAULT_ZONE must be an IANA time zone such as America/New_York'],
    ['GROUP_HOURS', '8-15', 'GROUP_HOURS must be hours of the day such as 8-21, at least eight of them'],
    ['GROUP_HOURS', '8 to 21', 'GROUP_HOURS must be hours of the day such as 8-21'],
    ['DEFAULT_REGION', 'Utopia', 'DEFAULT_REGION must hold two-letter country codes'],
    ['ACCOUNT_MPS', 'Infinity', 'ACCOUNT_MPS must be number'],
    ['PORT', '0x10', 'PORT must be integer'],
    ['LOG_LEVEL', 'loud', 'LOG_LEVEL must be one of fatal, error'],
    ['REDIS_URL', 'http://127.0.0.1', 'REDIS_URL must be an address such as redis://'],
    ['MYSQL_URL', 'redis://127.0.0.1', 'MYSQL_URL must be an address such as mysql://'],
    ['MYSQL_URL', 'mysql://root@127.0.0.1:3306', 'MYSQL_URL must be an address such as mysql://'],
    ['MYSQL_URL', 'mysql://u:p@host/db?ssl=true', 'MYSQL_URL takes no parameter but ca: for TLS write mysqls://'],
    [
      'MYSQL_URL',
      'mysql://u:p@host/db?ssl-mode=REQUIRED',
      'MYSQL_URL takes no parameter but ca: for TLS write mysqls://',
    ],
    ['MYSQL_URL', 'mysqls://u:p@host/db?sslaccept=strict', 'MYSQL_URL takes no parameter but ca'],
    ['MYSQL_URL', 'mysql://u:p@host/db?ca=package.json', 'MYSQL_URL has a ca but no TLS: write mysqls://'],
    ['MYSQL_URL', 'mysqls://u:p@host/db?ca=none.pem', 'the file that ca in MYSQL_URL names cannot be read (ENOENT)'],
    ['MYSQL_URL', 'mysqls://u:p@host/db?ca=package.json', 'the file that ca in MYSQL_URL names must begin with'],
    ['MYSQL_URL', 'mysqls://u:p@10.0.0.7/db', 'MYSQL_URL must name the host where it begins with mysqls://'],
    ['MYSQL_URL', 'mysql://u:100%@host/db', 'MYSQL_URL has a % that begins no percent-encoded character: write %25'],
    [
      'REDIS_URL',
      'rediss://host:6379?ssl_cert_reqs=none',
      'REDIS_URL takes no parameter but ca: for TLS write rediss://',
    ],
    ['REDIS_URL', 'redis://host:6379?ca=package.json', 'REDIS_URL has a ca but no TLS: write rediss://'],
    ['MYSQL_CONNECTIONS', '1', 'MYSQL_CONNECTIONS must be 0 or at least 2'],
    ['REDIS_PREFIX', '{town}', 'REDIS_PREFIX must hold no braces and no spaces'],
    ['REDIS_TLS_VERIFY', '0', 'REDIS_TLS_VERIFY is 0 but there is no TLS: write rediss:// in REDIS_URL'],
    ['REDIS_TLS_CA', 'PEM', 'REDIS_TLS_CA is set but there is no TLS: write rediss:// in REDIS_URL'],
    ['BRAND_FILE', '/none', 'BRAND_FILE names a file that cannot be read (ENOENT)'],
    ['MYSQL_URL_FILE', 'package.json', 'MYSQL_URL and MYSQL_URL_FILE are both set: leave one of them out'],
    ['REDIS_URL', 'redis://host:6379/first', 'REDIS_URL must be an address'],
    ['REDIS_URL', 'redis+sentinel://one,two', 'REDIS_URL must be an address'],
    ['REDIS_URL', 'redis+sentinel://one:1,two:three/main', 'REDIS_URL must be an address'],
    ['TRUST_PROXY', 'true', 'TRUST_PROXY must be 1 or 0'],
    ['PORT', 'http', 'PORT must be integer'],
    ['PORT', '65536', 'PORT must be <= 65535'],
    ['PORT', '-1', 'PORT must be >= 0'],
    ['MAX_ATTEMPTS', '0', 'MAX_ATTEMPTS must be >= 1'],
    ['MAX_ATTEMPTS', '2.5', 'MAX_ATTEMPTS must be integer'],
    ['NUMBER_MPS', 'fast', 'NUMBER_MPS must be number'],
    ['NUMBER_MPS', '-1', 'NUMBER_MPS must be >= 0'],
    ['ACCOUNT_MPS', '100001', 'ACCOUNT_MPS must be <= 100000'],
    ['HORIZON_SECONDS', '0', 'HORIZON_SECONDS must be >= 0.5'],
    ['QUEUE_SHARDS', '65', 'QUEUE_SHARDS must be <= 64'],
    ['TRUST_PROXY', 'yes', 'TRUST_PROXY must be 1 or 0'],
    ['OPS_PASSWORD', 'elevenchars', 'OPS_PASSWORD must have at least 12 characters'],
    ['PLIVO_ACCEPT_V2', '2', 'PLIVO_ACCEPT_V2 must be 1 or 0'],
  ];

  for (const [name, written, says] of wrong) {
    it(`refuse ${name}=${JSON.stringify(written)}: ${says}`, () => {
      const refused = refusalOf({ ...needed, [name]: written });
      expect(refused.wrong).to.have.length(1);
      expect(refused.message).to.include(`wrong settings: ${says}`);
    });
  }

  it('refuse the service number in the pool', () => {
    const { message } = refusalOf({ ...needed, NUMBER_POOL: needed.SERVICE_NUMBER });
    expect(message).to.equal('wrong settings: NUMBER_POOL must not hold the SERVICE_NUMBER');
  });

  const { APNS_KEY, APNS_KEY_ID, APNS_TEAM_ID, APNS_TOPIC, FCM_SERVICE_ACCOUNT } = makePushSettings({
    apnsUrl: 'http://127.0.0.1:1',
    fcmUrl: 'http://127.0.0.1:2',
  });
  const apns = { APNS_KEY, APNS_KEY_ID, APNS_TEAM_ID, APNS_TOPIC };
  const account = JSON.parse(FCM_SERVICE_ACCOUNT) as Record<string, string>;

  it('take a push service whose settings are whole, its key in one line too', () => {
    for (const set of [apns, { ...apns, APNS_KEY: APNS_KEY.replaceAll('\n', '\\n') }, { FCM_SERVICE_ACCOUNT }])
      expect(() => readConfig({ ...needed, ...set })).not.to.throw();
  });

  for (const [set, says] of [
    [{ APNS_TOPIC }, ['APNS_KEY is missing', 'APNS_KEY_ID is missing', 'APNS_TEAM_ID is missing']],
    [{ ...apns, APNS_TOPIC: '' }, ['APNS_TOPIC is missing']],
    [{ ...apns, APNS_KEY: 'swordfish' }, ['APNS_KEY must be a private key']],
    [{ ...apns, APNS_KEY: account.private_key }, ['APNS_KEY must be a private key']],
    [{ FCM_SERVICE_ACCOUNT: 'swordfish' }, ['FCM_SERVICE_ACCOUNT must be the JSON']],
    [{ FCM_SERVICE_ACCOUNT: 'null' }, ['FCM_SERVICE_ACCOUNT must be the JSON']],
    ...[{ project_id: '' }, { client_email: '' }, { private_key: APNS_KEY }, { token_uri: 'swordfish' }].map(
      (wrongly) =>
        [
          { FCM_SERVICE_ACCOUNT: JSON.stringify({ ...account, ...wrongly }) },
          ['FCM_SERVICE_ACCOUNT must be the JSON'],
        ] as const,
    ),
  ] as const) {
    it(`refuse ${Object.keys(set).join(', ')} of which ${says.join(', ')}`, () => {
      const refused = refusalOf({ ...needed, ...set });
      expect(refused.wrong).to.have.length(says.length);
      for (const [at, what] of says.entries()) expect(refused.wrong[at]).to.include(what);
      expect(refused.message).not.to.match(/swordfish|PRIVATE/);
    });
  }

  it('name all that is wrong in one line', () => {
    const last = new Map(wrong.map((row) => [row[0], row]));
    const { message } = refusalOf({ ...needed, ...Object.fromEntries([...last.values()]) });
    expect(message).not.to.include('\n');
    for (const [, , says] of last.values()) expect(message).to.include(says);
  });

  it('name every number whose limits are passed, on either side', () => {
    const limited = Object.entries(settings).filter(([, row]) => 'max' in row) as [
      string,
      { min: number; max: number },
    ][];
    for (const [name, { min, max }] of limited) {
      expect(refusalOf({ ...needed, [name]: String(max + 1) }).message).to.include(`${name} must be <= ${max}`);
      expect(refusalOf({ ...needed, [name]: String(min - 1) }).message).to.include(`${name} must be >= ${min}`);
    }
    expect(limited.length).to.be.greaterThan(15);
  });

  it('never repeat a secret in what they complain about', () => {
    const { message } = refusalOf({ ...needed, MYSQL_URL: 'secret-address', OPS_PASSWORD: 'hunter2', PORT: 'x' });
    expect(message).not.to.match(/secret-address|hunter2|a token/);
  });

  it('are all used by the program', () => {
    const sources = ['api', 'engine', 'workers']
      .flatMap((room) => readdirSync(room, { recursive: true, encoding: 'utf8' }).map((name) => path.join(room, name)))
      .filter((name) => name.endsWith('.ts') && name !== path.join('engine', 'settings.ts'))
      .map((name) => readFileSync(name, 'utf8'))
      .join('\n');
    const unused = Object.keys(settings).filter((name) => !new RegExp(`\\b${name}\\b`).test(sources));
    expect(unused).to.deep.equal([]);
  });

  it('cannot be changed afterwards', () => {
    expect(Object.isFrozen(readConfig(needed))).to.equal(true);
  });
});

function refusalOf(env: Record<string, string | undefined>): BadConfig {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof BadConfig) return error;
    throw error;
  }
  throw new Error('these settings were accepted');
}
