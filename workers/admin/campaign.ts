import { brandOf, wrongBrandSettings } from '../../engine/platform/brand-settings.ts';
import { settings } from '../../engine/platform/settings.ts';
import { campaignOf } from '../../engine/rules/campaign.ts';
import { NotPossible, type OfflineCommand } from './command.ts';

export const campaign: OfflineCommand = {
  words: ['campaign'],
  takes: [],
  does: 'prints what to paste into a 10DLC registration, from the texts that are sent and BRAND, SUPPORT_CONTACT, TERMS_URL and SERVICE_NUMBER; needs no database',
  examples: ['campaign', 'campaign --json'],
  offline: true,
  run({ env }) {
    const set = {
      BRAND: env.BRAND?.trim() || settings.BRAND.default,
      SUPPORT_CONTACT: env.SUPPORT_CONTACT?.trim() ?? '',
      TERMS_URL: env.TERMS_URL?.trim() ?? '',
    };
    const wrong = wrongBrandSettings(set);
    if (wrong.length > 0) throw new NotPossible(wrong.join('; '));
    const json = campaignOf(brandOf(set), env.SERVICE_NUMBER?.trim() || 'our service number');
    const unset = Object.entries(set).flatMap(([name, value]) => (value === '' ? [name] : []));
    const notes = unset.map((name) => `${name} is not set: reviewers ask for it.`);
    return {
      text: [...notes, ...Object.entries(json).map(([name, value]) => `${name}\n${show(value)}`)].join('\n\n'),
      json,
    };
  },
};

function show(value: string | readonly string[] | Record<string, boolean>): string {
  if (typeof value === 'string') return `  ${value}`;
  const lines = Array.isArray(value)
    ? value
    : Object.entries(value).map(([flag, on]) => `${flag}: ${on ? 'yes' : 'no'}`);
  return lines.map((line) => `  ${line}`).join('\n');
}
