-- Version 4: what people are told (docs/notices.md). Not derived from the ledger: --rebuild keeps it, a backup has
-- it, an export has not. Nothing is in it where no routes are configured.

-- One row for each (alert, step of its episode, recipient, channel), written in the transaction of the ledger row
-- that it tells of. what: enum notice_what. step: seq of that row; the person's place on the ladder; the day of a
-- repetition; of an undelivered message its number. level_before: what the recipient was told last. branch: key, 0
-- for none. moment: 0 now, 1 daily, 2 weekly, 3 after the daemon was off,
-- 4 what was undelivered. due, made: microseconds since 1970.
-- message: 0 waits; the message that tells it; -1 dropped, as there was nothing to tell any more.
CREATE TABLE notice (
    notice       INTEGER PRIMARY KEY,
    alert        INTEGER NOT NULL,
    what         INTEGER NOT NULL,
    step         INTEGER NOT NULL,
    recipient    TEXT NOT NULL,
    channel      TEXT NOT NULL,
    level        INTEGER NOT NULL,
    level_before INTEGER NOT NULL,
    branch       INTEGER NOT NULL,
    route        TEXT NOT NULL,
    moment       INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    made         INTEGER NOT NULL,
    message      INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX notice_once ON notice (alert, what, step, recipient, channel);
CREATE INDEX notice_waiting ON notice (recipient, channel, due) WHERE message = 0;
CREATE INDEX notice_due ON notice (due) WHERE message = 0;
CREATE INDEX notice_message ON notice (message, notice) WHERE message > 0;

-- state: 1 being gathered, 2 to be sent, 3 sent, 4 failed, 5 listed only (a rehearsal). upto: rows gathered into it
-- are not after this one. moment: the greatest of its rows.
CREATE TABLE message (
    message   INTEGER PRIMARY KEY,
    key       TEXT NOT NULL,
    recipient TEXT NOT NULL,
    channel   TEXT NOT NULL,
    moment    INTEGER NOT NULL,
    made      INTEGER NOT NULL,
    off_days  INTEGER NOT NULL,
    upto      INTEGER NOT NULL,
    state     INTEGER NOT NULL,
    tries     INTEGER NOT NULL,
    next      INTEGER NOT NULL,
    ended     INTEGER NOT NULL,
    error     TEXT NOT NULL
) STRICT;
CREATE INDEX message_next ON message (channel, next) WHERE state = 2;
CREATE INDEX message_state ON message (state, message);
CREATE INDEX message_ended ON message (ended) WHERE ended != 0;

-- The day on which an open alert that was told is looked at again: for the ladder, for a repetition, for the end of an
-- acknowledgement.
CREATE TABLE notice_watch (
    alert INTEGER PRIMARY KEY,
    day   INTEGER NOT NULL
) STRICT;
CREATE INDEX notice_watch_day ON notice_watch (day, alert);
