import type { ChangeOf, FieldParameter, FieldShown, FieldType, FieldValues, ValuesOf } from './fields.ts';

/**
 * Every setting of a group, one row each, in the order in which /group/set takes them. The row of the database, the
 * roster, changes and patches, the parameters of /group/set and the fields of /member/groups all come from here. A new
 * field is a row, its column in a migration and, if members set it by text, a command.
 */
export const groupFields = {
  name: {
    column: 'name',
    type: 'text',
    atCreate: true,
    command: '*group',
    listed: true,
    parameter: { kind: 'groupName', keepsEmpty: true, says: 'The name of the group' },
    shown: { as: 'name', says: 'Name of the group' },
  },
  notifyOnAdd: {
    column: 'notify_on_add',
    type: 'flag',
    default: false,
    parameter: { kind: 'flag', says: 'A flag to notify the group when a new member is added' },
    shown: { as: 'notify_on_add', says: 'Flag to notify the group when a new member is added' },
  },
  replyToOwner: {
    column: 'reply_to_owner',
    type: 'flag',
    atCreate: true,
    parameter: { kind: 'flag', says: 'A flag, if set messages only go to the group creator' },
    shown: { as: 'reply_to_owner', says: 'Flag, if set messages only go to the group owner' },
  },
  disableWho: {
    column: 'disable_who',
    type: 'flag',
    default: false,
    parameter: { kind: 'flag', says: 'Flag to disable the *who command for group members' },
    shown: { as: 'disable_who', says: 'Flag to disable the *who command for group members' },
  },
  disableAdd: {
    column: 'disable_add',
    type: 'flag',
    default: false,
    parameter: { kind: 'flag', says: 'Flag to disable the *add command for group members' },
    shown: { as: 'disable_add', says: 'Flag to disable the *add command for group members' },
  },
  inviteCode: {
    column: 'invite_code',
    type: 'optionalText',
    default: null,
    command: '*invite',
    parameter: { kind: 'inviteCode', keepsEmpty: true, says: 'The invitation code for the group' },
    shown: { as: 'invite_code', says: 'Invite code for the group; empty where it has none' },
  },
  isPublic: {
    column: 'is_public',
    type: 'flag',
    default: false,
    listed: true,
    parameter: { kind: 'flag', says: 'Flag to make this a public group' },
    shown: { as: 'is_public', says: 'Flag if this is a public group' },
  },
  description: {
    column: 'description',
    type: 'optionalText',
    default: null,
    listed: true,
    parameter: {
      kind: 'text',
      limit: 150,
      wrong: 'DESCRIPTION_TOO_LONG',
      keepsEmpty: true,
      says: 'Description of the group',
    },
    shown: { as: 'description', says: 'Description of the group; empty where it has none' },
  },
  pinned: {
    column: 'pinned',
    type: 'optionalText',
    default: null,
    command: '*pin',
    parameter: {
      kind: 'text',
      limit: 200,
      keepsEmpty: true,
      says: 'A text that newcomers get with their welcome and that *pinned shows; empty takes it away',
    },
    shown: { as: 'pinned', says: 'Text that is pinned; empty where none is, and for a member who has left' },
  },
  /** `8-21`: a text to all waits for these hours, where each recipient is; null is off. */
  hours: {
    column: 'hours',
    type: 'optionalText',
    default: null,
    command: '*hours',
    parameter: {
      kind: 'hours',
      keepsEmpty: true,
      says: 'Hours, such as 8-21, by the clocks of each recipient, for scheduled messages and for broadcasts of a reply to owner group; what is said outside of them waits. Empty: off',
    },
    shown: { as: 'hours', says: 'Hours that texts to all wait for; empty: off' },
  },
  broadcastApproval: {
    column: 'broadcast_approval',
    type: 'flag',
    default: false,
    command: '*approval',
    parameter: {
      kind: 'flag',
      says: 'A flag, if set what broadcast members say to all of a reply to owner group waits for the approval of an owner',
    },
    shown: { as: 'broadcast_approval', says: 'Flag, if set what broadcast members say to all waits for an owner' },
  },
  /** E.164; see usecases/calls.ts. */
  forwardTo: {
    column: 'forward_to',
    type: 'optionalText',
    default: null,
    command: '*forward',
    parameter: {
      kind: 'phone',
      wrong: 'BAD_REQUEST',
      keepsEmpty: true,
      says: 'The phone that rings when a member calls the number of the group: one that we would text, none of our numbers, and none that said STOP. Empty: none, callers hear what the number is for',
    },
    shown: {
      as: 'forward_to',
      says: 'The phone that rings when a member calls; empty where none does, and for those who may not change it',
    },
  },
  batches: {
    column: 'batches',
    type: 'flag',
    default: false,
    command: '*batches',
    parameter: {
      kind: 'flag',
      says: 'Flag, while the group is busy, members who only read get one text for several',
    },
    shown: { as: 'batches', says: 'Flag if members who only read get one text for several while the group is busy' },
  },
  /** It is busy, and `batches` is on. The fan-out sees it begin, a clock sees it end. */
  hot: { column: 'hot', type: 'flag', default: false },
  /** Members may be owed texts: see bundles.ts. A clock sees when that is over. */
  bundling: { column: 'bundling', type: 'flag', default: false },
  language: {
    column: 'language',
    type: 'optionalText',
    default: null,
    command: '*language',
    parameter: {
      kind: 'language',
      keepsEmpty: true,
      says: 'The language of our texts to members who have chosen none: en, es or fr; empty: English',
    },
    shown: { as: 'group_language', says: 'Language of our texts to members who have chosen none; empty: English' },
  },
  digest: { column: 'digest', type: 'flag', default: false, command: '*digest' },
  /** An operator sets it. */
  paused: { column: 'paused', type: 'flag', default: false },
} as const satisfies Record<string, GroupField>;

