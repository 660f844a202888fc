import { expect } from 'chai';
import type { campaignOf } from '../../engine/rules/campaign.ts';
import { countSegments } from '../../engine/rules/segments.ts';
import { admin } from '../../workers/admin.ts';
import { startGroup } from '../support/group.ts';
import { openWorld, type World } from '../support/world.ts';

const env = { BRAND: 'Trailmates', SUPPORT_CONTACT: 'help@trail.example', TERMS_URL: 'https://trail.example/t' };

async function type(words: string[], settings: Record<string, string> = env) {
  const said = { out: '', err: '' };
  const code = await admin(words, settings, {
    out: (text) => {
      said.out += text;
    },
    err: (text) => {
      said.err += text;
    },
  });
  return { code, ...said };
}

async function printed(): Promise<ReturnType<typeof campaignOf>> {
  const { code, out } = await type(['campaign', '--json']);
  expect(code).to.equal(0);
  return JSON.parse(out);
}

describe('the texts of a campaign', () => {
  let world: World;
  before(async () => {
    world = await openWorld({ env });
  });
  after(() => world.close());

  it('are printed word for word as they are sent', async () => {
    const { phones, number } = await startGroup(world, ['Ann', 'Bob'], { name: 'Hikers' });
    const campaign = await printed();
    const bob = phones.Bob ?? '';
    await world.text(bob, number, 'Help!');
    // A blocked phone hears nothing that still waits.
    await world.quiet();
    await world.text(bob, number, 'revoke');
    await world.quiet();
    const sent = world.simulator.textsTo(bob).map(({ text }) => text);
    expect(sent).to.include(campaign.samples[0]);
    expect(sent).to.include(campaign.help_message);
    expect(sent).to.include(campaign.optout_message);
  });

  it('are complete, for people and for programs, without a database', async () => {
    const campaign = await printed();
    const { out } = await type(['campaign']);
    expect(campaign.usecase).to.equal('PROXY');
    expect(campaign.samples.length).to.be.at.least(2);
    const { samples, optin_message, optout_message, help_message, message_flow, description } = campaign;
    for (const text of [...samples, optin_message, optout_message, help_message, message_flow, description])
      expect(out).to.include(text);
    for (const text of [optin_message, optout_message, help_message]) {
      expect(text).to.include(env.BRAND);
      expect(text.length).to.be.at.most(320);
    }
    expect(description.length).to.be.within(40, 4096);
    expect(message_flow.length).to.be.within(40, 2048);
    expect(countSegments(optin_message).segments).to.equal(1);
    expect(out)
      .to.match(/embedded_link: yes/)
      .and.match(/STOP ALL/);
  });

  it('say which settings reviewers miss, and refuse a brand that makes texts cost double', async () => {
    expect((await type(['campaign'], {})).out)
      .to.match(/SUPPORT_CONTACT is not set/)
      .and.match(/TERMS_URL is not set/);
    expect(await type(['campaign'], { BRAND: 'Группы' })).to.include({ code: 1 });
    expect(await type(['campaign', 'please'])).to.include({ code: 2 });
  });
});
