// Drawn from the declarations of the API by `npm run docs`; a test fails while it is not up to date.

export type Error = {
  status: 'ERROR';
  /** The error */
  error_type: string;
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type CreateGroupInput = {
  /** The name of the group. BAD_REQUEST for one that reads as a phone number, holds a web address, or shows nothing. */
  group: string;
  /** The name of the group creator. BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name: string;
  /** The mobile number of the group creator */
  number: string;
  /** The email address of the group creator */
  email?: string;
  /** The additional members; in forms and queries as name_0, number_0, name_1 and so on */
  members?: readonly ({
    /** The name of the additional member */
    name?: string;
    /** The number of the additional member */
    number: string;
  })[];
  /** The name of the application that is creating the group */
  source?: string;
  /** A flag, if set messages only go to the group creator */
  reply_to_owner?: 1 | 0;
  /** A flag, if set the text to the creator holds a PIN for /group/set */
  send_pin?: 1 | 0;
  /** The client’s own name for this group, at most 64 characters: a repeat within 24 hours does nothing and returns the first answer. Also as the header Idempotency-Key */
  idempotency_key?: string;
};

export type CreateGroupAnswer = {
  status: 'OK';
  /** The group number */
  number: string;
  /** 1 if this is the first group for an account */
  first_group: 0 | 1;
};

export type CreateGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'TOO_LONG' | 'GROUP_FLIER_NUMBER' | 'BLOCKED_NUMBER' | 'DUP_NUMBER' | 'DUP_NAME' | 'TOO_MANY_PENDING_GROUPS' | 'NOT_ENOUGH_MEMBERS' | 'TOO_MANY_MEMBERS';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SetGroupInput = {
  /** The PIN from send_pin in /group/create */
  pin?: string;
  /** The number the PIN was sent to */
  pin_number?: string;
  /** The group number */
  number: string;
  /** The name of the group. BAD_REQUEST for one that reads as a phone number, holds a web address, or shows nothing. */
  name?: string;
  /** A flag to notify the group when a new member is added */
  notify_on_add?: 1 | 0;
  /** A flag, if set messages only go to the group creator */
  reply_to_owner?: 1 | 0;
  /** Flag to disable the *who command for group members */
  disable_who?: 1 | 0;
  /** Flag to disable the *add command for group members */
  disable_add?: 1 | 0;
  /** The invitation code for the group */
  invite_code?: string;
  /** Flag to make this a public group */
  is_public?: 1 | 0;
  /** Description of the group */
  description?: string;
  /** A text that newcomers get with their welcome and that *pinned shows; empty takes it away */
  pinned?: string;
  /** Hours, such as 8-21, by the clocks of each recipient, for scheduled messages and for broadcasts of a reply to owner group; what is said outside of them waits. Empty: off. BAD_REQUEST for one that is no hours, or fewer than eight. */
  hours?: string;
  /** A flag, if set what broadcast members say to all of a reply to owner group waits for the approval of an owner */
  broadcast_approval?: 1 | 0;
  /** The phone that rings when a member calls the number of the group: one that we would text, none of our numbers, and none that said STOP. Empty: none, callers hear what the number is for */
  forward_to?: string;
  /** Flag, while the group is busy, members who only read get one text for several */
  batches?: 1 | 0;
  /** The language of our texts to members who have chosen none: en, es or fr; empty: English. BAD_REQUEST for one that names none of our languages. */
  language?: 'en' | 'es' | 'fr';
};

export type SetGroupAnswer = {
  status: 'OK';
  /** The invite code, where the group has one */
  invite_code?: string;
};

export type SetGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'TOO_LONG' | 'DESCRIPTION_TOO_LONG' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'INVALID_INVITE_CODE' | 'USED_INVITE_CODE' | 'CANT_MAKE_PUBLIC';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type DeleteGroupInput = {
  /** The group number to delete */
  number: string;
};

export type DeleteGroupAnswer = {
  status: 'OK';
};

export type DeleteGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListPublicGroupsInput = {
  /** Search expression */
  search?: string;
  /** Flag to get the most recent groups */
  newest?: 1 | 0;
  /** Users phone number */
  number?: string;
};

export type ListPublicGroupsAnswer = {
  status: 'OK';
  /** An array of the groups */
  groups: readonly ({
    /** Invite code */
    invite_code: string;
    /** Name of the group */
    name: string;
    /** Group description */
    description: string;
    /** Name of the group owner; empty where they have none */
    owner: string;
    /** Flag for the messages only go to the group owner setting */
    reply_to_owner: 0 | 1;
    /** Number of members in the group */
    count: number;
    /** Flag if the group is full */
    full: 0 | 1;
    /** Flag if number is a member of the group already */
    is_member: 0 | 1;
  })[];
};

export type ListPublicGroupsError = {
  status: 'ERROR';
  /** The error */
  error_type: 'THROTTLE' | 'SHORT_SEARCH';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type JoinGroupInput = {
  /** The invitation code of the group */
  invite_code: string;
  /** Your name (optional if the group is a reply_to_owner group). BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name?: string;
  /** Your phone number */
  number: string;
};

export type JoinGroupAnswer = {
  status: 'OK';
  /** Name of the group */
  name: string;
};

export type JoinGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'NOT_FOUND' | 'TOO_MANY_MEMBERS' | 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'GROUP_FLIER_NUMBER' | 'BLOCKED_NUMBER' | 'DUP_NUMBER' | 'TOO_LONG' | 'DUP_NAME' | 'THROTTLE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type CheckInviteInput = {
  /** The invitation code of the group */
  invite_code: string;
};

export type CheckInviteAnswer = {
  status: 'OK';
  /** Name of the group */
  name: string;
  /** Flag, if set messages only go to the group owner */
  reply_to_owner: 0 | 1;
  /** Flag to disable the *who command for group members */
  disable_who: 0 | 1;
};

export type CheckInviteError = {
  status: 'ERROR';
  /** The error */
  error_type: 'NOT_FOUND' | 'TOO_MANY_MEMBERS' | 'MISSING_FIELDS' | 'THROTTLE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type FindMemberInput = {
  /** The mobile number */
  number: string;
};

export type FindMemberAnswer = {
  status: 'OK';
  /** Do they have a password */
  has_password: 0 | 1;
};

export type FindMemberError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'NOT_FOUND' | 'THROTTLE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type LogInInput = {
  /** The mobile number */
  number: string;
  /** The PIN number or account password */
  pin: string;
  /** The name of the application that they are logging in through */
  source?: string;
};

