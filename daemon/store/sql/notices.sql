-- name: notice_add
INSERT INTO notice (alert, what, step, recipient, channel, level, level_before, branch, route, moment, due, made, message, silent)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, 0, ?13)
ON CONFLICT (alert, what, step, recipient, channel) DO NOTHING;

-- name: notices_of_alert
SELECT notice, alert, what, step, recipient, channel, level, level_before, branch, route, moment, due, made, message, silent
FROM notice WHERE alert = ?1 AND message >= 0 ORDER BY notice;

-- name: notices_of_message
SELECT notice, alert, what, step, recipient, channel, level, level_before, branch, route, moment, due, made, message, silent
FROM notice WHERE message = ?1 AND message > 0 AND notice > ?2 ORDER BY notice LIMIT ?3;

-- name: notice_drop
UPDATE notice SET message = -1 WHERE notice = ?1 AND message = 0;

-- name: notice_newest
SELECT coalesce(max(notice), 0) FROM notice;

-- name: notice_earliest
SELECT due FROM notice WHERE message = 0 ORDER BY due LIMIT 1;

-- name: notice_due
SELECT notice, alert, what, step, recipient, channel, level, level_before, branch, route, moment, due, made, message, silent
FROM notice WHERE message = 0 AND due <= ?1 ORDER BY due LIMIT 1;

-- name: notice_gather
-- Puts some of what one recipient is to be told by one channel into a message: all that is due, and of what is told at once
-- (moments 0 and 3) also what is due by ?8. What was undelivered has one of its own.
UPDATE notice SET message = ?1 WHERE notice IN (
    SELECT notice FROM notice WHERE message = 0 AND recipient = ?2 AND channel = ?3 AND due <= ?8 AND (due <= ?4 OR moment IN (0, 3)) AND notice <= ?5
        AND (moment = 4) = ?7 LIMIT ?6);

-- name: notice_postpone_less
-- After a clock that was ahead: nothing waits for longer than it can have to.
UPDATE notice SET due = ?1 WHERE message = 0 AND due > ?1;

-- name: message_add
INSERT INTO message (key, recipient, channel, moment, made, off_days, upto, state, tries, next, ended, error)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, 1, 0, ?5, 0, '');

-- name: message_gathered
UPDATE message SET state = ?2, ended = ?3,
    moment = (SELECT max(moment) FROM notice WHERE notice.message = ?1 AND notice.message > 0)
WHERE message = ?1;

-- name: message_gathering
SELECT message, key, recipient, channel, moment, made, off_days, upto, state, tries, next, error
FROM message WHERE state = 1 ORDER BY message LIMIT 1;

-- name: message_next
SELECT message, key, recipient, channel, moment, made, off_days, upto, state, tries, next, error
FROM message WHERE state = 2 AND channel = ?1 ORDER BY next LIMIT 1;

-- name: message_get
SELECT message, key, recipient, channel, moment, made, off_days, upto, state, tries, next, error
FROM message WHERE message = ?1;

-- name: message_stray
-- To be sent by another channel than those from ?1 on, one after the other: a JSON array of their names.
SELECT message FROM message WHERE state = 2 AND channel NOT IN (SELECT value FROM json_each(?1)) LIMIT 1;

-- name: message_set
UPDATE message SET state = ?2, tries = ?3, next = ?4, ended = ?5, error = ?6 WHERE message = ?1;

-- name: messages_hurry
-- After a clock that was ahead: no try is later than it can be.
UPDATE message SET next = ?1 WHERE state = 2 AND next > ?1;

-- name: messages_retry
UPDATE message SET state = 2, tries = 0, next = ?1, ended = 0 WHERE state = 4;

-- name: message_retry
UPDATE message SET state = 2, tries = 0, next = ?2, ended = 0 WHERE state = 4 AND message = ?1;

-- name: messages_forget
UPDATE message SET state = 6, ended = ?1 WHERE state = 4;

-- name: message_forget
UPDATE message SET state = 6, ended = ?2 WHERE state = 4 AND message = ?1;

-- name: notices_prune_end
-- Of the next ?3 after ?1 the last one, as long as they are old; never the newest. NULL: none.
SELECT max(notice) FROM (SELECT notice, made FROM notice WHERE notice > ?1 ORDER BY notice LIMIT ?3)
WHERE made < ?2 AND notice < (SELECT max(notice) FROM notice);

-- name: notices_prune
-- Told, listed, forgotten or dropped; of alerts that are over (or not known any more), or of none.
DELETE FROM notice WHERE notice > ?1 AND notice <= ?2 AND made < ?3
    AND (message = -1 OR EXISTS (SELECT 1 FROM message AS m
                                 WHERE m.message = notice.message AND m.state IN (3, 5, 6) AND m.ended < ?3))
    AND NOT EXISTS (SELECT 1 FROM alert WHERE alert.number = notice.alert AND alert.closed = 0);

-- name: messages_prune_end
SELECT max(message) FROM (SELECT message, made FROM message WHERE message > ?1 ORDER BY message LIMIT ?3)
WHERE made < ?2 AND message < (SELECT max(message) FROM message);

-- name: messages_prune
DELETE FROM message WHERE message > ?1 AND message <= ?2 AND state IN (3, 5, 6) AND ended < ?3
    AND NOT EXISTS (SELECT 1 FROM notice WHERE notice.message = message.message AND notice.message > 0);

-- name: notices_waiting
SELECT count(*) FROM notice WHERE message = 0;

-- name: messages_count
SELECT state, count(*) FROM message WHERE state IN (1, 2, 4) GROUP BY state;

-- name: watch_set
INSERT INTO notice_watch (alert, day) VALUES (?1, ?2)
ON CONFLICT (alert) DO UPDATE SET day = excluded.day WHERE day != excluded.day;

-- name: watch_delete
DELETE FROM notice_watch WHERE alert = ?1;

-- name: watch_due
SELECT alert FROM notice_watch WHERE day <= ?1 ORDER BY day, alert LIMIT ?2;

-- name: notices_newest
-- Newest first, before ?1; state: of its message, 0 without one.
SELECT n.notice, n.alert, n.what, n.step, n.recipient, n.channel, n.level, n.level_before, n.branch, n.route, n.moment,
    n.due, n.made, n.message, n.silent, coalesce(m.state, 0), coalesce(m.tries, 0), coalesce(m.next, 0), coalesce(m.ended, 0),
    coalesce(m.error, ''), coalesce(m.key, '')
FROM notice AS n LEFT JOIN message AS m ON m.message = n.message
WHERE n.notice < ?1 ORDER BY n.notice DESC;

-- name: notices_in_state
-- Of messages in one state, after (message, notice), the newest message first.
SELECT n.notice, n.alert, n.what, n.step, n.recipient, n.channel, n.level, n.level_before, n.branch, n.route, n.moment,
    n.due, n.made, n.message, n.silent, m.state, m.tries, m.next, m.ended, m.error, m.key
FROM message AS m JOIN notice AS n ON n.message = m.message AND n.message > 0
WHERE m.state = ?1 AND m.message <= ?2 AND (m.message < ?2 OR n.notice > ?3)
ORDER BY m.message DESC, n.notice;