type GroupField = FieldsOfType[FieldType];
type FieldsOfType = {
  [Type in FieldType]: {
    /** Of the table `groups`; where a call takes the field, also the name of its parameter. */
    column: string;
    type: Type;
    /** The star command that sets it. */
    command?: `*${string}`;
    /** The list of public groups is searched by it. */
    listed?: true;
    /** As /group/set takes it. */
    parameter?: FieldParameter;
    /** As /member/groups shows it. */
    shown?: FieldShown;
  } & ({ atCreate: true; default?: never } | { /** Of a new group. */ default: FieldValues[Type]; atCreate?: never });
};

/** What a group is beside its settings. */
export const groupIdentity = {
  id: { type: 'id' },
  /** The main number. */
  number: { type: 'phone' },
  ownerPersonId: { type: 'id' },
  version: { type: 'id' },
  /** Drawn at random with the version: together they name a roster in every history of the database. */
  tag: { type: 'id' },
} as const;

type Fields = typeof groupFields;
export type GroupSettings = ValuesOf<Fields>;
export type Group = ValuesOf<typeof groupIdentity> & GroupSettings;

/** What changes of a group’s settings; null takes a value away. */
export type GroupPatch = Partial<GroupSettings>;
/** Settings as /group/set asks for them; an empty name is no name. */
export type GroupChange = ChangeOf<Fields>;

/** What members see changed by a patch, under the names by which /member/groups shows it. */
export function shownAs(patch: GroupPatch): string[] {
  return Object.entries(groupFields).flatMap(([name, field]) =>
    'shown' in field && patch[name as keyof GroupPatch] !== undefined ? [field.shown.as] : [],
  );
}

/** The settings that come with /group/create. */
export type NewGroupSettings = Pick<
  GroupSettings,
  { [Name in keyof Fields]: Fields[Name] extends { atCreate: true } ? Name : never }[keyof Fields]
>;

/** The settings of a new group: those that came with it, and the defaults. */
export function settingsOfNew(input: NewGroupSettings): GroupSettings {
  return { ...defaults, ...input };
}

const defaults = Object.fromEntries(
  Object.entries(groupFields).flatMap(([name, field]) => ('default' in field ? [[name, field.default]] : [])),
) as Omit<GroupSettings, keyof NewGroupSettings>;
