-- name: alert_open
INSERT INTO alert (number, rule, subject, level, since, changed, closed, why, ack, ack_level)
VALUES (?1, ?2, ?3, ?4, ?5, ?1, 0, NULL, 0, 0);

-- name: alert_change
UPDATE alert SET level = ?2, since = ?3, changed = ?4 WHERE number = ?1;

-- name: alert_close
UPDATE alert SET closed = ?2, why = ?3, changed = ?2 WHERE number = ?1;

-- name: alert_ack
UPDATE alert SET ack = ?2, ack_level = level, changed = ?2 WHERE number = ?1;

-- name: alert_touch
UPDATE alert SET changed = ?2 WHERE number = ?1;

-- name: alert_get
SELECT number, rule, subject, level, since, changed, closed, why, ack, ack_level
FROM alert WHERE number = ?1;

-- name: alerts_open_of
SELECT number, rule, subject, level, since, changed, closed, why, ack, ack_level
FROM alert WHERE subject = ?1 AND closed = 0 ORDER BY rule;

-- name: alerts_worst
-- After (minus the level, since, number) in that order.
SELECT number, rule, subject, level, since, changed, closed, why, ack, ack_level FROM alert
WHERE closed = 0 AND level <= -?1 AND (level < -?1 OR (since, number) > (?2, ?3))
ORDER BY level DESC, since, number;

-- name: alerts_closed
SELECT number, rule, subject, level, since, changed, closed, why, ack, ack_level FROM alert
WHERE closed != 0 AND closed < ?1 ORDER BY closed DESC;

-- name: alerts_changed
-- After (changed, number). One row may change two: an acknowledgement that was of another alert.
SELECT number, rule, subject, level, since, changed, closed, why, ack, ack_level FROM alert
WHERE (changed, number) > (?1, ?2) ORDER BY changed, number;

-- name: alerts_count
SELECT level, count(*) FROM alert WHERE closed = 0 GROUP BY level;

-- name: alert_subjects_open
-- At start: every subject with open alerts, and how many. Goes through the open alerts alone.
SELECT s.kind, s.ref, count(*) FROM alert AS a JOIN subject AS s ON s.key = a.subject
WHERE a.closed = 0 GROUP BY a.subject;

-- name: deadline_set
INSERT INTO deadline (subject, day) VALUES (?1, ?2)
ON CONFLICT (subject) DO UPDATE SET day = excluded.day WHERE day != excluded.day;

-- name: deadline_delete
DELETE FROM deadline WHERE subject = ?1;

-- name: deadlines_until
SELECT subject, day FROM deadline WHERE day <= ?1 ORDER BY day, subject LIMIT ?2;

-- name: deadlines_of_members
-- Present members of a branch who are due.
SELECT d.subject FROM stint AS s JOIN deadline AS d ON d.subject = s.member
WHERE s.branch = ?1 AND s.to_day = 2147483647 AND d.day <= ?2;

-- name: subjects_after
-- For a walk over all subjects of rules. Kinds 0 to 3 are those.
SELECT key, kind FROM subject WHERE key > ?1 AND kind < 4 ORDER BY key LIMIT 1;
