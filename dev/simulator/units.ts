/**
 * The units that a carrier bills for a text: 160 GSM-7 characters, or 153 each of several; 70 and 67 UTF-16 units
 * once a character lies outside GSM-7. Characters of the extension table count twice.
 */
export function countUnits(text: string): number {
  if (text === '') return 1;
  if (!gsm7.test(text)) return divide(text.length, 70, 67);
  const extended = text.match(extension)?.length ?? 0;
  return divide(text.length + extended, 160, 153);
}

function divide(length: number, alone: number, each: number): number {
  return length <= alone ? 1 : Math.ceil(length / each);
}

const gsm7 = /^[\n\r !-_a-~£¥èéùìòÇØøÅåΔΦΓΛΩΠΨΣΘΞÆæßÉ¤¡ÄÖÑÜ§¿äöñüà€\f]*$/;
const extension = /[\f^{}\\[~\]|€]/g;
