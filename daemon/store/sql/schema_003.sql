-- Version 3: where a read need not look.

-- Members who were ever contacted, and no contact is dated later than last_day, in effect or not: where
-- no activity needs to be looked for that is about them.
CREATE TABLE contacted (
    member   INTEGER PRIMARY KEY,
    last_day INTEGER NOT NULL
) STRICT;

-- Nothing in a run is dated before first_day or after last_day. The defaults hold for any run.
ALTER TABLE run ADD COLUMN first_day INTEGER NOT NULL DEFAULT -2147483648;
ALTER TABLE run ADD COLUMN last_day INTEGER NOT NULL DEFAULT 2147483647;