export type LogInAnswer = {
  status: 'OK';
  /** The session id */
  sid: string;
};

export type LogInError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'INVALID_PIN' | 'LOCKOUT';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type GetMyGroupsInput = Record<string, never>;

export type Account = {
  /** Type of account: Free, Trial or Paid */
  type: 'F' | 'T' | 'P';
  /** Account balance in pennies */
  balance: number;
  /** Flag if the account is suspended */
  suspended: 0 | 1;
};

export type Member = {
  /** Number of the member */
  number: string;
  /** Name of the member; empty where they have none */
  name: string;
  /** Flag if they are the owner of the group */
  owner: 0 | 1;
  /** Flag if they have left the group */
  bye: 0 | 1;
  /** Flag if they can broadcast to a reply to owner group */
  broadcast: 0 | 1;
  /** Flag if they are a co-owner of the group */
  co_owner: 0 | 1;
};

export type Group = {
  /** Number of the group, for this member */
  number: string;
  /** Flag if they are the owner of the group */
  owner: 0 | 1;
  /** Flag if they have left the group */
  bye: 0 | 1;
  /** SMS delivery state: 0 nothing, 1 SMS, 2 push, else SMS */
  sms: number;
  /** Flag if they are a co-owner of the group */
  co_owner: 0 | 1;
  /** Time zone of the member by its IANA name: as they set it, else by the area code */
  zone: string;
  /** Their choice: live, batch, or empty where they get texts as the group does */
  batch: string;
  /** Their language: en, es, fr, or empty where they are texted in that of the group */
  language: string;
  /** Name of the group */
  name: string;
  /** Flag to notify the group when a new member is added */
  notify_on_add: 0 | 1;
  /** Flag, if set messages only go to the group owner */
  reply_to_owner: 0 | 1;
  /** Flag to disable the *who command for group members */
  disable_who: 0 | 1;
  /** Flag to disable the *add command for group members */
  disable_add: 0 | 1;
  /** Invite code for the group; empty where it has none */
  invite_code: string;
  /** Flag if this is a public group */
  is_public: 0 | 1;
  /** Description of the group; empty where it has none */
  description: string;
  /** Text that is pinned; empty where none is, and for a member who has left */
  pinned: string;
  /** Hours that texts to all wait for; empty: off */
  hours: string;
  /** Flag, if set what broadcast members say to all waits for an owner */
  broadcast_approval: 0 | 1;
  /** The phone that rings when a member calls; empty where none does, and for those who may not change it */
  forward_to: string;
  /** Flag if members who only read get one text for several while the group is busy */
  batches: 0 | 1;
  /** Language of our texts to members who have chosen none; empty: English */
  group_language: string;
  /** Flag if the group is suspended */
  suspended: 0 | 1;
  /** The members of the group; with disable_who, and after leaving, only oneself and the owner, except for the owner */
  members: readonly (Member)[];
};

export type GetMyGroupsAnswer = {
  status: 'OK';
  /** The members phone number */
  number: string;
  account: Account;
  /** The groups the member belongs to */
  groups: readonly (Group)[];
};

export type AddMemberInput = {
  /** The group number */
  group: string;
  /** The name of the new member. BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name: string;
  /** The number of the new member */
  number: string;
  /** The client’s own name for this member, at most 64 characters: a repeat within 24 hours does nothing and returns the first answer. Also as the header Idempotency-Key */
  idempotency_key?: string;
};

export type AddMemberAnswer = {
  status: 'OK';
};

export type AddMemberError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'MEMBER_LOOKUP_FAILED' | 'INVALID_NUMBER' | 'GROUP_FLIER_NUMBER' | 'BLOCKED_NUMBER' | 'DUP_NUMBER' | 'DUP_NAME' | 'TOO_MANY_MEMBERS' | 'TOO_LONG' | 'DISABLED_ADD';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type RemoveMemberInput = {
  /** The group number */
  group: string;
  /** The number to remove */
  number: string;
};

export type RemoveMemberAnswer = {
  status: 'OK';
};

