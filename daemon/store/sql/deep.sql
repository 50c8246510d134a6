-- Everything in the tables that follow from the rows, to be held against a replay of them.

-- name: deep_subject
SELECT * FROM subject ORDER BY key;

-- name: deep_touch
SELECT * FROM touch ORDER BY subject, day, tod, seq;

-- name: deep_effect
SELECT * FROM effect ORDER BY seq;

-- name: deep_standing
SELECT * FROM standing ORDER BY subject;

-- name: deep_stint
SELECT * FROM stint ORDER BY member, from_day, to_day;

-- name: deep_alert
SELECT * FROM alert ORDER BY number;

-- name: deep_alert_row
SELECT * FROM alert_row ORDER BY alert, seq;

-- name: deep_access_key
SELECT * FROM access_key ORDER BY name;

-- name: deep_realm
SELECT * FROM realm ORDER BY subject;

-- name: deep_realm_unit
SELECT * FROM realm_unit ORDER BY branch, unit;

-- name: deep_about
SELECT * FROM about ORDER BY subject;
