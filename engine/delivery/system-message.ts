/**
 * A text of ours, or what writes it in the language of each whom it goes to. `urgent` ones (PINs, answers) go before messages,
 * where the phone is proven.
 */
export type SystemMessage = Omit<WrittenMessage, 'text' | 'asks'> & {
  text: string | (() => string);
  /** It asks whom it reaches for a consent: so it stands in the ledger, with these words, which never hold a PIN. */
  asks?: Omit<Asked, 'wording'> & { wording: string | (() => string) };
};

/** A text of ours as it goes out. */
export type WrittenMessage = {
  groupId: number | null;
  text: string;
  to: readonly Addressee[];
  urgent: boolean;
  /** Goes out to a phone that is blocked: the one confirmation of a STOP. */
  ignoreOptOut?: boolean;
  /** The text holds a PIN: it is emptied then. */
  redactAt?: Date;
  /** It answers what the one whom it goes to has asked for. */
  answers?: true;
  /** The same of a group goes to a phone once a day. */
  once?: 'welcome' | 'pinned' | 'offer' | 'co-owner' | 'ended';
  /** Somebody else asks for it who may be nobody to whom it reaches: it is a first text to a proven phone as well. */
  unasked?: boolean;
  asks?: Asked;
  /** It is told to others than whom the act is about: beyond a budget it waits, and refuses nothing. */
  news?: boolean;
};
type Asked = { about: 'membership' | 'ownership' | 'device'; groupId: number | null; wording: string };
/** A phone, and the number of ours from which it gets the text. */
export type Addressee = { personId: number; membershipId: number | null; numberId: number };
