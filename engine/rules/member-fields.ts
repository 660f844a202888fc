import type { ChangeOf, FieldParameter, FieldShown, FieldType, FieldValues, ValuesOf } from './fields.ts';

/**
 * Every field of a member in their group, one row each; those that /member/set takes stand in its order. The row of the
 * database, the roster, changes and patches, the parameters of /member/set and the fields of /member/groups all come
 * from here. A field without a column is not kept with the membership: db/groups/memberships.ts says where it is from.
 */
export const memberFields = {
  /** Of the membership. */
  id: { type: 'id', column: 'id' },
  personId: { type: 'id', column: 'person_id' },
  phone: { type: 'phone', listed: { as: 'number', says: 'Number of the member' } },
  /** Our number through which they reach the group. */
  numberId: { type: 'id', column: 'number_id' },
  number: { type: 'phone', own: { as: 'number', says: 'Number of the group, for this member' } },
  name: {
    type: 'optionalText',
    column: 'name',
    isChangeable: true,
    command: '*name',
    parameter: { kind: 'personName', says: 'The name of the member' },
    listed: { as: 'name', says: 'Name of the member; empty where they have none' },
  },
  owner: {
    type: 'flag',
    own: { as: 'owner', says: 'Flag if they are the owner of the group' },
    listed: { as: 'owner', says: 'Flag if they are the owner of the group' },
  },
  /** Said bye: on the roster, gets nothing, sends nothing. */
  left: {
    type: 'flag',
    own: { as: 'bye', says: 'Flag if they have left the group' },
    listed: { as: 'bye', says: 'Flag if they have left the group' },
  },
  /** In force. */
  sms: {
    type: 'smsState',
    column: 'sms',
    isChangeable: true,
    command: '*on',
    parameter: {
      kind: 'smsState',
      says: 'SMS delivery state: 0 nothing is sent, 1 SMS, 2 push to the devices of the member, SMS where there is none',
    },
    own: { as: 'sms', says: 'SMS delivery state: 0 nothing, 1 SMS, 2 push, else SMS' },
  },
  /** What the member themself chose; follows `sms`. */
  smsChosen: { type: 'smsState', column: 'sms_chosen', isChangeable: true },
  /** May text everybody in a `replyToOwner` group. */
  broadcast: {
    type: 'flag',
    column: 'broadcast',
    isChangeable: true,
    command: '*broadcast',
    parameter: { kind: 'flag', wrong: 'INVALID_BROADCAST', says: 'Can they broadcast to a reply to owner group' },
    listed: { as: 'broadcast', says: 'Flag if they can broadcast to a reply to owner group' },
  },
  /** Runs the group beside its owner: see `runsGroup`. */
  coOwner: {
    type: 'flag',
    column: 'co_owner',
    isChangeable: true,
    command: '*owner',
    parameter: { kind: 'flag', says: 'May they do what the owner may, but for handing the group over and deleting it' },
    own: { as: 'co_owner', says: 'Flag if they are a co-owner of the group' },
    listed: { as: 'co_owner', says: 'Flag if they are a co-owner of the group' },
  },
  /** An IANA name that the member chose; where there is none, the area code of the phone says it: see zones.ts. */
  zone: {
    type: 'optionalText',
    column: 'zone',
    isChangeable: true,
    command: '*zone',
    parameter: { kind: 'zone', says: 'The time zone of the member, such as America/New_York or Eastern' },
    own: { as: 'zone', says: 'Time zone of the member by its IANA name: as they set it, else by the area code' },
  },
  /** `live` or `batch`: each text at once, or one for several; null is as the group does. */
  batch: {
    type: 'optionalText',
    column: 'batch',
    isChangeable: true,
    command: '*batch',
    parameter: {
      kind: 'batchChoice',
      keepsEmpty: true,
      says: 'live: each text at once; batch: one text for several; empty: as the group does. Their own choice alone',
    },
    own: { as: 'batch', says: 'Their choice: live, batch, or empty where they get texts as the group does' },
  },
  /** Of the texts to them in all their groups: the person’s, not the membership’s. */
  language: {
    type: 'optionalText',
    column: 'language',
    isOfPerson: true,
    isChangeable: true,
    command: '*language',
    parameter: {
      kind: 'language',
      keepsEmpty: true,
      says: 'The language of our texts to the member, in all their groups: en, es or fr; empty: as the group. Their own choice alone',
    },
    own: { as: 'language', says: 'Their language: en, es, fr, or empty where they are texted in that of the group' },
  },
  mutedUntil: { type: 'optionalTime', column: 'muted_until', command: '*mute' },
  /** Said STOP: no text of ours goes to the phone. */
  blocked: { type: 'flag' },
} as const satisfies Record<string, MemberField>;

type MemberField = {
  type: FieldType;
  /** Of the table `memberships`, or of `people`; where a call takes the field, also the name of its parameter. */
  column?: string;
  /** Kept with the person: it is the same in all their groups. */
  isOfPerson?: true;
  /** A `setMember` effect may change it. */
  isChangeable?: true;
  /** The star command that sets it. */
  command?: `*${string}`;
  /** As /member/set takes it. */
  parameter?: FieldParameter;
  /** As /member/groups shows it of the member who asks, beside the group’s own fields. */
  own?: FieldShown;
  /** As /member/groups shows it of each member of a group. */
  listed?: FieldShown;
};

type Fields = typeof memberFields;
export type Member = ValuesOf<Fields>;

/** What somebody wants changed about a member, themself or another. */
export type MemberChange = ChangeOf<Fields>;
/** What then changes: `smsChosen` is what the member wants, `sms` what is in force. */
export type MemberPatch = {
  -readonly [Name in keyof Fields as Fields[Name] extends { isChangeable: true }
    ? Name
    : never]?: Fields[Name] extends { parameter: { keepsEmpty: true } }
    ? FieldValues[Fields[Name]['type']]
    : NonNullable<FieldValues[Fields[Name]['type']]>;
};