export type RemoveMemberError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NOT_SELF' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SetMemberInput = {
  /** The group number */
  group: string;
  /** The group owner can modify another members settings by passing the member number */
  number?: string;
  /** The name of the member. BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name?: string;
  /** SMS delivery state: 0 nothing is sent, 1 SMS, 2 push to the devices of the member, SMS where there is none */
  sms?: 0 | 1 | 2;
  /** Can they broadcast to a reply to owner group */
  broadcast?: 1 | 0;
  /** May they do what the owner may, but for handing the group over and deleting it */
  co_owner?: 1 | 0;
  /** The time zone of the member, such as America/New_York or Eastern. BAD_REQUEST for one that names no time zone. */
  zone?: string;
  /** live: each text at once; batch: one text for several; empty: as the group does. Their own choice alone */
  batch?: 'live' | 'batch';
  /** The language of our texts to the member, in all their groups: en, es or fr; empty: as the group. Their own choice alone. BAD_REQUEST for one that names none of our languages. */
  language?: 'en' | 'es' | 'fr';
};

export type SetMemberAnswer = {
  status: 'OK';
};

export type SetMemberError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'TOO_LONG' | 'NAME_IN_USE' | 'INVALID_SMS_STATE' | 'INVALID_BROADCAST';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type LeaveGroupInput = {
  /** The group number */
  group: string;
};

export type LeaveGroupAnswer = {
  status: 'OK';
};

export type LeaveGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type RejoinGroupInput = {
  /** The group number */
  group: string;
};

export type RejoinGroupAnswer = {
  status: 'OK';
};

export type RejoinGroupError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type LogOutInput = {
  /** A flag, if set all sessions of the member end */
  all?: 1 | 0;
};

export type LogOutAnswer = {
  status: 'OK';
};

export type LogOutError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type CountMessagesInput = {
  /** Get the count for this group number only */
  number?: string;
};

export type CountMessagesAnswer = {
  status: 'OK';
  /** The counts for each group */
  results: readonly ({
    /** Number of the group */
    number: string;
    /** Number of messages in the group */
    count: number;
  })[];
};

export type GetMessagesInput = {
  /** The group number to get the messages for */
  number: string;
  /** The id of the message to get */
  message_id?: number;
  /** Get messages from this id to the last message or the message_to value */
  message_from?: number;
  /** Get messages from the first message or message_from value to this id */
  message_to?: number;
};

export type Message = {
  /** Id of the message, a sequential integer starting at 1 */
  id: number;
  /** Text of the message */
  txt: string;
  /** Who said it, where /member/groups lists them to the caller */
  from?: string;
  /** The name that the text begins with, or the number of who has none */
  name?: string;
  /** Time the message was sent, in seconds since 1970 (UTC) */
  time: number;
  /** 1 where the text was deleted, because it had been kept long enough */
  gone?: number;
  /** Addresses of its media, where it has any; at most 10. What apps uploaded has another one each day, good for 3 to 4 days */
  media?: readonly (string)[];
  /** What members’ handsets reacted with, where any did; the most frequent first */
  reactions?: readonly ({
    /** An emoji */
    reaction: string;
    /** How many members reacted with it */
    count: number;
  })[];
};

export type GetMessagesAnswer = {
  status: 'OK';
  /** Time on the server, in seconds since 1970 (UTC) */
  time: number;
  /** The messages */
  messages: readonly (Message)[];
};

export type GetMessagesError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SendMessageInput = {
  /** The group number to send the message to */
  number: string;
  /** The message to send */
  message: string;
  /** cc me a copy as a SMS or device notification */
  cc?: 1 | 0;
  /** Send nothing, and return what sending would take and cost */
  preview?: 1 | 0;
  /** Pictures to send with it: ids of /v1/media/upload by comma, at most 10. It goes out, and costs, as an MMS */
  media_ids?: string;
  /** The client’s own name for this message, at most 64 characters: a repeat within 24 hours does nothing and returns the first answer. Also as the header Idempotency-Key */
  idempotency_key?: string;
};

export type SendMessageAnswer = {
  status: 'OK';
  /** The id of the message in its group; none where it was a command, or a reaction */
  message_id?: number;
  /** The message was a star command and caused a change in the group status */
  refresh?: 0 | 1;
  /** What we answered: to a star command, a message to one member or a list, an answer to a poll, a text that waits */
  reply?: string;
  /** With preview: how many phones would be texted, now or, as `reply` says then, later */
  recipients?: number;
  /** With preview: the SMS segments of the text to one recipient */
  segments?: number;
  /** With preview: what all of it would cost, in pennies; alerts to devices are free */
  cost?: number;
  /** With preview, for the owner: the members who would not get it */
  skipped?: readonly ({
    /** Name of the member; empty where they have none */
    name: string;
    /** Number of the member */
    number: string;
    /** Why: they opted out, muted the group for a while, turned its texts off, or left it */
    reason: 'blocked' | 'muted' | 'sms' | 'left';
  })[];
};

export type SendMessageError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'MESSAGE_TOO_LONG' | 'SUSPENDED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type CountAllMessagesAnswer = {
  status: 'OK';
  /** The grand total of all messages processed by the system */
  cnt: number;
};

export type ScheduleMessageInput = {
  /** The group number to send the message to */
  number: string;
  /** The message to send */
  message: string;
  /** cc me a copy as a SMS or device notification */
  cc?: 1 | 0;
  /** Comma delimited list of the UTC times to send the message at. Format is YYYY-MM-DD HH:MM:SS */
  when: string;
  /** Pictures to send with it: ids of /v1/media/upload by comma, at most 10. It goes out, and costs, as an MMS */
  media_ids?: string;
  /** The client’s own name for this message, at most 64 characters: a repeat within 24 hours does nothing and returns the first answer. Also as the header Idempotency-Key */
  idempotency_key?: string;
};

