import { createPrivateKey } from 'node:crypto';

type Names =
  | 'APNS_KEY'
  | 'APNS_KEY_ID'
  | 'APNS_TEAM_ID'
  | 'APNS_TOPIC'
  | 'APNS_URL'
  | 'FCM_SERVICE_ACCOUNT'
  | 'FCM_URL';
export type PushSettings = Readonly<Record<Names, string>>;

export type ApnsSettings = { key: string; keyId: string; teamId: string; topic: string; url: string };
/** What we use of the file that Google gives out. */
export type ServiceAccount = { project_id: string; client_email: string; private_key: string; token_uri: string };

/** Null where devices of Apple’s are not to be alerted. */
export function apnsSettings(config: PushSettings): ApnsSettings | null {
  if (config.APNS_KEY === '') return null;
  return {
    key: linesOf(config.APNS_KEY),
    keyId: config.APNS_KEY_ID,
    teamId: config.APNS_TEAM_ID,
    topic: config.APNS_TOPIC,
    url: config.APNS_URL,
  };
}

/** Null where Android devices are not to be alerted. */
export function fcmSettings(config: PushSettings): { account: ServiceAccount; url: string } | null {
  const account = config.FCM_SERVICE_ACCOUNT === '' ? null : readAccount(config.FCM_SERVICE_ACCOUNT);
  return account === null ? null : { account, url: config.FCM_URL };
}

/** What is wrong with them, for the start-up error: half-set ones, and invalid keys. Quotes no secret. */
export function wrongPushSettings(config: Partial<Record<Names, unknown>>): string[] {
  const { APNS_KEY: key = '', FCM_SERVICE_ACCOUNT: account = '' } = config;
  const isUsed = together.some((name) => (config[name] ?? '') !== '');
  const missing = isUsed ? together.filter((name) => (config[name] ?? '') === '') : [];
  return [
    ...missing.map((name) => `${name} is missing (the four APNS_ settings belong together)`),
    ...(key === '' || isKey(linesOf(String(key)), 'ec') ? [] : ['APNS_KEY must be a private key (PEM) of type EC']),
    ...(account === '' || readAccount(String(account)) !== null
      ? []
      : [
          'FCM_SERVICE_ACCOUNT must be the JSON of a service account, with its project_id, client_email, private_key and token_uri',
        ]),
  ];
}

const together = ['APNS_KEY', 'APNS_KEY_ID', 'APNS_TEAM_ID', 'APNS_TOPIC'] as const;

/** Where an environment holds one line only, line breaks are written as \n. */
export function linesOf(pem: string): string {
  return pem.replaceAll('\\n', '\n');
}

function readAccount(text: string): ServiceAccount | null {
  try {
    const { project_id, client_email, private_key, token_uri } = JSON.parse(text) as Record<string, unknown>;
    const account = { project_id, client_email, private_key, token_uri };
    if (!Object.values(account).every((value) => typeof value === 'string' && value !== '')) return null;
    const isUsable = isKey(String(private_key), 'rsa') && /^https?:$/.test(new URL(String(token_uri)).protocol);
    return isUsable ? (account as ServiceAccount) : null;
  } catch {
    return null;
  }
}

function isKey(pem: string, type: 'ec' | 'rsa'): boolean {
  try {
    return createPrivateKey(pem).asymmetricKeyType === type;
  } catch {
    return false;
  }
}
