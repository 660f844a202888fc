import type { Endpoint } from '../../api/endpoint.ts';
import type { Kind } from '../../api/kinds.ts';
import type { Group, Person } from './target.ts';

/** The examples of the declarations say whom a phone parameter is about. */
const ROLES = { group: '+14445557777', other: '+14445558888' };

/** Right values for every parameter of an endpoint, the optional ones too: `by` asks something of a group. */
export function valuesFor(
  { parameters }: Endpoint,
  { by, group, other }: { by: Person; group: Group; other: Person },
): Record<string, string> {
  const values: Record<string, string> = {};
  for (const [name, row] of Object.entries(parameters)) {
    if (row.kind === 'pairs') Object.assign(values, { name_0: 'Zoe', number_0: '+12015550177' });
    else if (row.example === ROLES.group) values[name] = group.number;
    else if (row.example === ROLES.other) values[name] = other.phone;
    else if (row.kind === 'phone') values[name] = by.phone;
    else if (named[name] !== undefined) values[name] = named[name];
    else if (row.example !== undefined) values[name] = String(row.example);
    else if (samples[row.kind] !== undefined) values[name] = samples[row.kind] ?? '';
  }
  return values;
}

/** True where a call is about one group. */
export function asksOfGroup({ parameters }: Endpoint): boolean {
  return Object.values(parameters).some((row) => row.kind !== 'pairs' && row.example === ROLES.group);
}

/** Where neither the example nor the kind says enough. */
const named: Record<string, string> = {
  when: '2098-05-05 10:00:00',
  cc_number: '4242424242424242',
  cc_expiration: '2031-08',
  pin: '000000',
  pin_number: '',
  search: 'Rosewood',
  media_ids: '1',
};

const samples: Partial<Record<Kind, string>> = {
  text: 'Something else',
  groupName: 'Taken over',
  personName: 'Mallory',
  message: 'Let me in',
  email: 'mallory@example.com',
  inviteCode: 'taken-over',
  flag: '1',
  integer: '1',
  smsState: '0',
  secret: 'a-new-password',
};