export type ScheduleMessageAnswer = {
  status: 'OK';
  /** Ids of the scheduled messages in the order of their times, for /message/schedule/delete */
  ids?: readonly (number)[];
};

export type ScheduleMessageError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'MESSAGE_TOO_LONG' | 'SUSPENDED' | 'NOT_OWNER' | 'INVALID_WHEN';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListScheduledInput = {
  /** The group number */
  number: string;
};

export type ListScheduledAnswer = {
  status: 'OK';
  /** The messages */
  messages: readonly ({
    /** Id of the message, for /message/schedule/delete */
    id: number;
    /** Text of the message */
    txt: string;
    /** Addresses of its pictures, where it has any */
    media?: readonly (string)[];
    /** UTC time when the message will be sent, as YYYY-MM-DD HH:MM:SS */
    when: string;
    /** Set by text alone (*rsvp and its id): at its time it asks who comes */
    rsvp?: 0 | 1;
    /** Set by text alone: on which days it is sent again, by the clocks of which time zone */
    repeats?: string;
  })[];
};

export type ListScheduledError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type DeleteScheduledInput = {
  /** The group number */
  number: string;
  /** The scheduled message id */
  message_id: number;
};

export type DeleteScheduledAnswer = {
  status: 'OK';
};

export type DeleteScheduledError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type RegisterDeviceInput = {
  /** The phone number of the device */
  number: string;
  /** Type of the device (iphone,iphone_no_notify,android) */
  type: 'iphone' | 'iphone_no_notify' | 'android';
  /** Token of the device */
  token: string;
};

export type RegisterDeviceAnswer = {
  status: 'OK';
};

export type RegisterDeviceError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_TYPE' | 'INVALID_NUMBER' | 'THROTTLE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ReleaseDevicesInput = {
  /** Type of the device (iphone,iphone_no_notify,android) */
  type: 'iphone' | 'iphone_no_notify' | 'android';
};

export type ReleaseDevicesAnswer = {
  status: 'OK';
};

export type ReleaseDevicesError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_TYPE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SetAccountInput = {
  /** Email address */
  email: string;
  /** Billing zip */
  zip: string;
  /** Credit card expiration in the format YYYY-MM */
  cc_expiration?: string;
  /** Credit card number: Visa, Mastercard or American Express */
  cc_number?: string;
  /** In place of number and expiration: the payment provider’s token or payment method, made in the browser */
  cc_token?: string;
};

export type SetAccountAnswer = {
  status: 'OK';
  /** Credit card description if a credit card was passed: Visa ending in 4242 */
  cc_description?: string;
};

export type SetAccountError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NO_ACCOUNT' | 'INVALID_EMAIL' | 'INVALID_CC_NUMBER' | 'INVALID_CC_TYPE' | 'INVALID_CC_EXPIRATION';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SetPasswordInput = {
  /** The password */
  password: string;
};

export type SetPasswordAnswer = {
  status: 'OK';
};

export type SetPasswordError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NO_ACCOUNT';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type GetBalanceInput = Record<string, never>;

export type GetBalanceAnswer = {
  status: 'OK';
  /** The account balance in pennies */
  balance: number;
  /** Is the account suspended */
  suspended: 0 | 1;
  /** Type of account: Free, Trial or Paid */
  type: 'F' | 'T' | 'P';
};

export type ChargeAccountInput = {
  /** The amount to charge in pennies */
  amount: number;
  /** Any text by which the client names this charge. Also as the header Idempotency-Key */
  idempotency_key?: string;
};

export type ChargeAccountAnswer = {
  status: 'OK';
};

export type ChargeAccountError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NO_ACCOUNT' | 'NO_CREDIT_CARD' | 'EXPIRED_CREDIT_CARD' | 'INVALID_AMOUNT' | 'DECLINED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type GetMessageStateInput = {
  /** The group number */
  number: string;
  /** The id of the message in its group */
  message_id: number;
};

export type GetMessageStateAnswer = {
  status: 'OK';
  message: Message;
  /** For its sender and for the owner: its recipients by state */
  counts?: {
    /** How many recipients it has not gone out to yet */
    waiting: number;
    /** How many texts the carrier has taken and not reported on */
    sent: number;
    /** How many handsets or devices have it */
    delivered: number;
    /** How many did not get it */
    failed: number;
    /** How many were not sent it, because they opted out, muted the group or turned its texts off */
    skipped: number;
  };
  /** For the owner: each recipient */
  recipients?: readonly ({
    /** Name of the member; empty where they have none */
    name: string;
    /** Number of the member, unless they were forgotten since */
    number?: string;
    /** What became of the text */
    state: 'waiting' | 'sent' | 'delivered' | 'failed' | 'skipped';
    /** Why it failed or was skipped, where that is known: blocked, muted, sms, batched (told in one text for several) … */
    reason?: string;
    /** The carrier’s code of the failure */
    error_code?: number;
  })[];
};

export type GetMessageStateError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type UploadMediaInput = {
  /** The contents, in base64 */
  content: string;
};

export type UploadMediaAnswer = {
  status: 'OK';
  /** For media_ids of /message/send and /message/schedule */
  media_id: number;
  /** What it is, such as image/jpeg */
  type: string;
  /** Where it can be fetched for some days */
  url: string;
};

