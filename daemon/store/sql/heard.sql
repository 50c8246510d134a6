-- name: heard_set
INSERT INTO heard (branch, day) VALUES (?1, ?2)
ON CONFLICT (branch) DO UPDATE SET day = excluded.day WHERE day < excluded.day;

-- name: heard_silent
-- Areas about whose branches nothing was recorded since day ?1, and the last day on which something was.
SELECT r.area, max(coalesce(h.day, -2147483648)) FROM realm AS r
JOIN subject AS s ON s.key = r.subject LEFT JOIN heard AS h ON h.branch = r.subject
WHERE s.kind = 0 GROUP BY r.area HAVING max(coalesce(h.day, -2147483648)) < ?1;

-- name: realm_area_from
-- The first area from ?1 on.
SELECT area FROM realm WHERE area >= ?1 ORDER BY area LIMIT 1;

-- name: realm_area
SELECT area FROM realm WHERE subject = ?1;
