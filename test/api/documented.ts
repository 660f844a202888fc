/**
 * What the original API document says of the calls that are declared so far, copied from it by hand: so that a slip in
 * a declaration is seen. `?` marks an optional parameter or field, `*` an error that the document gives a subtype.
 */
export const documented: Record<string, { parameters: string; returns: string; errors: string }> = {
  '/group/create': {
    parameters: 'group name number email? name_N number_N source? reply_to_owner? send_pin?',
    returns: 'number first_group',
    errors: `MISSING_FIELDS* INVALID_NUMBER* TOO_LONG* GROUP_FLIER_NUMBER* BLOCKED_NUMBER DUP_NUMBER* DUP_NAME*
      TOO_MANY_PENDING_GROUPS NOT_ENOUGH_MEMBERS TOO_MANY_MEMBERS`,
  },
  '/group/set': {
    parameters: `sid pin? pin_number? number name? notify_on_add? reply_to_owner? disable_who? disable_add?
      invite_code? is_public? description?`,
    returns: 'invite_code?',
    errors: `MISSING_FIELDS* TOO_LONG DESCRIPTION_TOO_LONG MEMBER_LOOKUP_FAILED NOT_OWNER INVALID_INVITE_CODE
      USED_INVITE_CODE CANT_MAKE_PUBLIC`,
  },
  '/group/delete': {
    parameters: 'sid number',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED NOT_OWNER',
  },
  '/group/list': {
    parameters: 'search? newest? number?',
    returns: `groups groups.invite_code groups.name groups.description groups.owner groups.reply_to_owner groups.count
      groups.full groups.is_member`,
    errors: 'THROTTLE SHORT_SEARCH',
  },
  '/group/join': {
    parameters: 'invite_code name? number',
    returns: 'name',
    errors: `NOT_FOUND TOO_MANY_MEMBERS MISSING_FIELDS* INVALID_NUMBER* GROUP_FLIER_NUMBER BLOCKED_NUMBER DUP_NUMBER
      TOO_LONG DUP_NAME THROTTLE`,
  },
  '/group/invite/check': {
    parameters: 'invite_code',
    returns: 'name reply_to_owner disable_who',
    errors: 'NOT_FOUND TOO_MANY_MEMBERS MISSING_FIELDS* THROTTLE',
  },
  '/member/find': {
    parameters: 'number',
    returns: 'has_password',
    errors: 'MISSING_FIELDS* INVALID_NUMBER* NOT_FOUND THROTTLE',
  },
  '/member/login': {
    parameters: 'number pin source?',
    returns: 'sid',
    errors: 'MISSING_FIELDS* INVALID_NUMBER INVALID_PIN LOCKOUT',
  },
  '/member/groups': {
    parameters: 'sid',
    returns: `number account account.type account.balance account.suspended groups groups.name groups.number groups.bye
      groups.sms groups.owner groups.notify_on_add groups.reply_to_owner groups.disable_who groups.disable_add
      groups.is_public groups.invite_code groups.description groups.suspended groups.members groups.members.name
      groups.members.number groups.members.bye groups.members.owner groups.members.broadcast`,
    errors: '',
  },
  '/member/add': {
    parameters: 'sid group name number',
    returns: '',
    errors: `MISSING_FIELDS* MEMBER_LOOKUP_FAILED INVALID_NUMBER GROUP_FLIER_NUMBER BLOCKED_NUMBER DUP_NUMBER DUP_NAME
      TOO_MANY_MEMBERS TOO_LONG DISABLED_ADD`,
  },
  '/member/remove': {
    parameters: 'sid group number',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_NUMBER* MEMBER_LOOKUP_FAILED NOT_OWNER NOT_SELF NOT_FOUND',
  },
  '/member/set': {
    parameters: 'sid group number? name? sms? broadcast?',
    returns: '',
    errors: `MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED NOT_OWNER TOO_LONG NAME_IN_USE INVALID_SMS_STATE
      INVALID_BROADCAST`,
  },
  '/member/bye': {
    parameters: 'sid group',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED',
  },
  '/member/hi': {
    parameters: 'sid group',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED',
  },
  '/member/logout': { parameters: 'sid', returns: '', errors: 'MISSING_FIELDS*' },
  '/message/count': { parameters: 'sid number?', returns: 'results results.number results.count', errors: '' },
  '/message/get': {
    parameters: 'sid number message_id? message_from? message_to?',
    returns: 'time messages messages.id messages.txt messages.time',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED',
  },
  '/message/send': {
    parameters: 'sid number message cc?',
    returns: 'refresh?',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED MESSAGE_TOO_LONG SUSPENDED',
  },
  '/message/grand/total': { parameters: '', returns: 'cnt', errors: '' },
  '/message/schedule': {
    parameters: 'sid number message cc? when',
    returns: '',
    errors: `MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED MESSAGE_TOO_LONG SUSPENDED NOT_OWNER INVALID_WHEN*`,
  },
  '/message/schedule/list': {
    parameters: 'sid number',
    returns: 'messages messages.id messages.txt messages.when',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED NOT_OWNER',
  },
  '/message/schedule/delete': {
    parameters: 'sid number message_id',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_NUMBER MEMBER_LOOKUP_FAILED NOT_OWNER NOT_FOUND',
  },
  '/device/register': {
    parameters: 'number type token',
    returns: '',
    errors: 'MISSING_FIELDS* INVALID_TYPE INVALID_NUMBER* THROTTLE',
  },
  '/device/release': { parameters: 'sid type', returns: '', errors: 'MISSING_FIELDS* INVALID_TYPE' },
  '/account/set': {
    parameters: 'sid email zip cc_expiration? cc_number?',
    returns: 'cc_description?',
    errors: 'MISSING_FIELDS* NO_ACCOUNT INVALID_EMAIL INVALID_CC_NUMBER INVALID_CC_TYPE INVALID_CC_EXPIRATION',
  },
  '/account/password': { parameters: 'sid password', returns: '', errors: 'MISSING_FIELDS* NO_ACCOUNT' },
  '/account/balance': { parameters: 'sid', returns: 'balance suspended type', errors: '' },
  '/account/charge': {
    parameters: 'sid amount',
    returns: '',
    errors: 'MISSING_FIELDS* NO_ACCOUNT NO_CREDIT_CARD EXPIRED_CREDIT_CARD INVALID_AMOUNT DECLINED*',
  },
};

