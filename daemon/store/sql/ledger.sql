-- name: begin
BEGIN IMMEDIATE;

-- name: begin_read
BEGIN DEFERRED;

-- name: commit
COMMIT;

-- name: rollback
ROLLBACK;

-- name: row_insert
INSERT INTO ledger (seq, id, recorded_at, recorded_by, type, flags, body, personal, salt, seal, chain)
VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11);

-- name: row_by_id
SELECT seq, type FROM ledger WHERE id = ?1;

-- name: row_largest_id
SELECT id FROM ledger ORDER BY id DESC LIMIT 1;

-- name: row_by_seq
SELECT l.seq, l.id, l.recorded_at, l.recorded_by, l.type, l.flags, l.body, l.personal, e.out_by, e.root,
    l.seal, l.chain, l.salt IS NULL AND l.seal IS NOT NULL FROM ledger AS l LEFT JOIN effect AS e ON e.seq = l.seq WHERE l.seq = ?1;

-- name: row_erase
UPDATE ledger SET personal = ?2, salt = NULL WHERE seq = ?1;

-- name: row_told
-- What a list tells of a row.
SELECT recorded_at, recorded_by, type, body, personal, salt IS NULL AND seal IS NOT NULL FROM ledger WHERE seq = ?1;

-- name: row_whole
-- In the order of row_insert's parameters.
SELECT seq, id, recorded_at, recorded_by, type, flags, body, personal, salt, seal, chain
FROM ledger WHERE seq = ?1;

-- name: rows_after
SELECT l.seq, l.id, l.recorded_at, l.recorded_by, l.type, l.flags, l.body, l.personal, e.out_by, e.root,
    l.seal, l.chain, l.salt IS NULL AND l.seal IS NOT NULL FROM ledger AS l LEFT JOIN effect AS e ON e.seq = l.seq WHERE l.seq > ?1 AND l.seq <= ?2 ORDER BY l.seq;

-- name: row_last
SELECT seq, recorded_at, chain FROM ledger ORDER BY seq DESC LIMIT 1;

-- name: row_known_on
-- recorded_at never goes back along seq, so a known-on time is a seq; found by bisection.
SELECT recorded_at FROM ledger WHERE seq = ?1;

-- name: rows_count_clients
-- Of the rows after the last count that was saved.
SELECT count(*) FROM ledger WHERE seq > ?1 AND type > 4;

-- name: meta_get
SELECT value FROM meta WHERE name = ?1;

-- name: meta_set
INSERT INTO meta (name, value) VALUES (?1, ?2)
ON CONFLICT (name) DO UPDATE SET value = excluded.value;
