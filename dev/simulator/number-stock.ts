import { classOf } from './number-class.ts';
import type { Rented } from './numbers.ts';

/** Numbers that nobody has: area code 628, or toll-free 888. */
export function openStock(isTaken: (number: string) => boolean) {
  const digits = (type: string, at: number) => `1${type === 'tollfree' ? '888' : '628'}555${String(1000 + at)}`;

  return {
    /** The first numbers of the stock that are still there. Of those that need not do MMS every second one cannot. */
    offers({ type, services, limit }: { type: string; services: string[]; limit: number }): Offer[] {
      const offers: Offer[] = [];
      for (let at = 0; at < stockSize && offers.length < limit; at++) {
        const number = digits(type, at);
        const mms = services.includes('mms') || at % 2 === 0;
        if (!isTaken(`+${number}`)) offers.push({ number, mms });
      }
      return offers;
    },
    has: (number: string): boolean => /^1(?:628|888)555[1-9]\d{3}$/.test(number) && !isTaken(`+${number}`),
  };
}

export type Offer = { number: string; mms: boolean };
const stockSize = 9_000;

/** The PhoneNumber object of www.plivo.com/docs/numbers/phone-numbers (2026). */
export function offerObject({ number, mms }: Offer, account: string): object {
  const tollfree = classOf(`+${number}`) === 'tollfree';
  return {
    number,
    prefix: number.slice(1, 4),
    city: tollfree ? null : 'SAN FRANCISCO',
    country: 'UNITED STATES',
    region: 'United States',
    rate_center: tollfree ? null : 'SNFC CNTRL',
    lata: tollfree ? null : 722,
    type: tollfree ? 'tollfree' : 'fixed',
    sub_type: tollfree ? 'tollfree' : 'local',
    setup_rate: '0.00000',
    monthly_rental_rate: tollfree ? '1.00000' : '0.50000',
    sms_enabled: true,
    sms_rate: '0.00770',
    mms_enabled: mms,
    mms_rate: mms ? '0.01800' : null,
    voice_enabled: true,
    voice_rate: '0.00550',
    restriction: null,
    restriction_text: null,
    resource_uri: `${account}PhoneNumber/${number}/`,
  };
}

/** The AccountPhoneNumber object of plivo.com/docs/numbers/api/account-phone-number (2026). */
export function numberObject(rented: Rented, account: string): object {
  const number = rented.number.replace('+', '');
  const kind = classOf(rented.number);
  return {
    number,
    alias: null,
    sub_account: null,
    added_on: '2026-01-01',
    application: rented.appId === null ? null : `${account}Application/${rented.appId}/`,
    carrier: 'Plivo',
    region: 'California, UNITED STATES',
    number_type: kind === 'tollfree' ? 'tollfree' : 'local',
    monthly_rental_rate: kind === 'tollfree' ? '1.00000' : '0.50000',
    renewal_date: '2026-02-01',
    sms_enabled: !rented.pending,
    sms_rate: '0.00770',
    mms_enabled: rented.mms && !rented.pending,
    mms_rate: '0.01800',
    voice_enabled: true,
    voice_rate: '0.00550',
    cnam_lookup: null,
    tendlc_registration_status: kind === 'long' ? (rented.link === 'FAILED' ? 'UNREGISTERED' : rented.link) : null,
    tendlc_campaign_id: rented.campaign,
    toll_free_sms_verification: kind === 'tollfree' ? 'VERIFIED' : null,
    resource_uri: `${account}Number/${number}/`,
  };
}
