-- Version 1. `ledger` is the only source of truth; every other table follows from it and is
-- dropped and replayed by --rebuild.

CREATE TABLE meta (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- body: the event as stored, without what can be erased; personal: names and free texts, apart, with
-- a salted seal (BLAKE2b-256 over salt and text) that stays when text and salt are erased.
-- chain: BLAKE2b-256 over the previous row's chain and this row (docs/ledger.md).
-- flags: 1: valid_days was written by the daemon (the sender's content had none).
CREATE TABLE ledger (
    seq         INTEGER PRIMARY KEY,
    id          BLOB NOT NULL,
    recorded_at INTEGER NOT NULL,
    recorded_by TEXT NOT NULL,
    type        INTEGER NOT NULL,
    flags       INTEGER NOT NULL,
    body        TEXT NOT NULL,
    personal    TEXT,
    salt        BLOB,
    seal        BLOB,
    chain       BLOB NOT NULL
) STRICT;
CREATE UNIQUE INDEX ledger_id ON ledger (id);

-- Every ref gets a small number when it is first recorded. Number 0 stands for the whole ledger.
CREATE TABLE subject (
    key  INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    ref  TEXT NOT NULL
) STRICT;
CREATE UNIQUE INDEX subject_ref ON subject (kind, ref);

-- What register events say of a subject (store/touches.h). role: enum role; out_by: the row that took
-- the event out of effect, 0 while it counts.
CREATE TABLE touch (
    subject INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    tod     INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    type    INTEGER NOT NULL,
    role    INTEGER NOT NULL,
    out_by  INTEGER NOT NULL,
    PRIMARY KEY (subject, day, tod, seq)
) STRICT, WITHOUT ROWID;

-- Activities by subject and day, and every row under subject 0, the whole ledger: in sorted runs, each
-- written once from one end to the other (store/runs.h). A row is a chunk of touches, keyed by the
-- first of them.
CREATE TABLE activity (
    run     INTEGER NOT NULL,
    subject INTEGER NOT NULL,
    day     INTEGER NOT NULL,
    tod     INTEGER NOT NULL,
    seq     INTEGER NOT NULL,
    touches BLOB NOT NULL,
    PRIMARY KEY (run, subject, day, tod, seq)
) STRICT, WITHOUT ROWID;

-- state: 1 live, 2 being built, 3 to be deleted. upto: the newest row in it.
CREATE TABLE run (
    run   INTEGER PRIMARY KEY,
    level INTEGER NOT NULL,
    state INTEGER NOT NULL,
    upto  INTEGER NOT NULL
) STRICT;

-- The newest rows, those after every run's `upto`: written with the row itself, held in memory by each
-- connection. subjects: pairs of key and role; takes: the row that this one takes out of effect.
CREATE TABLE tail (
    seq      INTEGER PRIMARY KEY,
    day      INTEGER NOT NULL,
    tod      INTEGER NOT NULL,
    type     INTEGER NOT NULL,
    kinds    INTEGER NOT NULL,
    hours    INTEGER NOT NULL,
    out_by   INTEGER NOT NULL,
    takes    INTEGER NOT NULL,
    subjects BLOB NOT NULL
) STRICT;

-- Only of events that correct or were corrected. root: the id with which a replacement stands in
-- the one order.
CREATE TABLE effect (
    seq    INTEGER PRIMARY KEY,
    out_by INTEGER NOT NULL,
    root   BLOB
) STRICT;

-- Units and branches that exist: first and last day (the last one counts for what refers to them).
CREATE TABLE standing (
    subject   INTEGER PRIMARY KEY,
    first_day INTEGER NOT NULL,
    last_day  INTEGER NOT NULL
) STRICT;

-- Where a member belonged: runs of days [from_day, to_day) with one branch, stage and unit.
CREATE TABLE stint (
    member   INTEGER NOT NULL,
    from_day INTEGER NOT NULL,
    to_day   INTEGER NOT NULL,
    branch   INTEGER NOT NULL,
    stage    INTEGER NOT NULL,
    unit     INTEGER NOT NULL,
    PRIMARY KEY (member, from_day, to_day)
) STRICT, WITHOUT ROWID;
CREATE INDEX stint_branch ON stint (branch, from_day);
CREATE INDEX stint_unit ON stint (unit, from_day) WHERE unit != 0;

-- Meeting kinds by bit: a dictionary that only grows, and that --rebuild keeps.
CREATE TABLE kind (
    bit  INTEGER PRIMARY KEY,
    name TEXT NOT NULL
) STRICT;

-- The daemon's own rows, folded. number: the seq of the opening.
CREATE TABLE alert (
    number     INTEGER PRIMARY KEY,
    rule       TEXT NOT NULL,
    subject    INTEGER NOT NULL,
    level      INTEGER NOT NULL,
    since      INTEGER NOT NULL,
    changed    INTEGER NOT NULL,
    closed     INTEGER NOT NULL,
    why        TEXT,
    ack        INTEGER NOT NULL,
    ack_level  INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX alert_open ON alert (subject, rule) WHERE closed = 0;
CREATE INDEX alert_worst ON alert (level DESC, since, number) WHERE closed = 0;
CREATE INDEX alert_closed ON alert (closed DESC) WHERE closed != 0;
CREATE INDEX alert_changed ON alert (changed);

-- The rows about each alert, after its opening.
CREATE TABLE alert_row (
    alert INTEGER NOT NULL,
    seq   INTEGER NOT NULL,
    PRIMARY KEY (alert, seq)
) STRICT, WITHOUT ROWID;

-- The next day on which a subject's alerts may change by themselves. Not derived from the ledger
-- alone: made anew by evaluation.
CREATE TABLE deadline (
    subject INTEGER PRIMARY KEY,
    day     INTEGER NOT NULL
) STRICT;
CREATE INDEX deadline_day ON deadline (day, subject);