export type UploadMediaError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type GetEventsInput = {
  /** The cursor of the last answer, or start */
  cursor?: string;
  /** The most events of the answer, 1 to 1000; else 100 */
  limit?: number;
};

export type Event = {
  /** message.accepted: somebody said something that is for the reader, or that they said themself. message.delivery: how many of the recipients of a message have it; for who said it and for the owner, whenever the counts have changed, until all are final or a day is over; of the newest 50 messages. message.reaction: a handset reacted to a message that the reader may read, or took that back; all of its reactions. member.joined: somebody is a member, also after they had left. member.left: a member has left and may come back. member.renamed: a member has another name. member.removed: a membership was taken away. group.changed: settings of the group have changed, or its owner. group.gone: the reader is in the group no longer: they were removed, or it was deleted. schedule.sent: a scheduled message went out; for the owner. schedule.dropped: a scheduled message was not sent after all; for the owner. account.low: the reader’s account runs low; not for keys */
  type: 'message.accepted' | 'message.delivery' | 'message.reaction' | 'member.joined' | 'member.left' | 'member.renamed' | 'member.removed' | 'group.changed' | 'group.gone' | 'schedule.sent' | 'schedule.dropped' | 'account.low';
  /** When it happened, in seconds since 1970 (UTC) */
  time: number;
  /** The group number, for the reader */
  group?: string;
  /** What was said */
  message?: {
    /** Id of the message in its group */
    id: number;
    /** Text of the message */
    txt: string;
    /** Who said it, where /member/groups lists them to the reader */
    from?: string;
    /** The name that the text begins with, or the number of who has none */
    name?: string;
    /** Time the message was sent, in seconds since 1970 (UTC) */
    time: number;
    /** 1 where the text was kept long enough and deleted */
    gone?: number;
    /** 1 where the reader said it */
    mine?: number;
    /** Addresses of its media, where it has any */
    media?: readonly (string)[];
  };
  /** Id of the message in its group that it is about */
  message_id?: number;
  /** The recipients of the message, by state */
  counts?: {
    /** Recipients whose text has not gone out yet */
    waiting: number;
    /** Recipients whose text the carrier has taken and not reported on */
    sent: number;
    /** Recipients who have it */
    delivered: number;
    /** Recipients who did not get it */
    failed: number;
    /** Recipients who are not sent texts */
    skipped: number;
  };
  /** All reactions to the message, the most frequent first */
  reactions?: readonly ({
    /** An emoji */
    reaction: string;
    /** How many members reacted with it */
    count: number;
  })[];
  /** The member that it is about */
  member?: {
    /** Name of the member now; empty where they have none */
    name: string;
    /** Number of the member, unless they were forgotten since */
    number?: string;
  };
  /** The fields of /member/groups that have changed: read them there; lists are those of /v1/lists/list */
  changed?: readonly (string)[];
  /** Id of the scheduled message */
  schedule_id?: number;
  /** Account balance in pennies, now */
  balance?: number;
};

export type GetEventsAnswer = {
  status: 'OK';
  /** For the next call */
  cursor: string;
  /** There are more events to read at once */
  more: 0 | 1;
  /** The events */
  events: readonly (Event)[];
};

export type CreateKeyInput = {
  /** What it is for */
  name: string;
  /** read, or send, which reads too */
  access: 'read' | 'send';
  /** The number of the one group that it is for; else it is for all that the caller owns, now and later */
  number?: string;
};

export type CreateKeyAnswer = {
  status: 'OK';
  /** Id of the key, for /v1/keys/revoke */
  id: number;
  /** The key itself; it is kept only as a hash and cannot be shown again */
  key: string;
};

export type CreateKeyError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NO_ACCOUNT' | 'THROTTLE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListKeysInput = {
  /** Only keys of a lower id */
  before?: number;
};

export type ListKeysAnswer = {
  status: 'OK';
  /** The keys */
  keys: readonly ({
    /** Id of the key, for /v1/keys/revoke */
    id: number;
    /** What it is for */
    name: string;
    /** What it may do: send may read too */
    access: 'read' | 'send';
    /** The number of the one group that it is for; left out where it is for all */
    number?: string;
    /** Time the key was made, in seconds since 1970 (UTC) */
    created: number;
    /** Time the key was last used, to the hour, in seconds since 1970 (UTC) */
    used?: number;
  })[];
};

export type RevokeKeyInput = {
  /** Id of the key */
  id: number;
};

export type RevokeKeyAnswer = {
  status: 'OK';
};

export type RevokeKeyError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListListsInput = {
  /** The group number */
  number: string;
};

export type ListListsAnswer = {
  status: 'OK';
  /** The lists, by name */
  lists: readonly ({
    /** Name of the list */
    name: string;
    /** Who is on it */
    members: readonly ({
      /** Name of the member; empty where they have none */
      name: string;
      /** Number of the member */
      number: string;
    })[];
  })[];
};

export type ListListsError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type SetListInput = {
  /** The group number */
  number: string;
  /** The name of the list, 20 letters at most; upper and lower case are the same. BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name: string;
  /** Comma delimited numbers of the members who are on it; empty: nobody */
  members?: string;
};

export type SetListAnswer = {
  status: 'OK';
};

