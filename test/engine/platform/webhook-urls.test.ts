import { expect } from 'chai';
import { publicUrlOf, reportUrl, webhookPaths } from '../../../engine/platform/webhook-urls.ts';
import { carrierNames } from '../../../engine/rules/carriers.ts';

describe('the addresses of webhooks', () => {
  const publicUrls = [
    'https://texts.example',
    'https://texts.example/',
    'https://texts.example//',
    'https://x.example/a/',
  ];

  for (const publicUrl of publicUrls) {
    it(`report to a path that is mounted, and are signed as they were told, where PUBLIC_URL is ${publicUrl}`, () => {
      for (const carrier of carrierNames) {
        const told = reportUrl(publicUrl, carrier, '12-34-0-1');
        const [path] = webhookPaths(carrier, 'report');
        expect(told.endsWith(`${path}?d=12-34-0-1`)).to.equal(true);
        expect(told.slice('https://'.length)).not.to.contain('//');
        expect(publicUrlOf(publicUrl, `${path}?d=12-34-0-1`)).to.equal(told);
      }
    });
  }

  it('keep the documented address of Plivo’s reports beside the common one', () => {
    expect(webhookPaths('plivo', 'report')).to.deep.equal(['/plivo/status', '/plivo/report']);
    expect(webhookPaths('plivo', 'message')).to.deep.equal(['/plivo/message']);
  });
});
