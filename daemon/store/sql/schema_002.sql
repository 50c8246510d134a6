-- Version 2: keys, and what their scopes are told by.

-- Keys that were ever allowed. seq: the row that did, in which role and scope stand; revoked: the row
-- that took it back, 0 while it is in force.
CREATE TABLE access_key (
    name    TEXT PRIMARY KEY,
    public  TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    revoked INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX access_key_public ON access_key (public);

-- The newest area said of each branch and unit, and the units that each branch lists now.
CREATE TABLE realm (
    subject INTEGER PRIMARY KEY,
    area    TEXT NOT NULL
) STRICT;
CREATE INDEX realm_area ON realm (area);
CREATE TABLE realm_unit (
    branch INTEGER NOT NULL,
    unit   INTEGER NOT NULL,
    PRIMARY KEY (branch, unit)
) STRICT, WITHOUT ROWID;
