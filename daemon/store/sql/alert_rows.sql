-- name: alert_row_add
INSERT INTO alert_row (alert, seq) VALUES (?1, ?2);

-- name: alert_rows_of
-- What was recorded about one alert after its opening.
SELECT seq FROM alert_row WHERE alert = ?1 ORDER BY seq;

-- name: derived_clear_alert_row
DELETE FROM alert_row;
