/** The single words that are put into our texts; another language is another table of the same type. */
export const words = {
  owner: 'owner',
  coOwner: 'co-owner',
  left: 'left',
  /** How an account pays. */
  account: { F: 'free', T: 'on trial', P: 'paid' },
  /** Why a line of a group that is made by text was not taken. */
  notAdded: {
    noName: 'no name',
    badName: 'no name for a person',
    longName: 'name too long',
    sameName: 'name is in it',
    ownName: 'your own name',
    samePhone: 'number is in it',
    ownPhone: 'your own number',
    full: 'group is full',
  },
} as const;
