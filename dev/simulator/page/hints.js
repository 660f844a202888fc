/** What one may well text next in a conversation: what the last text speaks of, or else what every group knows. */
export function hintsFor({ bubbles, isBlocked, isService }) {
  if (isBlocked) return ['START'];
  const last = bubbles.findLast(({ way }) => way === 'in')?.text ?? '';
  const wayToSay = /^[^:"\n]{1,60}: /.test(last) ? '' : last;
  const said = [
    ...(/\breply YES\b/i.test(wayToSay) ? ['YES'] : []),
    ...(wayToSay.match(/(?<![\w*])\*[a-z]+/g) ?? []),
    ...(wayToSay.match(/\bJOIN [A-Z0-9]{4,}\b/g) ?? []),
  ];
  const usual = isService ? ['*new', '*groups', 'HELP'] : ['*who', '*help', '*bye', 'STOP'];
  return [...new Set([...said, ...usual])].slice(0, 5);
}

/** Commands that go on with a word of one's own. */
export const isOpenEnded = (hint) =>
  /^\*(?:new|name|to|add|remove|group|mute|owner|delete|broadcast|topic)$/.test(hint);
