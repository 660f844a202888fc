/** What a phone is, as a carrier says. Landlines get texts rarely; what is `other` may. */
export const phoneLines = ['fixed', 'mobile', 'other'] as const;
export type PhoneLine = (typeof phoneLines)[number];
