import type { ServerResponse } from 'node:http';
import type { Buying } from './account-api.ts';
import type { Answered, Call } from './calls.ts';
import type { DemoGroup } from './demo-group.ts';
import type { Events } from './events.ts';
import type { Fault } from './faults.ts';
import type { Flow } from './flow.ts';
import type { Handsets } from './handsets.ts';
import type { Brought, Heard, Said } from './inbound.ts';
import type { Text } from './log.ts';
import type { Lookups } from './lookups.ts';
import type { NumberOptions } from './numbers.ts';
import type { Pictures } from './pictures.ts';
import type { Reporting } from './reports.ts';
import type { Signing } from './signature.ts';
import type { Match, Wanted } from './watch.ts';

export type SimulatorOptions = NumberOptions & {
  authId: string;
  authToken: string;
  /** The engine's PUBLIC_URL: where texts from handsets go, to /plivo/message. */
  webhookBase: string;
  /** 0, the default, takes a free port. */
  port?: number;
  host?: string;
  /** Texts kept in memory, 50,000; Infinity keeps all of them. */
  keep?: number;
  /** Each accepted text becomes a line of JSON in this file, on disk before the answer goes out. */
  logFile?: string;
  /** Handsets and known numbers survive a restart in this file. */
  stateFile?: string;
  /** Factor on the carrier's retry schedule of 60, 120 and 240 s; 0.001 makes a minute last 60 ms. */
  timeScale?: number;
  /** Milliseconds that an answer of the engine may take, 8,000. */
  webhookTimeoutMs?: number;
  /** Milliseconds before each answer to a send, and before each report; 0. */
  latencyMs?: number;
  reportDelayMs?: number;
  /** all: sent and delivered; final: the last one alone; none. */
  reporting?: Reporting;
  /** Reports under way at the same time, 64. */
  reportConcurrency?: number;
  /** The carrier minds STOP, START and HELP by itself, and says so in MessageIntent; true, as it is by default. */
  optOuts?: boolean;
  /** How webhooks are signed; see `signatureHeaders`. */
  signing?: Signing;
  /** The method that the account's application has for inbound texts. */
  messageMethod?: 'GET' | 'POST';
  /** Dollars on the account; without it the money is not counted. */
  credit?: number;
  /** Requests in five seconds before the carrier answers 429: Plivo's are 300. Without it there is no such limit. */
  requestsPer5s?: number;
  buying?: Buying;
  /** Where the account's applications send inbound texts; any other than these goes to `webhookBase`. */
  applications?: Readonly<Record<string, string | null>>;
  /** The same of whom they ask about calls. */
  answers?: Readonly<Record<string, string>>;
  /** Suggested on the page as the service's own number. */
  serviceNumber?: string;
  /** The engine's OPS_PASSWORD: with it the page shows how far texts have come in the engine. */
  opsPassword?: string;
  seed?: number;
};

/** A text of the carrier itself, in the name of one of our numbers. */
export type Reply = { from: string; to: string; text: string };

/** `campaign` is null where the block is one of this pair alone. */
export type Block = { number: string; phone: string; campaign: string | null };

/** A carrier and a drawer of handsets in one process. */
export type Simulator = {
  url: string;
  port: number;
  handsets: Handsets;
  events: Events;
  pictures: Pictures;
  /** Which numbers cannot reach which handsets, since the carrier minds their STOP. */
  blocks(): Block[];
  readFlow: Flow;
  /** A handset texts: resolves when the engine took it or the carrier gave up. Status 0: no answer at all. */
  text(said: Said): Promise<Heard>;
  /** What phones are, and which of them the engine has looked up. */
  lookups: Lookups;
  /** A handset calls one of our numbers: what its owner hears. */
  call(made: Call): Promise<Answered>;
  /** The latest texts of handsets, the oldest first. */
  brought: readonly Brought[];
  /** Brings a text of a handset once more, as who has recorded its webhook may. Resolves to the status of the answer. */
  replay(uuid: string): Promise<number>;
  /** The numbers that were rented out, oldest first. */
  readonly bought: readonly { number: string; appId: string | null }[];
  /** The papers of a number whose order was pending are in order. */
  activateNumber(number: string): void;
  /** Sets the account's credit, in dollars. */
  recharge(dollars: number): void;
  /** The texts still in memory, oldest first. */
  readonly accepted: readonly Text[];
  textsTo(phone: string, since?: number): Text[];
  /** What the carrier itself answered to a phone's STOP, START and HELP, oldest first. */
  repliesTo(phone: string): Reply[];
  textsAfter(seq: number, limit?: number): { texts: Text[]; next: number; lost: boolean };
  /** Waits for texts instead of sleeping; see `openWatch`. */
  waitForTexts(match: Match, wanted?: Wanted): Promise<Text[]>;
  /** Resolves when no report is waiting, under way or to be repeated. */
  settled(): Promise<void>;
  fault(fault: Fault): Fault;
  faults(): readonly (Fault & { hits: number })[];
  /** Lifts the faults of one kind, or all. */
  clearFaults(kind?: string): void;
  startDemoGroup(): Promise<DemoGroup>;
  /** False where an address is not one of the engine's media. */
  serveEngineMedia(url: string, res: ServerResponse): Promise<boolean>;
  /** Logs a handset in; resolves to where its owner may try the calls of the API. */
  startDemoSession(phone: string): Promise<{ address: string }>;
  stats(): Record<string, unknown>;
  stop(): Promise<void>;
};
