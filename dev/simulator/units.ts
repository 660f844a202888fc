/**
 * The units that a carrier bills for a text: 160 GSM-7 characters, or 153 each of several; 70 and 67 UTF-16 units
 * once a character lies outside GSM-7. Characters of the extension table count twice. From docs.plivo.com/docs/
 * messaging/concepts/encoding-and-concatenation and GSM 03.38.
 */
export function countUnits(text: string): number {
  if (text === '') return 1;
  const length = lengthOf(text);
  return isGsm7(text) ? divide(length, 160, 153) : divide(length, 70, 67);
}

export function isGsm7(text: string): boolean {
  return gsm7.test(text);
}

/** Characters as they are counted: GSM-7 ones of the extension table twice, others by UTF-16 unit. */
export function lengthOf(text: string): number {
  return isGsm7(text) ? text.length + (text.match(extension)?.length ?? 0) : text.length;
}

function divide(length: number, alone: number, each: number): number {
  return length <= alone ? 1 : Math.ceil(length / each);
}

const gsm7 = /^[\n\r !-_a-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€\f]*$/;
const extension = /[\f^{}\\[~\]|€]/g;
