import { makesTables, token } from './schema.ts';

export default makesTables({
  people: [`language ${token(2)} NULL COMMENT 'of the texts to them: en, es or fr; NULL: as their groups'`],
  groups: [`language ${token(2)} NULL COMMENT 'of the texts to members who have none of their own; NULL: English'`],
});
