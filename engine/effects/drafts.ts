import { dropDraft, putDraft } from '../../db/groups/drafts.ts';
import { stageGroup } from '../groups/staging.ts';
import { type EffectHandlers, Stale } from './context.ts';

/** Groups that are made by text. */
export const drafts: EffectHandlers<'saveDraft' | 'endDraft' | 'stageGroup'> = {
  async saveDraft({ tx, act }, { draft }) {
    // Of two texts at once, the later one is decided again on the draft that the other left.
    if (!(await putDraft(tx, { ...draft, personId: act.by.personId, now: act.now }))) throw new Stale();
  },
  async endDraft({ tx, act }) {
    if (!(await dropDraft(tx, act.by.personId))) throw new Stale();
  },
  async stageGroup({ runtime, tx, act, systemMessages }, { draft, creatorName }) {
    const input = {
      name: draft.group,
      creator: { name: creatorName, phone: act.inbound?.phone ?? '' },
      members: draft.members,
      email: null,
      tooMany: false,
      source: null,
      replyToOwner: false,
      sendPin: false,
    };
    const staged = await stageGroup(runtime, tx, input, act.now);
    systemMessages.push(...staged.systemMessages);
  },
};