/** What we take beyond the document; all of it may be left out. */
export const taken: Record<string, string> = {
  '/group/create': 'idempotency_key?',
  '/group/set': 'pinned? hours? broadcast_approval? batches? forward_to? language?',
  '/member/add': 'idempotency_key?',
  '/message/send': 'preview? media_ids? idempotency_key?',
  '/message/schedule': 'media_ids? idempotency_key?',
  '/member/set': 'co_owner? zone? batch? language?',
  '/device/register': 'sid',
  '/group/join': 'sid',
  '/member/logout': 'all?',
  '/account/set': 'cc_token?',
  '/account/charge': 'idempotency_key?',
};

/** What we answer beyond the document. */
export const ours: Record<string, string> = {
  '/message/get': `messages.from? messages.name? messages.gone? messages.media? messages.reactions? messages.reactions.reaction
    messages.reactions.count`,
  '/message/send': `message_id? reply? recipients? segments? cost? skipped? skipped.name skipped.number
    skipped.reason`,
  '/message/schedule': 'ids?',
  '/message/schedule/list': 'messages.media? messages.rsvp? messages.repeats?',
  '/member/groups': `groups.zone groups.batch groups.pinned groups.hours groups.broadcast_approval groups.batches
    groups.language groups.group_language groups.forward_to groups.co_owner groups.members.co_owner`,
};

export function words(list: string): string[] {
  return list.split(/\s+/).filter(Boolean);
}
