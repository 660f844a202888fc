/** One text on a handset's screen. State: arrived, sent, delivered …; of an app's alert: pushed; of a call: heard; of one's own: sending, taken, refused. */
export type Bubble = {
  id: string;
  way: 'in' | 'out';
  peer: string;
  text: string;
  media: string[];
  at: number;
  state: string;
  /** What the carrier counts and charges the account for it, in dollars; an app's alert and a call have neither. */
  units?: number;
  dollars?: number;
  /** Of one's own text: what became of its copies to others, once the first one is seen. */
  spread?: Spread;
};
/** Phones that the copies of a text went to, and dollars that the carrier charged for them. */
export type Spread = { to: number; delivered: number; failed: number; dollars: number };
export type Handset = { phone: string; name: string; bubbles: Bubble[] };
