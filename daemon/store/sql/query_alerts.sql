-- name: query_alert_open_of
SELECT number, rule, subject, level, since, changed, closed, why, ack FROM alert
WHERE subject = ?1 AND rule = ?2 AND closed = 0;

-- name: query_deadlines
SELECT subject, day FROM deadline WHERE day <= ?1 ORDER BY day, subject;
