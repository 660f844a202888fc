import { expect } from 'chai';
import { admin } from '../../workers/admin.ts';
import { startGroup, type TestGroup } from './group.ts';
import { openWorld, type World } from './world.ts';

/** A system with one group, and what the commands need to reach it. */
export async function openOperated(
  names: readonly string[],
  group: { name: string },
  how?: Parameters<typeof openWorld>[0],
): Promise<{ world: World; env: Record<string, string>; group: TestGroup }> {
  const world = await openWorld(how);
  return {
    world,
    env: { MYSQL_URL: world.runtime.config.MYSQL_URL },
    group: await startGroup(world, names, group),
  };
}

/** Types a command as an operator would: words in quotes are one. `answer` is what they say to a question. */
export async function type(line: string, env: Record<string, string>, answer?: string): Promise<Said> {
  const said = { out: '', err: '', asked: '' };
  const ask = async (question: string) => {
    said.asked += question;
    return answer ?? '';
  };
  const code = await admin(wordsOf(line), env, {
    out: (text) => (said.out += text),
    err: (text) => (said.err += text),
    ask: answer === undefined ? undefined : ask,
  });
  return { code, ...said };
}
type Said = { code: number; out: string; err: string; asked: string };

/** What a command that works says to a program. */
export async function typeJson(line: string, env: Record<string, string>): Promise<Record<string, unknown>> {
  const { code, out, err } = await type(`${line} --json`, env);
  expect(code, `${line}: ${err}`).to.equal(0);
  return JSON.parse(out) as Record<string, unknown>;
}

/** As a shell reads them. */
export function wordsOf(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) => quoted ?? plain ?? '');
}
