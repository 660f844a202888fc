import { makesTables } from './schema.ts';

/**
 * A version of a roster is unique in one history of the database only: one that was restored, or that failed over without
 * its last change, counts the same versions again. The tag, random with each version, is not drawn twice.
 */
const tag = "roster_tag INT UNSIGNED NOT NULL DEFAULT 0 COMMENT 'random, drawn with roster_version'";

export default makesTables({ groups: [tag], messages: [tag] });
