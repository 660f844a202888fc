import type { Db } from '../../db/connect.ts';

/**
 * A roster that is kept says who is blocked, and in what language people are texted. Both stand on the first primary, and only the
 * primary through whose number somebody said STOP or START draws its rosters anew. So the first notes of whom they changed, for each
 * primary, and an event of each gives their groups there a new version, within a second or two, as often as it takes.
 */
export async function noteChanges(first: Db, offsets: readonly number[]): Promise<void> {
  await first.raw(`CREATE TABLE roster_raises (${COLUMNS})`);
  const rows = offsets.map((offset) => `(${offset}, NEW.id)`).join(', ');
  await first.raw(
    `CREATE TRIGGER person_changed AFTER UPDATE ON people FOR EACH ROW
     IF NOT (OLD.blocked_at <=> NEW.blocked_at AND OLD.blocked_by_carrier <=> NEW.blocked_by_carrier AND OLD.language <=> NEW.language)
     THEN INSERT INTO roster_raises (primary_of, person_id) VALUES ${rows}; END IF`,
  );
}

/** On each primary. `isLinked`: the notes are on another. */
export async function raiseRosters(db: Db, { offset, isLinked }: { offset: number; isLinked: boolean }): Promise<void> {
  if (isLinked)
    await db.raw(
      `CREATE TABLE roster_raises (${COLUMNS}) ENGINE=SPIDER COMMENT='wrapper "mysql", srv "first", table "roster_raises", auto_increment_mode "2"'`,
    );
  await db.raw(
    'CREATE TABLE roster_raised (id BIGINT UNSIGNED NOT NULL PRIMARY KEY, person_id BIGINT UNSIGNED NOT NULL)',
  );
  await db.raw(
    `CREATE EVENT raise_rosters ON SCHEDULE EVERY 1 SECOND DO
     BEGIN
       INSERT IGNORE INTO roster_raised SELECT id, person_id FROM roster_raises WHERE primary_of = ${offset};
       IF EXISTS (SELECT 1 FROM roster_raised) THEN
         UPDATE \`groups\` SET roster_version = roster_version + 1 WHERE id IN (
           SELECT m.group_id FROM memberships m JOIN roster_raised r ON r.person_id = m.person_id WHERE m.live = 1);
         DELETE FROM roster_raises WHERE id IN (SELECT id FROM roster_raised);
         DELETE FROM roster_raised;
       END IF;
     END`,
  );
}

const COLUMNS =
  'id BIGINT UNSIGNED NOT NULL AUTO_INCREMENT PRIMARY KEY, primary_of TINYINT UNSIGNED NOT NULL, person_id BIGINT UNSIGNED NOT NULL, KEY notes (primary_of)';
