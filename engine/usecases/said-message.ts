import type { ReadMessage } from '../../db/messages/message-reading.ts';
import type { Config } from '../platform/config.ts';
import { mediaAddresses } from '../platform/media-addresses.ts';
import { senderIn } from '../rules/text.ts';

/** A message as a reader is shown it, in a list and as an event; what there is nothing of is left out. */
export type SaidMessage = {
  id: number;
  txt: string;
  from?: string;
  name?: string;
  time: number;
  gone?: 1;
  media?: string[];
};

/** `from`: the phone of who said it, where the reader may see it. */
export function saidMessage(
  config: Config,
  { id, txt, time, media, isGone }: ReadMessage,
  from: string | undefined,
): SaidMessage {
  const name = senderIn(txt);
  return {
    id,
    txt,
    ...(from === undefined ? {} : { from }),
    ...(name === null ? {} : { name }),
    time,
    ...(isGone ? { gone: 1 as const } : {}),
    ...(media.length > 0 ? { media: mediaAddresses(config, media) } : {}),
  };
}
