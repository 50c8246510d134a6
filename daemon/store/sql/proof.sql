-- name: chain_rows
-- As they lie there, for whoever proves or copies them.
SELECT seq, id, recorded_at, recorded_by, type, flags, body, personal, salt, seal, chain
FROM ledger WHERE seq > ?1 ORDER BY seq LIMIT ?2;

-- name: index_newest
-- The newest row that the index of activities knows: every row is in it, in a live run or in the tail.
SELECT max((SELECT coalesce(max(seq), 0) FROM tail), (SELECT coalesce(max(upto), 0) FROM run WHERE state = 1));
