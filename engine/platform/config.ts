import { Ajv, type ErrorObject } from 'ajv';
import { readSettingFiles } from '../../db/setting-files.ts';
import { countries } from '../rules/phone.ts';
import { everyHours } from '../rules/windows.ts';
import { wrongBrandSettings } from './brand-settings.ts';
import { wrongCarrierSettings } from './carrier-settings.ts';
import { wrongPushSettings } from './push-settings.ts';
import { wrongServerSettings } from './server-settings.ts';
import type { Kind, Setting } from './setting.ts';
import { settings } from './settings.ts';

type Reading<K extends Kind> = K extends 'integer' | 'number'
  ? number
  : K extends 'flag'
    ? boolean
    : K extends 'list' | 'phones' | 'origins'
      ? string[]
      : string;
export type Config = { readonly [N in keyof typeof settings]: Reading<(typeof settings)[N]['kind']> };

/**
 * Reads the settings from an environment. Throws `BadConfig`, whose message is one line that names every wrong or
 * missing variable, so that an operator mends all of them at once.
 */
export function readConfig(written: Record<string, string | undefined>): Config {
  const { env, wrong: unread } = readSettingFiles(written, Object.keys(settings));
  const config: Record<string, unknown> = {};
  for (const [name, setting] of rows) {
    const raw = env[name]?.trim() || setting.default;
    if (raw !== undefined) config[name] = parse(setting.kind, raw);
  }
  const wrong = check(config) ? [] : (check.errors ?? []).map(sayWhatIsWrong);
  const { NUMBER_POOL: pool, SERVICE_NUMBER: service } = config;
  if (Array.isArray(pool) && pool.includes(service)) wrong.push('NUMBER_POOL must not hold the SERVICE_NUMBER');
  wrong.push(...unread, ...wrongServerSettings(config));
  wrong.push(...wrongBrandSettings(config), ...wrongCarrierSettings(config), ...wrongPushSettings(config));
  if (wrong.length > 0) throw new BadConfig(wrong);
  // Old set-ups have no secret of their own.
  config.APP_SECRET ||= config.PLIVO_AUTH_TOKEN;
  return Object.freeze(config) as Config;
}

/** Whether texts have slots: something limits how many go out. */
export function isPaced({ NUMBER_MPS, ACCOUNT_MPS }: Pick<Config, 'NUMBER_MPS' | 'ACCOUNT_MPS'>): boolean {
  return NUMBER_MPS > 0 || ACCOUNT_MPS > 0;
}

export class BadConfig extends Error {
  override name = 'BadConfig';
  constructor(readonly wrong: readonly string[]) {
    super(`wrong settings: ${[...new Set(wrong)].join('; ')}`);
  }
}

const rows = Object.entries(settings) as [string, Setting][];
const ajv = new Ajv({ allErrors: true });

const shapes: Record<Kind, (row: Setting) => object> = {
  text: ({ oneOf, maxLength, shortest, default: usual }) => ({
    type: 'string',
    ...(shortest === undefined ? {} : { pattern: `^(.{${shortest},})?$` }),
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(oneOf ? { enum: oneOf } : {}),
    minLength: usual === '' ? 0 : 1,
  }),
  country: () => country,
  zone: () => ({ type: 'string', enum: Intl.supportedValuesOf('timeZone') }),
  hours: () => ({ type: 'string', enum: ['', ...everyHours] }),
  // What they hold is looked at by itself.
  mysql: () => ({ type: 'string' }),
  redis: () => ({ type: 'string' }),
  url: ({ schemes = [], maxLength, default: usual }) => ({
    type: 'string',
    ...(maxLength === undefined ? {} : { maxLength }),
    pattern: `${usual === '' ? '^$|' : ''}${addressPattern(schemes)}`,
  }),
  integer: (row) => ({ type: 'integer', ...limits(row) }),
  number: (row) => ({ type: 'number', ...limits(row) }),
  flag: () => ({ type: 'boolean' }),
  list: () => ({ type: 'array', items: country, minItems: 1 }),
  phone: () => phone,
  phones: () => ({ type: 'array', items: phone, uniqueItems: true }),
  origins: () => ({ type: 'array', items: { type: 'string', pattern: '^(\\*|https?://[^/\\s?#]+)$' } }),
};
const country = { type: 'string', enum: countries };
const phone = { type: 'string', pattern: '^\\+[1-9][0-9]{6,14}$' };

function addressPattern(schemes: readonly string[]): string {
  return `^(${schemes.join('|')})://[^/\\s]+\\S*$`;
}

const check = ajv.compile({
  type: 'object',
  properties: Object.fromEntries(rows.map(([name, row]) => [name, shapes[row.kind](row)])),
  required: rows.map(([name]) => name),
});

function limits({ min, max }: Setting): object {
  return { ...(min === undefined ? {} : { minimum: min }), ...(max === undefined ? {} : { maximum: max }) };
}

/** What is not written as its kind is stays a text, and the check says so. */
function parse(kind: Kind, raw: string): unknown {
  if (kind === 'list' || kind === 'phones' || kind === 'origins') return splitList(raw);
  if (kind === 'flag' && /^[01]$/.test(raw)) return raw === '1';
  if ((kind === 'integer' || kind === 'number') && /^-?\d{1,12}(\.\d{1,6})?$/.test(raw)) return Number(raw);
  return raw;
}

function splitList(raw: string): string[] {
  return raw
    .split(',')
    .map((item) => item.trim())
    .filter((item) => item !== '');
}

function sayWhatIsWrong({ instancePath, keyword, message, params }: ErrorObject): string {
  if (keyword === 'required') return `${params.missingProperty} is missing`;
  const [, name = ''] = instancePath.split('/');
  if (keyword === 'pattern' && settings[name as keyof typeof settings]?.kind === 'text')
    return `${name} must have at least ${(settings[name as keyof typeof settings] as Setting).shortest} characters`;
  if (keyword === 'maxLength') return `${name} must have at most ${params.limit} characters`;
  const row = settings[name as keyof typeof settings] as Setting | undefined;
  switch (row?.kind) {
    case 'phone':
    case 'phones':
      return `${name} must hold phone numbers such as +12015550100, each once`;
    case 'country':
    case 'list':
      return `${name} must hold two-letter country codes such as US`;
    case 'zone':
      return `${name} must be an IANA time zone such as America/New_York`;
    case 'hours':
      return `${name} must be hours of the day such as 8-21, at least eight of them`;
    case 'origins':
      return `${name} must hold origins such as https://app.example, without a path, or *`;
    case 'url':
      return `${name} must be an address such as ${row.schemes?.[0]}://127.0.0.1:${row.schemes?.includes('smtp') ? 25 : 3000}`;
    case 'flag':
      return `${name} must be 1 or 0`;
    case 'text':
      return row.oneOf
        ? `${name} must be one of ${row.oneOf.filter((one) => one !== '').join(', ')}`
        : `${name} ${message}`;
    default:
      return `${name} ${message}`;
  }
}
