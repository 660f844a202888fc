import { transact } from '../../db/connect.ts';
import { readHookLog, reviveDead } from '../../db/hooks/hook-events.ts';
import { deleteHook, findAnyHook, type HookRow, listAllHooks } from '../../db/hooks/hooks.ts';
import { readId } from '../../engine/rules/ids.ts';
import { accountOf, type Call, type Command, Misuse, NotPossible } from './command.ts';
import { tableOf } from './table.ts';

export const hookList: Command = {
  words: ['hook', 'list'],
  takes: ['[phone]'],
  does: 'lists the webhooks of apps, of a phone or of all: where they go, for which group, and whether they work',
  examples: ['hook list', 'hook list +12015550123 --json'],
  async run(call) {
    const [written] = call.args;
    const hooks = await listAllHooks(call.db, written === undefined ? null : (await accountOf(call, written)).personId);
    const cells = hooks.map(({ id, phone, groupId, url, events, fails, offWhy }) => [
      ...[String(id), phone, groupId === null ? 'all' : String(groupId), url, events ?? 'all'],
      offWhy === null ? (fails > 0 ? `failing (${fails})` : 'on') : `off (${offWhy})`,
    ]);
    return {
      text: tableOf(['hook', 'owner', 'group', 'url', 'events', 'state'], cells, { numbers: 0 }),
      json: { hooks },
    };
  },
};

export const hookLog: Command = {
  words: ['hook', 'log'],
  takes: ['<hook>'],
  does: 'shows what became of the newest 50 events of a webhook, and of those that were given up',
  examples: ['hook log 3', 'hook log 3 --json'],
  async run(call) {
    const { id } = await hookNamed(call);
    const of = { hookId: id, before: Number.MAX_SAFE_INTEGER, limit: 50 };
    const [events, dead] = [
      await readHookLog(call.db, { ...of, state: null }),
      await readHookLog(call.db, { ...of, state: 'dead' }),
    ];
    const lines = [...new Map([...events, ...dead].map((one) => [one.id, one])).values()];
    const cells = lines.map(({ id: event, type, state, tries, createdAt, http, error }) => [
      ...[String(event), createdAt.toISOString().slice(0, 19), type, state, String(tries)],
      error ?? String(http ?? ''),
    ]);
    return {
      text: tableOf(['event', 'kept', 'type', 'state', 'tries', 'answer'], cells, { numbers: 0 }),
      json: { events, dead },
    };
  },
};

export const hookRetry: Command = {
  words: ['hook', 'retry'],
  takes: ['<hook>'],
  changes: true,
  does: 'tries again what a webhook was given up for, the oldest 1,000',
  examples: ['hook retry 3 --reason "their server was away for a week"'],
  async run(call) {
    const { id } = await hookNamed(call);
    const count = await reviveDead(call.db, { hookId: id, id: null, limit: 1_000 });
    return { text: `${count} events of hook ${id} are tried again.`, json: { id, count } };
  },
};

export const hookDelete: Command = {
  words: ['hook', 'delete'],
  takes: ['<hook>'],
  changes: true,
  does: 'deletes a webhook with its log: nothing more goes to it',
  examples: ['hook delete 3 --reason "their address belongs to somebody else now"'],
  async run(call) {
    const { id, url } = await hookNamed(call);
    await transact(call.db, (tx) => deleteHook(tx, id));
    return { text: `Nothing more goes to ${url}.`, json: { id } };
  },
};

async function hookNamed({ db, args: [written = ''] }: Pick<Call, 'db' | 'args'>): Promise<HookRow> {
  const id = readId(written);
  if (id === null) throw new Misuse(`"${written}" is no id of a webhook: see hook list.`);
  const found = await findAnyHook(db, id);
  if (found === undefined) throw new NotPossible(`There is no webhook ${id}: see hook list.`);
  return found;
}
