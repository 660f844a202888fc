/** The carriers that this program can speak to. A new one is a name here, a folder and the rows that the compiler then asks for. */
export const carrierNames = ['plivo', 'telnyx'] as const;
export type CarrierName = (typeof carrierNames)[number];

/** What a carrier calls us for: somebody texted one of our numbers, or something became of a text that we sent. */
export const webhookKinds = ['message', 'report'] as const;
export type WebhookKind = (typeof webhookKinds)[number];
