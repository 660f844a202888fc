import { Webhook } from 'standardwebhooks';
import { createClient, type Event } from '../../client/index.ts';

/** A webhook as it came: the signature is over these bytes. */
export type Call = { id: string; headers: Record<string, string>; body: string };
export type Bot = {
  /** Answers in a group from now on. Throws a sentence where the key may not. */
  join(group: { key: string; number: string }): Promise<void>;
  /** Takes a webhook; returns the HTTP status of the answer. */
  hear(call: Call): Promise<number>;
};

/**
 * A bot that answers `!roll` and `!roll 20` with a throw of dice. It registers a webhook with the key of a group’s owner, believes
 * only what is signed, and answers a webhook that comes twice once. `address` is where this program is reached.
 */
export function openBot({ api, address }: { api: string; address: string }): Bot {
  const joined = new Map<string, { webhook: Webhook; client: ReturnType<typeof createClient> }>();

  return {
    async join({ key, number }) {
      const client = createClient({ url: api, token: key });
      // Part of the address, because a webhook does not say of which registration it is.
      const id = crypto.randomUUID();
      const hook = await client.createHook({ url: `${address}/hook/${id}`, events: 'message.accepted', number });
      if (hook.status !== 'OK') throw new Error(hook.message);
      joined.set(id, { webhook: new Webhook(hook.secret), client });
    },
    async hear({ id, headers, body }) {
      const group = joined.get(id);
      if (group === undefined) return 404;
      const event = verified(group.webhook, { headers, body });
      if (event === null) return 401;
      const answer = answerTo(event.message?.txt ?? '');
      if (answer === null || event.group === undefined) return 204;
      const sent = await group.client.sendMessage({
        ...{ number: event.group, message: answer },
        idempotency_key: `bot-${headers['webhook-id']}`,
      });
      // Anything but 2xx, and the webhook comes again.
      return sent.status === 'OK' ? 204 : 503;
    },
  };
}

function verified(webhook: Webhook, { headers, body }: Pick<Call, 'headers' | 'body'>): Event | null {
  try {
    return (webhook.verify(body, headers) as { data: Event }).data;
  } catch {
    return null;
  }
}

/** Null where the text is not for the bot. A text begins with the name of who said it; what the bot says is no command. */
function answerTo(text: string): string | null {
  const [isForBot, sides = '6'] = /(?:^|: )!roll(?: (\d{1,4}))?$/.exec(text.trim()) ?? [];
  if (isForBot === undefined || Number(sides) < 1) return null;
  return `Dice: ${1 + Math.floor(Math.random() * Number(sides))}`;
}
