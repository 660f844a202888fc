import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** What the engine is set up with to push through the simulator, and all that the simulator knows of the engine. */
export type PushSettings = {
  APNS_KEY: string;
  APNS_KEY_ID: string;
  APNS_TEAM_ID: string;
  APNS_TOPIC: string;
  APNS_URL: string;
  FCM_SERVICE_ACCOUNT: string;
  FCM_URL: string;
};

/** Made-up accounts at both services, with keys that nobody else has. */
export function makePushSettings({ apnsUrl, fcmUrl }: { apnsUrl: string; fcmUrl: string }): PushSettings {
  const pem = { type: 'pkcs8', format: 'pem' } as const;
  const account = {
    type: 'service_account',
    project_id: 'group-texting',
    client_email: 'engine@group-texting.iam.gserviceaccount.com',
    private_key: generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export(pem),
    token_uri: `${fcmUrl}/token`,
  };
  return {
    APNS_KEY: generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export(pem).toString(),
    APNS_KEY_ID: 'SIMULATED1',
    APNS_TEAM_ID: 'SIMULATED2',
    APNS_TOPIC: 'com.example.group-texting',
    APNS_URL: apnsUrl,
    FCM_SERVICE_ACCOUNT: JSON.stringify(account),
    FCM_URL: fcmUrl,
  };
}

/** What Apple knows of a team. */
export type Team = { key: KeyObject; keyId: string; teamId: string; topic: string };

export function teamIn(settings: PushSettings): Team {
  return {
    key: createPublicKey(settings.APNS_KEY),
    keyId: settings.APNS_KEY_ID,
    teamId: settings.APNS_TEAM_ID,
    topic: settings.APNS_TOPIC,
  };
}

/** What Google knows of a project. */
export type Project = { key: KeyObject; id: string; email: string; tokenUri: string };

export function projectIn(settings: PushSettings): Project {
  const account = JSON.parse(settings.FCM_SERVICE_ACCOUNT) as Record<string, string>;
  const { private_key = '', project_id = '', client_email = '', token_uri = '' } = account;
  return { key: createPublicKey(private_key), id: project_id, email: client_email, tokenUri: token_uri };
}
