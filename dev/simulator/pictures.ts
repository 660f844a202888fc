import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';

export type Pictures = ReturnType<typeof openPictures>;

/** Pictures that handsets send, at addresses as a carrier's media have. In memory: the last `mostPictures`. */
export function openPictures() {
  const pictures = new Map<string, { type: string; content: Buffer }>();

  return {
    /** Keeps a picture and returns its path; undefined where it is no picture of a kind that handsets send. */
    add({ type, base64 }: { type: string; base64: string }): string | undefined {
      const ending = endings[type];
      const content = Buffer.from(base64, 'base64');
      if (ending === undefined || content.length === 0) return undefined;
      const path = `/media/${randomUUID()}.${ending}`;
      pictures.set(path, { type, content });
      const [oldest] = pictures.keys();
      if (pictures.size > mostPictures && oldest !== undefined) pictures.delete(oldest);
      return path;
    },
    /** False where there is no picture at this path. */
    serve(path: string, res: ServerResponse): boolean {
      const picture = pictures.get(path);
      if (picture === undefined) return false;
      res.writeHead(200, {
        'Content-Type': picture.type,
        'Content-Security-Policy': "default-src 'none'",
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'private, max-age=3600',
      });
      res.end(picture.content);
      return true;
    },
  };
}

const mostPictures = 100;

/** Drawings are left out: an SVG may hold a script. */
const endings: Record<string, string> = {
  'image/jpeg': 'jpg',
  'image/png': 'png',
  'image/gif': 'gif',
  'image/webp': 'webp',
};
