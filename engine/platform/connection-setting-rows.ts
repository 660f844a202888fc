import type { Setting } from './setting.ts';

/** How MySQL and Redis are reached. */
export const connectionSettingRows = {
  MYSQL_URL: {
    kind: 'mysql',
    help: 'MySQL 8 or MariaDB: mysql://user:password@host:port/database; mysqls:// is TLS.',
  },
  REDIS_URL: {
    kind: 'redis',
    help: 'Redis: redis://host:port, rediss:// is TLS; addresses of some nodes with commas between are a Redis Cluster, redis+sentinel://host:port,host:port/name is found by Sentinels.',
  },
  REDIS_POLICY_UNKNOWN: {
    kind: 'flag',
    default: '0',
    help: '1 starts workers on a Redis that says nothing of its maxmemory-policy, because INFO and CONFIG are refused; see that it is noeviction.',
  },
  MYSQL_CONNECTIONS: {
    kind: 'integer',
    default: '0',
    min: 0,
    max: 1000,
    help: 'Connections to MySQL that one process opens at most, at least 2; one more watches whether it stands still. 0 is 20 for web, 8 for fanout, 10 for sender, 4 for clock.',
  },
  REDIS_PREFIX: {
    kind: 'text',
    default: '',
    maxLength: 40,
    help: 'Begins every key in Redis, for systems that share one; all processes of a system have the same.',
  },
  REDIS_TLS_CA: {
    kind: 'text',
    default: '',
    help: 'Certificates (PEM) of the authority that signed that of Redis, for rediss://; also as ?ca=FILE in REDIS_URL.',
  },
  REDIS_TLS_VERIFY: {
    kind: 'flag',
    default: '1',
    help: '0 takes any certificate of Redis, for hosters who sign their own and hand out no authority: who is between may read and write everything.',
  },
} as const satisfies Record<string, Setting>;
