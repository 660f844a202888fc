import { type CarrierName, carrierNames } from '../rules/carriers.ts';
import { classOf } from '../rules/number-class.ts';

/** What each carrier needs to be in service, and the list of the numbers that are at it. */
const rows = {
  plivo: { keys: ['PLIVO_AUTH_ID', 'PLIVO_AUTH_TOKEN'], numbers: 'PLIVO_NUMBERS' },
  telnyx: { keys: ['TELNYX_API_KEY', 'TELNYX_PUBLIC_KEY'], numbers: 'TELNYX_NUMBERS' },
} as const satisfies Record<CarrierName, { keys: readonly string[]; numbers: string }>;

type Key = (typeof rows)[CarrierName]['keys'][number];
type List = (typeof rows)[CarrierName]['numbers'];
export type CarrierChoice = Readonly<Record<Key | 'CARRIER', string>>;
type Campaigns = Readonly<{ PLIVO_CAMPAIGN_ID: string }>;
export type NumberLists = Readonly<Record<List | 'NUMBER_POOL', readonly string[]> & { SERVICE_NUMBER: string }>;

/** The carriers whose settings are there. */
export function carriersSetUp(config: CarrierChoice): CarrierName[] {
  return carrierNames.filter((name) => rows[name].keys.every((key) => config[key] !== ''));
}

/** Where numbers are bought, and where those are that no list names: CARRIER, or the first that is set up. */
export function mainCarrier(config: CarrierChoice): CarrierName {
  return carrierNames.find((name) => name === config.CARRIER) ?? carriersSetUp(config)[0] ?? carrierNames[0];
}

/** The numbers of the settings, each with its carrier. */
export function configuredNumbers(config: CarrierChoice & NumberLists & Campaigns): ConfiguredNumber[] {
  const main = mainCarrier(config);
  const carrierOf = (phone: string) => carrierNames.find((name) => config[rows[name].numbers].includes(phone)) ?? main;
  const lists = carrierNames.flatMap((name) => config[rows[name].numbers]);
  const pool = new Set([...config.NUMBER_POOL, ...lists]);
  pool.delete(config.SERVICE_NUMBER);
  const placed = (phone: string) => {
    const carrier = carrierOf(phone);
    return { phone, carrier, campaign: campaignOf(config, { phone, carrier }) };
  };
  return [
    ...[...pool].map((phone) => ({ ...placed(phone), kind: 'pool' as const })),
    { ...placed(config.SERVICE_NUMBER), kind: 'service' },
  ];
}
export type ConfiguredNumber = {
  phone: string;
  kind: 'pool' | 'service';
  carrier: CarrierName;
  campaign: string | null;
};

/** The 10DLC campaign that a number belongs to where nobody says otherwise: only local numbers need one. */
export function campaignOf(
  { PLIVO_CAMPAIGN_ID: campaign }: Campaigns,
  { phone, carrier }: { phone: string; carrier: CarrierName },
): string | null {
  return carrier === 'plivo' && campaign !== '' && classOf(phone) === 'long' ? campaign : null;
}

/** What is wrong with them, for an operator who starts the program. Quotes no secret. */
export function wrongCarrierSettings(config: Partial<Record<string, unknown>>): string[] {
  const isSet = (key: string) => (config[key] ?? '') !== '';
  const chosen = carrierNames.find((name) => name === config.CARRIER);
  const begun = carrierNames.filter(
    (name) => rows[name].keys.some(isSet) || name === chosen || listIn(config, name).length > 0,
  );
  // Nothing of any carrier: the first one is what an operator most likely forgot.
  const wanted = begun.length > 0 ? begun : [carrierNames[0]];
  const twice = carrierNames
    .flatMap((name) => listIn(config, name))
    .filter((phone, at, all) => all.indexOf(phone) !== at);
  return [
    ...wanted.flatMap((name) => rows[name].keys.filter((key) => !isSet(key)).map((key) => `${key} is missing`)),
    ...(isSet('APP_SECRET') || isSet('PLIVO_AUTH_TOKEN') || !begun.includes('telnyx') ? [] : ['APP_SECRET is missing']),
    ...(isSet('TELNYX_PUBLIC_KEY') && !isKey(String(config.TELNYX_PUBLIC_KEY))
      ? ['TELNYX_PUBLIC_KEY must be the public key of the account: 32 bytes in base64']
      : []),
    ...(twice.length > 0 ? ['a number stands in the lists of two carriers'] : []),
  ];
}

function listIn(config: Partial<Record<string, unknown>>, name: CarrierName): unknown[] {
  const list = config[rows[name].numbers];
  return Array.isArray(list) ? list : [];
}

function isKey(text: string): boolean {
  return /^[A-Za-z0-9+/]{43}=?$/.test(text);
}
