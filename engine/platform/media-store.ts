/** Where the contents of media are, by name. */
export type MediaStore = {
  put(name: string, bytes: Buffer): Promise<void>;
  /** Null where there is none of this name. */
  get(name: string): Promise<Buffer | null>;
  /** What is not there is as good as deleted. */
  remove(name: string): Promise<void>;
};
