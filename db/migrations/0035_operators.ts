import { id, makesTables, ref, time, token } from './schema.ts';

export default makesTables({
  operators: [
    `id ${id}`,
    `name ${token(50)} NOT NULL`,
    "role ENUM('look', 'operate', 'money') NOT NULL",
    `password_hash ${token(255)} NOT NULL`,
    `created_at ${time} NOT NULL`,
    'UNIQUE KEY operators_name (name)',
  ],
  operator_sessions: [
    "sid_hash BINARY(32) NOT NULL PRIMARY KEY COMMENT 'of the session id and OPS_PASSWORD'",
    `operator_id ${ref} NULL COMMENT 'NULL: by OPS_PASSWORD'`,
    `created_at ${time} NOT NULL`,
    `used_at ${time} NOT NULL`,
    'KEY operator_sessions_operator (operator_id)',
    'KEY operator_sessions_used (used_at)',
  ],
});