export type SetListError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'TOO_LONG' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NAME_IN_USE';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type DeleteListInput = {
  /** The group number */
  number: string;
  /** The name of the list, 20 letters at most; upper and lower case are the same. BAD_REQUEST for one that begins with a star, reads as a phone number, holds a colon or a web address, or shows nothing. */
  name: string;
};

export type DeleteListAnswer = {
  status: 'OK';
};

export type DeleteListError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'TOO_LONG' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListApprovalsInput = {
  /** The group number */
  number: string;
};

export type ListApprovalsAnswer = {
  status: 'OK';
  /** What waits */
  approvals: readonly ({
    /** Id of the message here, for /v1/approvals/approve and /v1/approvals/decline */
    id: number;
    /** Name of who says it; empty where they have none */
    name: string;
    /** Number of who says it */
    from: string;
    /** Text of the message */
    txt: string;
    /** Addresses of its pictures, where it has any */
    media?: readonly (string)[];
    /** UTC time when it is dropped, as YYYY-MM-DD HH:MM:SS */
    until: string;
  })[];
};

export type ListApprovalsError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ApproveMessageInput = {
  /** The group number */
  number: string;
  /** The id of /v1/approvals/list */
  id: number;
};

export type ApproveMessageAnswer = {
  status: 'OK';
  /** UTC time when it goes out, where it waits for the hours of the group */
  when?: string;
};

export type ApproveMessageError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NOT_FOUND' | 'SUSPENDED';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type DeclineMessageInput = {
  /** The group number */
  number: string;
  /** The id of /v1/approvals/list */
  id: number;
};

export type DeclineMessageAnswer = {
  status: 'OK';
};

export type DeclineMessageError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type CreateHookInput = {
  /** Where events go to: https */
  url: string;
  /** Types of events by comma; all where nothing is said: message.accepted, message.delivery, message.reaction, member.joined, member.left, member.renamed, member.removed, group.changed, group.gone, schedule.sent, schedule.dropped, account.low */
  events?: string;
  /** The number of the one group that it is for */
  number?: string;
};

export type CreateHookAnswer = {
  status: 'OK';
  /** Id of the webhook */
  id: number;
  /** The secret that signs, whsec_ and base64; it is told here alone */
  secret: string;
};

export type CreateHookError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'INVALID_NUMBER' | 'MEMBER_LOOKUP_FAILED' | 'NOT_OWNER';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type ListHooksInput = Record<string, never>;

export type ListHooksAnswer = {
  status: 'OK';
  /** The webhooks */
  hooks: readonly ({
    /** Id of the webhook */
    id: number;
    /** Where events go to */
    url: string;
    /** The types of events that go to it; none listed is all */
    events: readonly (string)[];
    /** failing: the last tries failed, and more come; off: the receiver answered 410, or its secret is lost */
    state: 'on' | 'failing' | 'off';
    /** When it was registered, in seconds since 1970 (UTC) */
    made: number;
    /** Nothing is tried before then, in seconds since 1970 (UTC) */
    rests_until?: number;
  })[];
};

export type DeleteHookInput = {
  /** The id of the webhook */
  hook_id: number;
};

export type DeleteHookAnswer = {
  status: 'OK';
};

export type DeleteHookError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type RotateHookSecretInput = {
  /** The id of the webhook */
  hook_id: number;
};

export type RotateHookSecretAnswer = {
  status: 'OK';
  /** The secret that signs, whsec_ and base64; it is told here alone */
  secret: string;
};

export type RotateHookSecretError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type TestHookInput = {
  /** The id of the webhook */
  hook_id: number;
};

export type TestHookAnswer = {
  status: 'OK';
};

export type TestHookError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type GetHookLogInput = {
  /** The id of the webhook */
  hook_id: number;
  /** waiting, sent or dead: only those */
  state?: string;
  /** Only events of a lower id */
  before?: number;
};

export type GetHookLogAnswer = {
  status: 'OK';
  /** The events, the newest first */
  events: readonly ({
    /** Id of the event in this log */
    id: number;
    /** Type of the event */
    type: string;
    /** The group number */
    group?: string;
    /** waiting: it was not taken yet; sent: it was taken; dead: it was given up */
    state: 'waiting' | 'sent' | 'dead';
    /** How often it was tried */
    tries: number;
    /** When it was kept for the webhook, in seconds since 1970 (UTC) */
    time: number;
    /** The last try, in seconds since 1970 (UTC) */
    tried?: number;
    /** The next try, in seconds since 1970 (UTC) */
    next?: number;
    /** The HTTP status of the last answer */
    http?: number;
    /** Why there was no answer; PRIVATE is an address that is not public */
    error?: string;
    /** How long the last try took, in milliseconds */
    ms?: number;
  })[];
};

export type GetHookLogError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

export type RetryHookInput = {
  /** The id of the webhook */
  hook_id: number;
  /** The id of the event in /v1/hooks/log */
  event_id?: number;
};

export type RetryHookAnswer = {
  status: 'OK';
  /** How many are tried again */
  count: number;
};

export type RetryHookError = {
  status: 'ERROR';
  /** The error */
  error_type: 'MISSING_FIELDS' | 'NOT_FOUND';
  /** The names of the missing fields, or the value that is wrong */
  error_subtype?: string | readonly (string)[];
  /** A sentence for people */
  message: string;
  /** Where the reference explains it */
  link?: string;
  /** Of a 5xx answer: finds it in the log */
  request_id?: string;
};

