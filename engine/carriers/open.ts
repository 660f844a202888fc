import { type CarrierName, carrierNames } from '../rules/carriers.ts';
import type { Carrier, CarrierNumbers, OutboundText, SendVerdict } from './carrier.ts';
import { openPlivo } from './plivo/plivo.ts';
import { openTelnyx } from './telnyx/telnyx.ts';

/** The carriers in service. */
export type Carriers = {
  /** Those that are set up, by name. */
  all: ReadonlyMap<CarrierName, Carrier>;
  /** The numbers of the main one: there is where new ones are bought. */
  numbers: CarrierNumbers;
  main: CarrierName;
  /** What a phone is, by the first carrier that is asked; null where none is. */
  lookUp: Carrier['lookUp'];
  /** Hands a text to the carrier that its source number belongs to. Never throws. */
  send(carrier: CarrierName, text: OutboundText): Promise<SendVerdict>;
  close(): Promise<void>;
};

/** Opens those that are set up, the main one among them. */
export function openCarriers(
  settings: CarrierSettings,
  { setUp, main }: { setUp: readonly CarrierName[]; main: CarrierName },
): Carriers {
  const all = new Map(carrierNames.filter((name) => setUp.includes(name)).map((name) => [name, table[name](settings)]));
  const first = all.get(main) ?? table[main](settings);
  return {
    all,
    numbers: first.numbers,
    main,
    lookUp: [...all.values()].find(({ lookUp }) => lookUp !== null)?.lookUp ?? null,
    async send(carrier, text) {
      return all.get(carrier)?.send(text) ?? NOT_SET_UP;
    },
    async close() {
      await Promise.all([...all.values()].map((carrier) => carrier.close()));
    },
  };
}

/** A number belongs to it whose settings are gone: its texts wait, and the operator is told, as with an account that is held. */
const NOT_SET_UP: SendVerdict = { kind: 'paused', errorCode: 0, reason: 'the carrier of this number is not set up' };

/** A row for each carrier: how it is opened from the settings of the program. */
const table: Readonly<Record<CarrierName, (settings: CarrierSettings) => Carrier>> = {
  plivo: (settings) =>
    openPlivo({
      authId: settings.PLIVO_AUTH_ID,
      authToken: settings.PLIVO_AUTH_TOKEN,
      apiUrl: settings.PLIVO_API_URL,
      timeoutMs: settings.CARRIER_TIMEOUT_MS,
      acceptV2: settings.PLIVO_ACCEPT_V2,
      applicationId: settings.PLIVO_APP_ID,
      campaignId: settings.PLIVO_CAMPAIGN_ID,
      lookupUrl: settings.PLIVO_LOOKUP_URL,
    }),
  telnyx: (settings) =>
    openTelnyx({
      apiKey: settings.TELNYX_API_KEY,
      publicKey: settings.TELNYX_PUBLIC_KEY,
      apiUrl: settings.TELNYX_API_URL,
      profileId: settings.TELNYX_PROFILE_ID,
      timeoutMs: settings.CARRIER_TIMEOUT_MS,
    }),
};

export type CarrierSettings = Readonly<
  Record<
    | 'PLIVO_AUTH_ID'
    | 'PLIVO_AUTH_TOKEN'
    | 'PLIVO_API_URL'
    | 'PLIVO_APP_ID'
    | 'PLIVO_CAMPAIGN_ID'
    | 'PLIVO_LOOKUP_URL'
    | 'TELNYX_API_KEY'
    | 'TELNYX_PUBLIC_KEY'
    | 'TELNYX_API_URL'
    | 'TELNYX_PROFILE_ID',
    string
  > & { PLIVO_ACCEPT_V2: boolean; CARRIER_TIMEOUT_MS: number }
>;
