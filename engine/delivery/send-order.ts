import { type Batch, batchName } from '../../db/deliveries/batches.ts';

/**
 * Keeps the order of messages, and of their parts, at a phone among the batches that this process has under way: a batch
 * waits until those of earlier messages or parts, from its number to some of the same people, have gone to the carrier.
 * Between processes the claim looks, at messages.
 */
export type SendOrder = {
  /** To be called when a batch could be sent; `end` is to be called whatever becomes of it. */
  join(numberId: number, batch: Batch): Turn;
  /** Those that went to the carrier from here, and whose outcomes are still to be committed. */
  sent(): ReadonlySet<string>;
  /** A job of this process has it. */
  isHere(name: string): boolean;
};
/**
 * `come` resolves when all that goes first has gone; `sent`: all of this batch is at the carrier, so the next may go;
 * `end`: its outcome is known to the database, or it did not go.
 */
export type Turn = { come: Promise<unknown>; sent(): void; end(): void };

export function openSendOrder(): SendOrder {
  const underWay = new Map<number, Set<UnderWay>>();
  const here = new Map<string, 'waits' | 'sent'>();

  return {
    join(numberId, batch) {
      const ofNumber = underWay.get(numberId) ?? new Set();
      underWay.set(numberId, ofNumber);
      const first = [...ofNumber].filter((other) => goesBefore(other.batch, batch)).map(({ gone }) => gone);
      let goOn = () => {};
      const gone = new Promise<void>((resolve) => {
        goOn = resolve;
      });
      const mine = { batch, gone };
      const name = batchName(batch);
      ofNumber.add(mine);
      here.set(name, 'waits');

      function leave(): void {
        goOn();
        ofNumber.delete(mine);
        if (ofNumber.size === 0 && underWay.get(numberId) === ofNumber) underWay.delete(numberId);
      }
      return {
        come: Promise.all(first),
        sent() {
          here.set(name, 'sent');
          leave();
        },
        end() {
          here.delete(name);
          leave();
        },
      };
    },
    sent: () => new Set([...here].flatMap(([name, how]) => (how === 'sent' ? [name] : []))),
    isHere: (name) => here.has(name),
  };
}

type UnderWay = { batch: Batch; gone: Promise<void> };

/** Of an earlier message, or an earlier part of the same one that another job has. */
function goesBefore(other: Batch, batch: Batch): boolean {
  const isEarlier =
    other.messageId < batch.messageId || (other.messageId === batch.messageId && other.part < batch.part);
  return isEarlier && other.to.some((personId) => batch.to.includes(personId));
}
