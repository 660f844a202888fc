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
  '/member/logout': { parameters: 'sid', returns: '', errors: 'MISSING_FIELDS*' },
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
};

/** What we answer beyond the document. */
export const ours: Record<string, string> = { '/message/get': 'messages.media?' };

export function words(list: string): string[] {
  return list.split(/\s+/).filter(Boolean);
}
