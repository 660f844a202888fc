import type { Fixture } from './fixture.ts';

/** When the engine took the first report on each text of the carrier, by the text's name there. */
export type Reports = { takenAt(uuid: string): number | undefined; stop(): void };

/** Listens to the carrier's events. */
export async function listenToReports({ simulator }: Fixture): Promise<Reports> {
  const taken = new Map<string, number>();
  const hangUp = new AbortController();
  const answer = await fetch(`${simulator.url}/events`, { signal: hangUp.signal });
  if (answer.body === null) throw new Error('the carrier tells no events');
  const lines = answer.body.pipeThrough(new TextDecoderStream());
  void read(lines).catch(() => undefined);

  async function read(stream: AsyncIterable<string>): Promise<void> {
    let rest = '';
    for await (const piece of stream) {
      const events = (rest + piece).split('\n\n');
      rest = events.pop() ?? '';
      for (const event of events) hear(event);
    }
  }

  function hear(event: string): void {
    const [, data] = /^event: report\ndata: (.*)$/.exec(event) ?? [];
    if (data === undefined) return;
    const { uuid, answered } = JSON.parse(data) as { uuid: string; answered: number };
    if (answered === 200 && !taken.has(uuid)) taken.set(uuid, Date.now());
  }

  return { takenAt: (uuid) => taken.get(uuid), stop: () => hangUp.abort() };
}
