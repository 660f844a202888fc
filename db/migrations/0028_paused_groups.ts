import { flag, makesTables } from './schema.ts';

export default makesTables({
  groups: [`paused ${flag} COMMENT 'by an operator: nothing that is said in it is taken'`],
});
