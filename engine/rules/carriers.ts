/** The carriers that this program can speak to. A new one is a name here, a folder and the rows that the compiler then asks for. */
export const carrierNames = ['plivo', 'telnyx'] as const;
export type CarrierName = (typeof carrierNames)[number];

/**
 * What a carrier asks or tells us: somebody texted one of our numbers, something became of a text that we sent, somebody calls
 * one of our numbers and hears what we answer.
 */
export const webhookKinds = ['message', 'report', 'call'] as const;
export type WebhookKind = (typeof webhookKinds)[number];
