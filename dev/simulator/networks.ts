/**
 * The mobile networks that texts go to. MCC and MNC: ITU-T E.212 as in en.wikipedia.org/wiki/
 * Mobile_network_codes_in_ITU_region_3xx_(North_America); the names are those of Plivo's price page. Assumption: a
 * phone's network hangs on its last digit, because nothing public tells it. Elsewhere both codes are blank.
 */
export type Network = { country: 'US' | 'CA' | ''; name: string; mcc: string; mnc: string };

const us: Network[] = [
  { country: 'US', name: 'AT&T', mcc: '310', mnc: '410' },
  { country: 'US', name: 'T-Mobile', mcc: '310', mnc: '260' },
  { country: 'US', name: 'Verizon', mcc: '311', mnc: '480' },
  { country: 'US', name: 'US Cellular & Other Carrier Networks', mcc: '311', mnc: '580' },
];
const canada: Network[] = [
  { country: 'CA', name: 'Bell & Virgin', mcc: '302', mnc: '610' },
  { country: 'CA', name: 'Rogers & Fido', mcc: '302', mnc: '720' },
  { country: 'CA', name: 'Telus', mcc: '302', mnc: '220' },
];
const abroad: Network = { country: '', name: '', mcc: '', mnc: '' };
export const networks: readonly Network[] = [...us, ...canada, abroad];

/** Area codes of Canada: the Canadian Numbering Administrator's list, as on postalcode.ng/?p=3685. */
const canadianAreas = new Set(
  (
    '204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 431 437 438 450 468 474 506 514 ' +
    '519 548 579 581 584 587 604 613 639 647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942'
  ).split(' '),
);

export function networkOf(phone: string): Network {
  if (!phone.startsWith('+1') || phone.length !== 12) return abroad;
  const list = canadianAreas.has(phone.slice(2, 5)) ? canada : us;
  return list[phone.charCodeAt(11) % list.length] ?? abroad;
}