/** A call that takes no fields. */
export type NoInput = Record<string, never>;

/** Every call: what it takes, what it answers, and which errors are its own. */
export type Calls = {
  /** Create a group */
  createGroup: { input: CreateGroupInput; answer: CreateGroupAnswer; error: CreateGroupError['error_type'] };
  /** Update the group settings */
  setGroup: { input: SetGroupInput; answer: SetGroupAnswer; error: SetGroupError['error_type'] };
  /** Delete the group */
  deleteGroup: { input: DeleteGroupInput; answer: DeleteGroupAnswer; error: DeleteGroupError['error_type'] };
  /** List public groups */
  listPublicGroups: { input: ListPublicGroupsInput; answer: ListPublicGroupsAnswer; error: ListPublicGroupsError['error_type'] };
  /** Join a group */
  joinGroup: { input: JoinGroupInput; answer: JoinGroupAnswer; error: JoinGroupError['error_type'] };
  /** Check an invitation code */
  checkInvite: { input: CheckInviteInput; answer: CheckInviteAnswer; error: CheckInviteError['error_type'] };
  /** Find a member and send them a login pin */
  findMember: { input: FindMemberInput; answer: FindMemberAnswer; error: FindMemberError['error_type'] };
  /** Login a member */
  logIn: { input: LogInInput; answer: LogInAnswer; error: LogInError['error_type'] };
  /** Returns the groups the member belongs to */
  getMyGroups: { input: NoInput; answer: GetMyGroupsAnswer; error: never };
  /** Add a member to the group */
  addMember: { input: AddMemberInput; answer: AddMemberAnswer; error: AddMemberError['error_type'] };
  /** Remove a member from the group */
  removeMember: { input: RemoveMemberInput; answer: RemoveMemberAnswer; error: RemoveMemberError['error_type'] };
  /** Update the member information */
  setMember: { input: SetMemberInput; answer: SetMemberAnswer; error: SetMemberError['error_type'] };
  /** Leave a group */
  leaveGroup: { input: LeaveGroupInput; answer: LeaveGroupAnswer; error: LeaveGroupError['error_type'] };
  /** Re-join a group */
  rejoinGroup: { input: RejoinGroupInput; answer: RejoinGroupAnswer; error: RejoinGroupError['error_type'] };
  /** Logout a member */
  logOut: { input: LogOutInput; answer: LogOutAnswer; error: LogOutError['error_type'] };
  /** Get a count of the messages in each group */
  countMessages: { input: CountMessagesInput; answer: CountMessagesAnswer; error: never };
  /** Get message(s) */
  getMessages: { input: GetMessagesInput; answer: GetMessagesAnswer; error: GetMessagesError['error_type'] };
  /** Send a message */
  sendMessage: { input: SendMessageInput; answer: SendMessageAnswer; error: SendMessageError['error_type'] };
  /** Get the grand total of all messages */
  countAllMessages: { input: NoInput; answer: CountAllMessagesAnswer; error: never };
  /** Schedule a message for later delivery */
  scheduleMessage: { input: ScheduleMessageInput; answer: ScheduleMessageAnswer; error: ScheduleMessageError['error_type'] };
  /** List the scheduled messages */
  listScheduled: { input: ListScheduledInput; answer: ListScheduledAnswer; error: ListScheduledError['error_type'] };
  /** Delete a scheduled message */
  deleteScheduled: { input: DeleteScheduledInput; answer: DeleteScheduledAnswer; error: DeleteScheduledError['error_type'] };
  /** Register a device */
  registerDevice: { input: RegisterDeviceInput; answer: RegisterDeviceAnswer; error: RegisterDeviceError['error_type'] };
  /** Release a device */
  releaseDevices: { input: ReleaseDevicesInput; answer: ReleaseDevicesAnswer; error: ReleaseDevicesError['error_type'] };
  /** Set the account information */
  setAccount: { input: SetAccountInput; answer: SetAccountAnswer; error: SetAccountError['error_type'] };
  /** Set the account password */
  setPassword: { input: SetPasswordInput; answer: SetPasswordAnswer; error: SetPasswordError['error_type'] };
  /** Get the current account balance */
  getBalance: { input: NoInput; answer: GetBalanceAnswer; error: never };
  /** Charge the account credit card */
  chargeAccount: { input: ChargeAccountInput; answer: ChargeAccountAnswer; error: ChargeAccountError['error_type'] };
  /** Get a message and what became of it */
  getMessageState: { input: GetMessageStateInput; answer: GetMessageStateAnswer; error: GetMessageStateError['error_type'] };
  /** Upload a picture to send */
  uploadMedia: { input: UploadMediaInput; answer: UploadMediaAnswer; error: UploadMediaError['error_type'] };
  /** Read what has happened since */
  getEvents: { input: GetEventsInput; answer: GetEventsAnswer; error: never };
  /** Make a key for a program */
  createKey: { input: CreateKeyInput; answer: CreateKeyAnswer; error: CreateKeyError['error_type'] };
  /** List the keys that work */
  listKeys: { input: ListKeysInput; answer: ListKeysAnswer; error: never };
  /** Revoke a key */
  revokeKey: { input: RevokeKeyInput; answer: RevokeKeyAnswer; error: RevokeKeyError['error_type'] };
  /** List the lists of a group */
  listLists: { input: ListListsInput; answer: ListListsAnswer; error: ListListsError['error_type'] };
  /** Make a list, or say who is on it */
  setList: { input: SetListInput; answer: SetListAnswer; error: SetListError['error_type'] };
  /** Delete a list */
  deleteList: { input: DeleteListInput; answer: DeleteListAnswer; error: DeleteListError['error_type'] };
  /** List the messages that wait for an owner */
  listApprovals: { input: ListApprovalsInput; answer: ListApprovalsAnswer; error: ListApprovalsError['error_type'] };
  /** Let a message that waits go to all */
  approveMessage: { input: ApproveMessageInput; answer: ApproveMessageAnswer; error: ApproveMessageError['error_type'] };
  /** Drop a message that waits */
  declineMessage: { input: DeclineMessageInput; answer: DeclineMessageAnswer; error: DeclineMessageError['error_type'] };
  /** Register a webhook */
  createHook: { input: CreateHookInput; answer: CreateHookAnswer; error: CreateHookError['error_type'] };
  /** List the webhooks */
  listHooks: { input: NoInput; answer: ListHooksAnswer; error: never };
  /** Delete a webhook */
  deleteHook: { input: DeleteHookInput; answer: DeleteHookAnswer; error: DeleteHookError['error_type'] };
  /** Give a webhook a new secret */
  rotateHookSecret: { input: RotateHookSecretInput; answer: RotateHookSecretAnswer; error: RotateHookSecretError['error_type'] };
  /** Send a webhook a test event */
  testHook: { input: TestHookInput; answer: TestHookAnswer; error: TestHookError['error_type'] };
  /** Read what became of the events of a webhook */
  getHookLog: { input: GetHookLogInput; answer: GetHookLogAnswer; error: GetHookLogError['error_type'] };
  /** Try again what a webhook was given up for */
  retryHook: { input: RetryHookInput; answer: RetryHookAnswer; error: RetryHookError['error_type'] };
};

