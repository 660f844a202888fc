import { Type } from '@sinclair/typebox';
import { allow } from '../../engine/usecases/allow.ts';
import { changeGroup } from '../../engine/usecases/change.ts';
import { endpoint } from '../endpoint.ts';

export const groupDelete = endpoint({
  url: '/group/delete',
  name: 'deleteGroup',
  summary: 'Delete the group',
  notes:
    'All members but the caller get one text. Scheduled messages are dropped, the invite code and the numbers are free again, and the messages can no longer be read.',
  session: 'required',
  parameters: {
    number: { kind: 'phone', says: 'The group number to delete', example: '+14445557777' },
  },
  answer: Type.Object({}),
  errors: { MISSING_FIELDS: { subtype: 'fields' }, INVALID_NUMBER: {}, MEMBER_LOOKUP_FAILED: {}, NOT_OWNER: {} },
  async handle({ runtime, session: { phone }, params: { number } }) {
    await changeGroup(runtime, { phone, number }, (membership) => {
      allow('endGroup', membership);
      return [{ kind: 'endGroup' }];
    });
    return {};
  },
});
