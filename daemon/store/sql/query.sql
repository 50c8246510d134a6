-- name: query_refs_from
SELECT ref FROM subject WHERE kind = ?1 AND ref >= ?2 ORDER BY ref LIMIT ?3;

-- name: query_refs_below
SELECT ref FROM subject WHERE kind = ?1 AND ref < ?2 ORDER BY ref DESC LIMIT ?3;

-- name: query_touched
-- Whether a row concerns a subject.
SELECT role FROM touch WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4
UNION ALL
SELECT role FROM activity WHERE subject = ?1 AND day = ?2 AND tod = ?3 AND seq = ?4;
