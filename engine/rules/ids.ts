/** The id that is written so, or null for what is none; of fifteen digits at most, which a number holds exactly. */
export function readId(written: string): number | null {
  return /^\d{1,15}$/.test(written) ? Number(written) : null;
}
