import { foreignKey, id, makesTables, ref, time } from './schema.ts';

/** News of newcomers: the first goes out at once, those of the next minutes are kept here and go out in one text. */
export default makesTables({
  groups: [`news_kept_until ${time} NULL COMMENT 'until then news of newcomers are kept'`],
  newcomer_news: [
    `id ${id}`,
    `group_id ${ref} NOT NULL`,
    `membership_id ${ref} NOT NULL COMMENT 'of the newcomer'`,
    `by_id ${ref} NULL COMMENT 'the membership that added them; NULL: they joined'`,
    `caused_by ${ref} NULL COMMENT 'the person whose budget the text is taken from'`,
    `due_at ${time} NOT NULL`,
    'KEY newcomer_news_group (group_id, due_at)',
    'KEY newcomer_news_due (due_at)',
    foreignKey('newcomer_news_group', 'group_id', 'groups'),
  ],
});
