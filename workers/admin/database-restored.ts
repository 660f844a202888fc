import { endDoubt } from '../../db/heartbeat.ts';
import { settleRestored } from '../../engine/usecases/operating/after-restore.ts';
import { atCarriers, orWhyNot } from './at-carriers.ts';
import { type Command, Misuse } from './command.ts';
import { readTime } from './times.ts';

export const databaseRestored: Command = {
  words: ['database', 'restored'],
  takes: [],
  options: {
    '--stopped <time>': 'when the last web process was stopped, UTC, such as 2026-01-31T14:20, or how long ago: 12m',
  },
  changes: true,
  async asks() {
    return 'Was MySQL restored from a backup, and do all processes stand still? Whatever the backup has as under way will not be sent.';
  },
  does: 'says that MySQL was restored from a backup: what the backup has as under way or due is not sent, because it went out already in the time that is lost; the texts that the carrier brought in that time are noted, so that none can be played back; ids go on beyond those that were given then. Says what is lost. To be run while no process runs, before they start again: docs/operating/backup.md',
  examples: [
    'database restored --stopped 2026-01-31T14:20 --reason "a disk was lost" --yes',
    'database restored --stopped 12m --dry-run',
  ],
  async run(call) {
    const { stopped } = call.options;
    if (stopped === undefined) throw new Misuse('Say with --stopped when the last web process was stopped.');
    const stoppedAt = readTime(stopped, call.now);
    return atCarriers(call, ({ carriers }) =>
      orWhyNot(async () => {
        const accounts = new Map([...carriers.all].map(([name, { account }]) => [name, account]));
        const { now, isRehearsal, tell } = call;
        const restored = await settleRestored(call.db, { accounts, stoppedAt, now, isRehearsal, tell });
        if (!isRehearsal) await endDoubt(call.db);
        const { knownUntil, messages, schedules, texts, timed } = restored;
        const lines = [
          `Lost: everything from ${knownUntil?.toISOString() ?? 'the beginning'} to ${stoppedAt.toISOString()}.`,
          `${texts} texts that the carrier brought in that time are lost; none can be played back.`,
          ...timed.map((name) => `What ${name} brought is not known; its webhooks are good for minutes only.`),
          `${messages} messages were under way in the backup: nothing more of them is sent; ${restored.stopped} texts waited.`,
          `${schedules} scheduled messages were due in that time and are not sent.`,
        ];
        return { text: lines.join('\n'), json: restored };
      }),
    );
  },
};
