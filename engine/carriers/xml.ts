/** An element; it holds words, or one other element. */
export type XmlElement = {
  name: string;
  attributes?: Readonly<Record<string, string | number>>;
  holds?: string | XmlElement;
};

/** `<Response>` with these elements in it: how carriers take orders for a call. */
export function xmlResponse(...elements: readonly XmlElement[]): { type: string; body: string } {
  return { type: 'application/xml', body: `<Response>${elements.map(write).join('')}</Response>` };
}

function write({ name, attributes = {}, holds }: XmlElement): string {
  const start = `<${name}${Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join('')}`;
  if (holds === undefined) return `${start}/>`;
  return `${start}>${typeof holds === 'string' ? escaped(holds) : write(holds)}</${name}>`;
}

/** Characters that XML 1.0 has no place for are left out: a carrier would take nothing of the answer. */
function escaped(text: string): string {
  return text
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
