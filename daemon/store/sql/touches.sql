-- name: touch_add
INSERT INTO touch (subject, day, tod, seq, type, role, kinds, hours, out_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: touch_out
UPDATE touch SET out_by = ?5 WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: touch_remove
DELETE FROM touch WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: touch_before
-- Newest first, from a place in the order on.
SELECT day, tod, seq, type, role, kinds, hours, out_by FROM touch
WHERE subject = ?1 AND (day, tod, seq) < (?2, ?3, ?4)
ORDER BY day DESC, tod DESC, seq DESC LIMIT ?5;

-- name: touch_all
SELECT day, tod, seq, type, role, kinds, hours, out_by FROM touch WHERE subject = ?1 ORDER BY day, tod, seq;

-- name: activity_add
INSERT INTO activity (subject, day, tod, seq, type, role, kinds, hours, out_by)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9);

-- name: activity_out
UPDATE activity SET out_by = ?5 WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: activity_remove
DELETE FROM activity WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: activity_before
-- Newest first, from a place in the order on.
SELECT day, tod, seq, type, role, kinds, hours, out_by FROM activity
WHERE subject = ?1 AND (day, tod, seq) < (?2, ?3, ?4)
ORDER BY day DESC, tod DESC, seq DESC LIMIT ?5;

-- name: activity_between
SELECT day, tod, seq, type, role, kinds, hours, out_by FROM activity
WHERE subject = ?1 AND day >= ?2 AND day <= ?3 ORDER BY day, tod, seq;
