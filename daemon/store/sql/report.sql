-- name: report_stints
-- Every member's stints, for a year's figures: all that lies after key 0 is all there is.
SELECT member, from_day, to_day, branch, stage, unit FROM stint
WHERE member > ?1 ORDER BY member, from_day, to_day;

-- name: report_touched
-- Subjects with a register event of one type, dated up to a day: one pass over the registers' touches.
SELECT DISTINCT subject FROM touch WHERE subject > 0 AND type = ?1 AND day <= ?2 AND out_by = 0;

-- name: report_bodies
-- Meetings of a year, of which figures look at a few members only: the walk of rows_after without the rest.
SELECT seq, body FROM ledger WHERE seq > ?1 AND seq <= ?2 ORDER BY seq;
