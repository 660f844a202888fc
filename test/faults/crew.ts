import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Guard } from '../../dev/stack/guard.ts';
import type { ProcessType } from '../../dev/start/procfile.ts';

/** Processes of the Procfile that are killed on purpose, and come back as a platform would bring them back. */
export type Crew = {
  names(type?: string): string[];
  /**
   * Sends the signal, waits for the end, starts the process again, with more in its environment where `env` is given.
   * Answers how it ended and how long that took. A SIGTERM waits until the process is up: before, it has nothing to stop.
   */
  replace(name: string, signal: NodeJS.Signals, env?: Env): Promise<Ended>;
  /** Starts again whatever ended by itself; answers which since the last time, which is a fault in itself. */
  died: { name: string; how: string }[];
  signal(name: string, signal: NodeJS.Signals): void;
  /** How it ends, by itself. */
  ended(name: string): Promise<string>;
  stop(): Promise<Ended[]>;
};
type Env = { [name: string]: string | undefined };
export type Ended = { name: string; how: string; ms: number };

type Member = {
  name: string;
  type: ProcessType;
  child: ChildProcess;
  /** It said that it has started, or it has ended. */
  up: Promise<unknown>;
  ended: Promise<string>;
  expected: boolean;
};

/** A platform needs a moment to see that a process is gone. */
const BACK_AFTER_MS = 200;
const OWN_DEATH_BACK_MS = 1_000;

export function openCrew(options: {
  root: string;
  env: Env;
  guard: Guard;
  /** Each process writes NAME.log there. */
  logs: string;
}): Crew & { start(type: ProcessType, count: number): void } {
  const members = new Map<string, Member>();
  const died: Crew['died'] = [];
  let stopping = false;

  function launch(name: string, type: ProcessType, more: Env = {}): Member {
    const log = createWriteStream(path.join(options.logs, `${name}.log`), { flags: 'a' });
    const PATH = [path.dirname(process.execPath), options.env.PATH].join(path.delimiter);
    const child = spawn('/bin/sh', ['-c', `exec ${type.command}`], {
      cwd: options.root,
      env: { ...options.env, PATH, ...more },
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child.stdout?.pipe(log, { end: false });
    child.stderr?.pipe(log, { end: false });
    const { pid } = child;
    if (pid !== undefined) options.guard.add(pid);
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => {
        if (pid !== undefined) options.guard.drop(pid);
        log.end();
        resolve(signal ?? `code ${code}`);
      });
    });
    const up = Promise.race([saysItIsUp(child), ended]);
    const member: Member = { name, type, child, up, ended, expected: false };
    members.set(name, member);
    void ended.then((how) => bringBack(member, how));
    return member;
  }

  async function bringBack(member: Member, how: string): Promise<void> {
    if (member.expected || stopping) return;
    died.push({ name: member.name, how });
    await sleep(OWN_DEATH_BACK_MS);
    if (!stopping && members.get(member.name) === member) launch(member.name, member.type);
  }

  async function end(member: Member, signal: NodeJS.Signals): Promise<Ended> {
    member.expected = true;
    if (signal === 'SIGTERM') await member.up;
    const began = performance.now();
    member.child.kill(signal);
    const how = await member.ended;
    return { name: member.name, how, ms: performance.now() - began };
  }

  return {
    died,
    start(type, count) {
      for (let at = 1; at <= count; at++) launch(count === 1 ? type.name : `${type.name}-${at}`, type);
    },
    names: (type) =>
      [...members.values()].filter((one) => type === undefined || one.type.name === type).map(({ name }) => name),
    async replace(name, signal, env) {
      const member = members.get(name);
      if (member === undefined) throw new Error(`there is no process ${name}`);
      const ended = await end(member, signal);
      await sleep(BACK_AFTER_MS);
      if (!stopping) launch(name, member.type, env);
      return ended;
    },
    signal(name, signal) {
      members.get(name)?.child.kill(signal);
    },
    async ended(name) {
      return (await members.get(name)?.ended) ?? 'never started';
    },
    async stop() {
      stopping = true;
      return Promise.all([...members.values()].map((member) => end(member, 'SIGTERM')));
    },
  };
}

/** The first line of its log. */
function saysItIsUp({ stdout }: ChildProcess): Promise<void> {
  return new Promise((resolve) => {
    let said = '';
    const listen = (piece: Buffer) => {
      said += piece;
      if (!/"msg":"(?:started|the API listens)"/.test(said)) return;
      stdout?.off('data', listen);
      resolve();
    };
    stdout?.on('data', listen);
  });
}
