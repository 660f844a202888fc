/** The group that a text of the service names; undefined where it names none, or where a member speaks. */
export function groupNamedIn(text) {
  if (/^[^:"\n]{1,60}: /.test(text) && !/: [^"]{0,40}\b(?:added you to|you are in)\b/i.test(text)) return undefined;
  return naming.exec(text)?.slice(1).find(Boolean);
}

const quoted = '"([^"\\n]{1,80})"';
const naming = new RegExp(
  [
    `\\b(?:added you to|you are in|you made|back to|you left|joined|(?:the|your) group|in|of|to)(?: the group)? ${quoted}`,
    `^${quoted} (?:is|has)\\b`,
    `is called ${quoted} now`,
  ].join('|'),
  'i',
);
