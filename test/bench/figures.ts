/** Figures by what they say of themselves, unit included. */
export type Figures = Record<string, number>;
