import { makesTables, token } from './schema.ts';

export default makesTables({
  senders: [`server ${token(80)} COMMENT 'where it holds its lock: host:port, as MySQL calls itself'`],
});
