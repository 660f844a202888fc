import { expect } from 'chai';
import { openLogger } from '../../../engine/platform/logger.ts';
import { warnRarely } from '../../../engine/platform/rarely.ts';

describe('a warning that every text of an outage could give', () => {
  it('is one line for each message and log, however often it is given', () => {
    const lines: string[] = [];
    const open = () => openLogger({ level: 'info', process: 'web' }, { write: (line) => lines.push(line) });
    const log = open();
    for (let text = 0; text < 5; text++) {
      warnRarely(log, { text }, 'not queued');
      warnRarely(log, { text }, 'not sent');
    }
    warnRarely(open(), {}, 'not queued');
    expect(lines.map((line) => JSON.parse(line).msg)).to.deep.equal(['not queued', 'not sent', 'not queued']);
  });
});
