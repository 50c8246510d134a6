-- name: query_refs_from
SELECT ref FROM subject WHERE kind = ?1 AND ref >= ?2 ORDER BY ref LIMIT ?3;

-- name: query_refs_below
SELECT ref FROM subject WHERE kind = ?1 AND ref < ?2 ORDER BY ref DESC LIMIT ?3;
