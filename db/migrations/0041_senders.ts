import { makesTables, time, token } from './schema.ts';

export default makesTables({
  // A process that claims texts, while it holds the named lock of its name: a lock that is free says that it is gone.
  senders: [`name ${token(16)} NOT NULL PRIMARY KEY`, `since ${time} NOT NULL`],
});
