/**
 * The catalogue of every error that a caller can meet. A row is a token of the API: its HTTP status (200 for the
 * documented tokens, which are answers to a call that was understood) and a sentence for people, used in the
 * API reference and in answers to star commands.
 */
type Row = { http: number; says: string };

export const catalogue = {
  // Outside the document: about the request itself.
  UNAUTHORIZED: { http: 401, says: 'The session id is missing, unknown, logged out or expired.' },
  BAD_REQUEST: { http: 400, says: 'The request cannot be read; error_subtype names the field.' },
  FORBIDDEN: { http: 403, says: 'The webhook is not signed by whom it should be.' },
  UNKNOWN_URL: { http: 404, says: 'There is no such URL.' },
  METHOD_NOT_ALLOWED: { http: 405, says: 'This URL answers GET and POST only.' },
  TOO_LARGE: { http: 413, says: 'The body is larger than 64 KiB, or the query and headers are larger than 80 KiB.' },
  INTERNAL: { http: 500, says: 'Something broke on our side; request_id finds it in the log.' },
  UNAVAILABLE: { http: 503, says: 'Something this call needs is unavailable; try again after Retry-After seconds.' },

  // Documented tokens.
  BLOCKED_NUMBER: { http: 200, says: 'The number has asked not to get any of our texts.' },
  CANT_MAKE_PUBLIC: { http: 200, says: 'A group can be public only with a name and a description.' },
  DECLINED: { http: 200, says: 'The charge was declined; error_subtype says why.' },
  DESCRIPTION_TOO_LONG: { http: 200, says: 'The description is over 150 characters long.' },
  DISABLED_ADD: { http: 200, says: 'Only the owner of this group can add members.' },
  DUP_NAME: { http: 200, says: 'The group already has this name in it.' },
  DUP_NUMBER: { http: 200, says: 'The group already has this phone number in it.' },
  EXPIRED_CREDIT_CARD: { http: 200, says: 'The credit card has expired.' },
  GROUP_FLIER_NUMBER: { http: 200, says: 'This is one of our own numbers: groups cannot be nested.' },
  INVALID_AMOUNT: { http: 200, says: 'The amount has to be between 1,000 and 100,000 pennies.' },
  INVALID_BROADCAST: { http: 200, says: 'The broadcast value is not 1 or 0, or the caller is not the owner.' },
  INVALID_CC_EXPIRATION: { http: 200, says: 'The expiration date is not YYYY-MM or has passed.' },
  INVALID_CC_NUMBER: { http: 200, says: 'This is not a credit card number.' },
  INVALID_CC_TYPE: { http: 200, says: 'Only Visa, Mastercard and American Express are taken.' },
  INVALID_EMAIL: { http: 200, says: 'This is not an email address.' },
  INVALID_INVITE_CODE: {
    http: 200,
    says: 'An invite code has 4 to 50 characters: letters, digits, underscores and dashes.',
  },
  INVALID_NUMBER: { http: 200, says: 'This is not a phone number that we can text.' },
  INVALID_PIN: { http: 200, says: 'The PIN or password is wrong, used or expired.' },
  INVALID_SMS_STATE: { http: 200, says: 'The sms value is not one that the caller may set.' },
  INVALID_TYPE: { http: 200, says: 'The device type is not iphone, iphone_no_notify or android.' },
  INVALID_WHEN: { http: 200, says: 'The time is not YYYY-MM-DD HH:MM:SS, not in the future, or one too many.' },
  LOCKOUT: { http: 200, says: 'Too many wrong PINs or passwords; try again in 15 minutes.' },
  MEMBER_LOOKUP_FAILED: { http: 200, says: 'The member was not found in this group.' },
  MESSAGE_TOO_LONG: { http: 200, says: 'The message is longer than 150 characters.' },
  MISSING_FIELDS: { http: 200, says: 'Required fields are missing or empty; error_subtype lists them.' },
  NAME_IN_USE: { http: 200, says: 'Another member of the group uses this name.' },
  NOT_ENOUGH_MEMBERS: { http: 200, says: 'The group needs at least one member besides its creator.' },
  NOT_FOUND: { http: 200, says: 'It was not found.' },
  NOT_OWNER: { http: 200, says: 'Only the owner of the group can do this.' },
  NOT_SELF: { http: 200, says: 'You cannot remove yourself.' },
  NO_ACCOUNT: { http: 200, says: 'This member has no account.' },
  NO_CREDIT_CARD: { http: 200, says: 'The account has no credit card on file.' },
  SHORT_SEARCH: { http: 200, says: 'A search needs at least 3 characters.' },
  SUSPENDED: {
    http: 200,
    says: 'The group is suspended: the balance of its account is used up, or an operator has put it on hold.',
  },
  THROTTLE: { http: 200, says: 'Too many requests too fast; try again after Retry-After seconds.' },
  TOO_LONG: { http: 200, says: 'A name is over 30 characters long.' },
  TOO_MANY_MEMBERS: { http: 200, says: 'The group is full.' },
  TOO_MANY_PENDING_GROUPS: { http: 200, says: 'Activate the groups that wait for a YES before you create more.' },
  USED_INVITE_CODE: { http: 200, says: 'Another group uses this invite code.' },
} as const satisfies Record<string, Row>;

export type ErrorToken = keyof typeof catalogue;
