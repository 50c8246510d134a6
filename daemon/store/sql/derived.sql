-- name: subject_find
SELECT key FROM subject WHERE kind = ?1 AND ref = ?2;

-- name: subject_add
INSERT INTO subject (kind, ref) VALUES (?1, ?2);

-- name: subject_get
SELECT kind, ref FROM subject WHERE key = ?1;

-- name: subjects_of_kind
SELECT key, ref FROM subject WHERE kind = ?1 AND ref > ?2 ORDER BY ref LIMIT ?3;

-- name: refs_from
SELECT ref FROM subject WHERE kind = ?1 AND ref >= ?2 ORDER BY ref LIMIT ?3;

-- name: refs_below
SELECT ref FROM subject WHERE kind = ?1 AND ref < ?2 ORDER BY ref DESC LIMIT ?3;

-- name: effect_out
INSERT INTO effect (seq, out_by, root) VALUES (?1, ?2, NULL)
ON CONFLICT (seq) DO UPDATE SET out_by = excluded.out_by;

-- name: effect_root
INSERT INTO effect (seq, out_by, root) VALUES (?1, 0, ?2);

-- name: standing_get
SELECT first_day, last_day FROM standing WHERE subject = ?1;

-- name: standing_set
INSERT INTO standing (subject, first_day, last_day) VALUES (?1, ?2, ?3)
ON CONFLICT (subject) DO UPDATE SET first_day = excluded.first_day, last_day = excluded.last_day;

-- name: standing_delete
DELETE FROM standing WHERE subject = ?1;

-- name: stint_add
INSERT INTO stint (member, from_day, to_day, branch, stage, unit) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: stint_clear
DELETE FROM stint WHERE member = ?1;

-- name: stint_latest
SELECT member, from_day, to_day, branch, stage, unit FROM stint WHERE member = ?1 AND from_day <= ?2
ORDER BY from_day DESC, to_day DESC LIMIT 1;

-- name: stints_of_member
SELECT member, from_day, to_day, branch, stage, unit FROM stint WHERE member = ?1 ORDER BY from_day, to_day;

-- name: stints_of_branch
SELECT member, from_day, to_day, branch, stage, unit FROM stint WHERE branch = ?1 ORDER BY from_day, member;

-- name: stints_of_branch_newest
-- With the days after which there is nothing about the member.
SELECT s.member, s.from_day, s.to_day, a.registered, a.contacted
FROM stint AS s LEFT JOIN about AS a ON a.subject = s.member WHERE s.branch = ?1 ORDER BY s.from_day, s.member;
-- name: stints_of_unit
SELECT member, from_day, to_day, branch, stage, unit FROM stint
WHERE unit = ?1 AND unit != 0 ORDER BY from_day, member;

-- name: kinds_all
SELECT bit, name FROM kind ORDER BY bit;

-- name: kind_add
INSERT INTO kind (bit, name) VALUES (?1, ?2);

-- name: derived_clear_subject
DELETE FROM subject;

-- name: derived_clear_touch
DELETE FROM touch;

-- name: derived_clear_about
DELETE FROM about;
-- name: derived_clear_activity
DELETE FROM activity;

-- name: derived_clear_run
DELETE FROM run;

-- name: derived_clear_tail
DELETE FROM tail;

-- name: derived_clear_effect
DELETE FROM effect;

-- name: derived_clear_standing
DELETE FROM standing;

-- name: derived_clear_stint
DELETE FROM stint;

-- name: derived_clear_alert
DELETE FROM alert;

-- name: derived_clear_deadline
DELETE FROM deadline;
