-- name: touch_add
INSERT INTO touch (subject, day, tod, seq, type, role, out_by) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7);

-- name: touch_out
UPDATE touch SET out_by = ?5 WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: touch_remove
DELETE FROM touch WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;

-- name: touch_all
SELECT day, tod, seq, type, role, out_by FROM touch WHERE subject = ?1 ORDER BY day, tod, seq;

-- name: touch_before
-- Newest first, from a place in the order on.
SELECT day, tod, seq, type, role, out_by FROM touch
WHERE subject = ?1 AND (day, tod, seq) < (?2, ?3, ?4)
ORDER BY day DESC, tod DESC, seq DESC LIMIT ?5;

-- name: about_add
INSERT INTO about (subject, registered, contacted) VALUES (?1, ?2, ?3)
ON CONFLICT (subject) DO UPDATE SET registered = max(registered, excluded.registered),
    contacted = max(contacted, excluded.contacted)
WHERE registered < excluded.registered OR contacted < excluded.contacted;
-- name: chunk_add
INSERT INTO activity (run, subject, day, tod, seq, touches) VALUES (?1, ?2, ?3, ?4, ?5, ?6);

-- name: chunk_set
UPDATE activity SET touches = ?6
WHERE run = ?1 AND subject = ?2 AND day = ?3 AND tod = ?4 AND seq = ?5;

-- name: chunk_at
-- The chunk that holds a place, or the one before it.
SELECT day, tod, seq, touches FROM activity
WHERE run = ?1 AND subject = ?2 AND (day, tod, seq) <= (?3, ?4, ?5)
ORDER BY day DESC, tod DESC, seq DESC LIMIT 1;
-- name: chunks_back
-- From that one on, newest first.
SELECT day, tod, seq, touches FROM activity
WHERE run = ?1 AND subject = ?2 AND (day, tod, seq) <= (?3, ?4, ?5)
ORDER BY day DESC, tod DESC, seq DESC;

-- name: chunk_after
SELECT day, tod, seq, touches FROM activity
WHERE run = ?1 AND subject = ?2 AND (day, tod, seq) > (?3, ?4, ?5)
ORDER BY day, tod, seq LIMIT 1;

-- name: run_next_subject
SELECT subject FROM activity WHERE run = ?1 AND subject > ?2 ORDER BY subject LIMIT 1;

-- name: run_delete_some
DELETE FROM activity WHERE run = ?1 AND (subject, day, tod, seq) <= (
    SELECT subject, day, tod, seq FROM activity WHERE run = ?1
    ORDER BY subject, day, tod, seq LIMIT 1 OFFSET ?2);

-- name: run_delete_rest
DELETE FROM activity WHERE run = ?1;

-- name: run_all
SELECT run, level, state, upto, first_day, last_day FROM run ORDER BY run;

-- name: run_add
INSERT INTO run (level, state, upto, first_day, last_day) VALUES (?1, ?2, ?3, ?4, ?5);

-- name: run_state
UPDATE run SET state = ?2 WHERE run = ?1;

-- name: run_abandon
-- What was being built when the daemon stopped is begun anew.
UPDATE run SET state = 3 WHERE state = 2;

-- name: run_forget
DELETE FROM run WHERE run = ?1;

-- name: tail_add
INSERT INTO tail (seq, day, tod, type, kinds, hours, out_by, takes, subjects)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0, ?7, ?8);

-- name: tail_out
UPDATE tail SET out_by = ?2 WHERE seq = ?1;

-- name: tail_one
SELECT subjects FROM tail WHERE seq = ?1;

-- name: tail_after
SELECT seq, day, tod, type, kinds, hours, out_by, takes, subjects FROM tail WHERE seq > ?1 ORDER BY seq;

-- name: tail_first
SELECT seq FROM tail ORDER BY seq LIMIT 1;

-- name: tail_delete
DELETE FROM tail WHERE seq <= ?1;
