/** +12015550101 as people write it; other countries' numbers stay as they are. */
export function sayNumber(phone) {
  const us = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(phone);
  return us ? `+1 ${us[1]}-${us[2]}-${us[3]}` : phone;
}

export function sayTime(ms) {
  return new Date(ms).toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' });
}

/** Carriers charge less than a cent. */
export function sayMoney(dollars) {
  return `$${dollars.toFixed(4)}`;
}

export function sayAge(seconds) {
  if (seconds < 90) return `${seconds} s`;
  return seconds < 5_400 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3600)} h`;
}

/** What a person typed, as E.164; ten digits are a US number. Undefined: no phone number. */
export function readNumber(written) {
  const bare = written.replace(/[\s().-]/g, '');
  if (/^[2-9]\d{9}$/.test(bare)) return `+1${bare}`;
  return /^\+?[1-9]\d{6,14}$/.test(bare) ? `+${bare.replace('+', '')}` : undefined;
}

/** A colour for a name, the same every time. */
export function hueOf(name) {
  let sum = 0;
  for (const letter of name) sum = (sum * 31 + letter.codePointAt(0)) % 360;
  return sum;
}

/** Builds an element: attributes and properties, then children; texts become text nodes, never markup. */
export function make(tag, { dataset, style, ...properties } = {}, ...children) {
  const element = Object.assign(document.createElement(tag), properties);
  Object.assign(element.dataset, dataset);
  for (const [name, value] of Object.entries(style ?? {})) element.style.setProperty(name, value);
  element.append(...children.filter((child) => child !== undefined));
  return element;
}
