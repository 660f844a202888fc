import { expect } from 'chai';
import { route, type Scene, type Sender } from '../../../engine/rules/route.ts';
import { context, memberOf, sceneOf, senders, serviceSenderOf } from '../../support/scenes.ts';

describe('a text that comes in', () => {
  it('is obeyed where it is a keyword, from whomever, whatever else holds', () => {
    for (const sender of senders({})) {
      expect(kinds({ text: 'Stop!', sender })).to.deep.equal(['block', 'answer']);
      expect(kinds({ text: 'STOP', sender, blocked: true })).to.deep.equal([]);
      expect(kinds({ text: 'help', sender, blocked: true })).to.deep.equal([]);
      expect(kinds({ text: 'Resume', sender, blocked: true })).to.deep.equal(['unblock', 'answer']);
      expect(kinds({ text: 'STOP', sender, flood: { kind: 'repeats' } })).to.deep.equal(['block', 'answer']);
    }
  });

  it('is not answered by us where the carrier has answered', () => {
    const [sender] = senders({});
    expect(kinds({ text: 'cancel please', sender, intent: 'optout' })).to.deep.equal(['block']);
    expect(kinds({ text: 'go', sender, intent: 'optin', blocked: true, blockedByCarrier: true })).to.deep.equal([
      'unblock',
    ]);
    expect(kinds({ text: 'help', sender, intent: 'help' })).to.deep.equal([]);
  });

  it('is answered by us where it ends a block of ours alone, which the carrier does not confirm', () => {
    const [sender] = senders({});
    const heard = { text: 'START', sender, intent: 'optin', blocked: true } as const;
    expect(kinds(heard)).to.deep.equal(['unblock', 'answer']);
    expect(kinds({ ...heard, blockedByCarrier: true })).to.deep.equal(['unblock']);
  });

  it('lifts no block of the carrier’s where the carrier does not take it for a START', () => {
    const [sender] = senders({});
    expect(kinds({ text: 'resume.', sender, blocked: true, blockedByCarrier: true })).to.deep.equal([]);
  });

  it('ends the block of the number that it goes to, and says where START must go for another', () => {
    const [sender] = senders({});
    const start = { text: 'START', sender, intent: 'optin', stillBlocked: ['+18335550100'] } as const;
    for (const blocks of [{ blocked: true }, { blocked: true, blockedByCarrier: true }, { blockedByCarrier: true }]) {
      const effects = route(sceneOf({ ...start, sender: sender as Sender, ...blocks }));
      expect(effects[0]).to.deep.equal({ kind: 'unblock', byCarrier: true });
      expect(effects[1]).to.have.property('text').that.includes('text START to +18335550100 too');
      expect(effects).to.have.length(2);
    }
    expect(kinds({ ...start, text: 'Start!', intent: null, blockedByCarrier: true })).to.deep.equal([]);
    expect(kinds({ ...start, text: 'Start!', intent: null, blocked: true })).to.deep.equal(['unblock', 'answer']);
  });

  it('is START where the carrier alone blocks the number', () => {
    const [sender] = senders({});
    expect(kinds({ text: 'Yes', sender, intent: 'optin', blockedByCarrier: true })).to.deep.equal(['unblock']);
    expect(kinds({ text: 'HELP', sender, intent: 'help', blockedByCarrier: true })).to.deep.equal([]);
    expect(kinds({ text: 'Help!', sender, blockedByCarrier: true })).to.deep.equal([]);
  });

  it('is known as a block of the carrier’s too where it comes after one of ours', () => {
    const [sender] = senders({});
    const heard = { text: 'STOP', sender, intent: 'optout', blocked: true } as const;
    expect(kinds(heard)).to.deep.equal(['blockByCarrier']);
    expect(kinds({ ...heard, blockedByCarrier: true })).to.deep.equal([]);
  });

  it('is what it says where the carrier calls it an opt-in and the phone is not blocked', () => {
    const said = (sender: Sender, text: string) => kinds({ text, sender, intent: 'optin' });
    for (const text of ['YES', 'Go', 'start', 'Resume', 'unstop']) {
      expect(said(memberOf({}), text), text).to.deep.equal(['say']);
      expect(said({ kind: 'creator', group: 'Hikers' }, text), text).to.deep.equal(['activate']);
    }
    expect(said(memberOf({ context: { ...context, offer: { lost: false, isNext: true } } }), 'Yes')).to.deep.equal([
      'acceptOwner',
    ]);
    const waiting = serviceSenderOf('YES', false);
    const device = { kind: 'device', id: 1, code: '1234', type: 'iphone' } as const;
    expect(said({ ...waiting, context: { ...waiting.context, questions: [device] } }, 'YES')).to.include(
      'confirmDevice',
    );
    const [member] = senders({});
    expect(
      kinds({ text: 'Yes', sender: member, intent: 'optin', blocked: true, blockedByCarrier: true }),
    ).to.deep.equal(['unblock']);
  });

  it('is the answer to a question only while that is open', () => {
    const open = memberOf({ context: { ...context, offer: { lost: false, isNext: true } } });
    expect(kinds({ text: 'Yes', sender: open })).to.deep.equal(['acceptOwner']);
    expect(kinds({ text: 'no.', sender: open })).to.deep.equal(['declineOwner', 'answer']);
    expect(kinds({ text: 'yes indeed', sender: open })).to.deep.equal(['say']);
    expect(kinds({ text: 'Yes', sender: memberOf({}) })).to.deep.equal(['say']);
    const later = memberOf({ context: { ...context, offer: { lost: false, isNext: false } } });
    expect(kinds({ text: 'Yes', sender: later })).to.deep.equal(['say', 'hint']);
    expect(kinds({ text: 'No', sender: later })).to.deep.equal(['say']);
    expect(kinds({ text: '*accept', sender: later })).to.deep.equal(['acceptOwner']);
    expect(kinds({ text: '*accept', sender: memberOf({}) })).to.deep.equal(['answer']);
  });
});

function kinds(scene: Omit<Partial<Scene>, 'sender'> & { text: string; sender: Sender | undefined }): string[] {
  return route(sceneOf({ ...scene, sender: scene.sender ?? { kind: 'stranger' } })).map(({ kind }) => kind);
}
