-- Version 3: where a read need not look.

-- No register event that is about the subject is dated later than `registered`, no contact later than
-- `contacted`, in effect or not.
CREATE TABLE about (
    subject    INTEGER PRIMARY KEY,
    registered INTEGER NOT NULL,
    contacted  INTEGER NOT NULL
) STRICT;

-- Nothing in a run is dated before first_day or after last_day. The defaults hold for any run.
ALTER TABLE run ADD COLUMN first_day INTEGER NOT NULL DEFAULT -2147483648;
ALTER TABLE run ADD COLUMN last_day INTEGER NOT NULL DEFAULT 2147483647;
