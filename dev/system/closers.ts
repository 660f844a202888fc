/** What is open. `close` ends it in the opposite order, and what was opened meanwhile as well. */
export type Closers = {
  add(...closers: readonly (() => unknown)[]): void;
  close(): Promise<void>;
};

export function openClosers(): Closers {
  const all: (() => unknown)[] = [];
  return {
    add: (...closers) => void all.push(...closers),
    async close() {
      for (let close = all.pop(); close !== undefined; close = all.pop()) await close();
    },
  };
}
