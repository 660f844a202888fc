/** The plain values that rules decide on. */

export type Group = {
  id: number;
  name: string;
  /** The main number, E.164. */
  number: string;
  ownerPersonId: number;
  version: number;
  notifyOnAdd: boolean;
  replyToOwner: boolean;
  disableWho: boolean;
  disableAdd: boolean;
  isPublic: boolean;
  inviteCode: string | null;
  description: string | null;
  digest: boolean;
};

/** 0 nothing is sent, 1 SMS, 2 push with SMS where no device can be alerted. */
export type SmsState = 0 | 1 | 2;

export type Member = {
  /** The membership. */
  id: number;
  personId: number;
  /** E.164. */
  phone: string;
  /** Our number through which they reach the group. */
  numberId: number;
  number: string;
  name: string | null;
  owner: boolean;
  broadcast: boolean;
  /** Said bye: on the roster, gets nothing, sends nothing. */
  left: boolean;
  /** In force. */
  sms: SmsState;
  /** What the member themself chose. */
  smsChosen: SmsState;
  /** Epoch milliseconds. */
  mutedUntil: number | null;
  /** Said STOP: no text of ours goes to the phone. */
  blocked: boolean;
};

/** A frozen picture of a group and its members at one version; removed members are not in it. */
export type Roster = { group: Group; members: readonly Member[] };

/** A member in their group. */
export type Standing = { roster: Roster; member: Member };

/** What somebody wants heard, as it came in by text or by call. */
export type Said = { text: string; media: readonly string[]; cc: boolean };
