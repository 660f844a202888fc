import { expect } from 'chai';
import { openRegistry, type Registry } from '../../../engine/platform/registry.ts';

/** Things that say when they are opened and closed. */
describe('what a process opens on first use', () => {
  type Owner = { name: string };
  let registry: Registry<Owner>;
  let happened: string[];
  let errors: unknown[];

  beforeEach(() => {
    happened = [];
    errors = [];
    registry = openRegistry<Owner>(() => ({ name: 'web' }), { withinMs: 50, onError: (error) => errors.push(error) });
  });

  function openMailer({ name }: Owner) {
    happened.push(`mailer of ${name} opened`);
    return { close: () => void happened.push('mailer closed') };
  }
  async function openPayments() {
    happened.push('payments opened');
    return { close: async () => void happened.push('payments closed') };
  }
  const openCounter = () => ({ count: 0 });

  it('is opened once, with its owner, and then the same for all', () => {
    expect(registry.use(openMailer)).to.equal(registry.use(openMailer));
    expect(happened).to.deep.equal(['mailer of web opened']);
  });

  it('is closed with the process, the latest first, where it can be closed', async () => {
    registry.use(openMailer);
    registry.use(openCounter).count += 1;
    await registry.use(openPayments);
    await registry.close();
    expect(happened.slice(-2)).to.deep.equal(['payments closed', 'mailer closed']);
  });

  it('is opened again by the next who asks, where opening failed', async () => {
    let tries = 0;
    const openLate = async () => {
      tries += 1;
      if (tries === 1) throw new Error('not yet');
      return tries;
    };
    expect(await registry.use(openLate).catch((error: Error) => error.message)).to.equal('not yet');
    expect(await registry.use(openLate)).to.equal(2);
  });

  it('that never closes holds up neither the end nor the close of the others', async () => {
    registry.use(openMailer);
    const openStuck = () => ({ close: () => new Promise<void>(() => undefined) });
    registry.use(openStuck);
    await registry.close();
    expect(happened).to.include('mailer closed');
  });

  it('that fails to close is told, and the others are closed', async () => {
    registry.use(openMailer);
    const openBroken = () => ({ close: () => Promise.reject(new Error('broken pipe')) });
    registry.use(openBroken);
    await registry.close();
    expect(errors.map(String)).to.deep.equal(['Error: broken pipe']);
    expect(happened).to.include('mailer closed');
  });

  it('is not opened any more after the close; what is open can still be used', async () => {
    const mailer = registry.use(openMailer);
    await registry.close();
    expect(registry.use(openMailer)).to.equal(mailer);
    expect(() => registry.use(openPayments)).to.throw('openPayments was opened after the close');
  });
});
