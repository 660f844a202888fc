/**
 * Returns what `work` returns, or fails as it does; after `ms` milliseconds returns what `late` returns, or fails as
 * that does. What the work was doing may still happen: nobody hears how it ends.
 */
export async function withTimeLimit<T, L>(ms: number, work: Promise<T>, late: () => L): Promise<T | L> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  }).then(late);
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}