/** Where each call is, and whether it may be asked again where no answer came: it only reads, or has a key for that. */
export const calls = {
  createGroup: { url: '/group/create', repeat: 'key' },
  setGroup: { url: '/group/set', repeat: 'never' },
  deleteGroup: { url: '/group/delete', repeat: 'never' },
  listPublicGroups: { url: '/group/list', repeat: 'read' },
  joinGroup: { url: '/group/join', repeat: 'never' },
  checkInvite: { url: '/group/invite/check', repeat: 'read' },
  findMember: { url: '/member/find', repeat: 'never' },
  logIn: { url: '/member/login', repeat: 'never' },
  getMyGroups: { url: '/member/groups', repeat: 'read' },
  addMember: { url: '/member/add', repeat: 'key' },
  removeMember: { url: '/member/remove', repeat: 'never' },
  setMember: { url: '/member/set', repeat: 'never' },
  leaveGroup: { url: '/member/bye', repeat: 'never' },
  rejoinGroup: { url: '/member/hi', repeat: 'never' },
  logOut: { url: '/member/logout', repeat: 'never' },
  countMessages: { url: '/message/count', repeat: 'read' },
  getMessages: { url: '/message/get', repeat: 'read' },
  sendMessage: { url: '/message/send', repeat: 'key' },
  countAllMessages: { url: '/message/grand/total', repeat: 'read' },
  scheduleMessage: { url: '/message/schedule', repeat: 'key' },
  listScheduled: { url: '/message/schedule/list', repeat: 'read' },
  deleteScheduled: { url: '/message/schedule/delete', repeat: 'never' },
  registerDevice: { url: '/device/register', repeat: 'never' },
  releaseDevices: { url: '/device/release', repeat: 'never' },
  setAccount: { url: '/account/set', repeat: 'never' },
  setPassword: { url: '/account/password', repeat: 'never' },
  getBalance: { url: '/account/balance', repeat: 'read' },
  chargeAccount: { url: '/account/charge', repeat: 'key' },
  getMessageState: { url: '/v1/messages', repeat: 'read' },
  uploadMedia: { url: '/v1/media/upload', repeat: 'never' },
  getEvents: { url: '/v1/events', repeat: 'read' },
  createKey: { url: '/v1/keys/create', repeat: 'never' },
  listKeys: { url: '/v1/keys/list', repeat: 'read' },
  revokeKey: { url: '/v1/keys/revoke', repeat: 'never' },
  listLists: { url: '/v1/lists/list', repeat: 'read' },
  setList: { url: '/v1/lists/set', repeat: 'never' },
  deleteList: { url: '/v1/lists/delete', repeat: 'never' },
  listApprovals: { url: '/v1/approvals/list', repeat: 'read' },
  approveMessage: { url: '/v1/approvals/approve', repeat: 'never' },
  declineMessage: { url: '/v1/approvals/decline', repeat: 'never' },
  createHook: { url: '/v1/hooks/create', repeat: 'never' },
  listHooks: { url: '/v1/hooks/list', repeat: 'read' },
  deleteHook: { url: '/v1/hooks/delete', repeat: 'never' },
  rotateHookSecret: { url: '/v1/hooks/rotate', repeat: 'never' },
  testHook: { url: '/v1/hooks/test', repeat: 'never' },
  getHookLog: { url: '/v1/hooks/log', repeat: 'read' },
  retryHook: { url: '/v1/hooks/retry', repeat: 'never' },
} as const satisfies Record<keyof Calls, { url: string; repeat: 'read' | 'key' | 'never' }>;
