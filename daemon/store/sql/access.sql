-- name: key_add
INSERT INTO access_key (name, public, seq, revoked) VALUES (?1, ?2, ?3, 0);

-- name: key_revoke
UPDATE access_key SET revoked = ?2 WHERE name = ?1;

-- name: key_by_name
SELECT seq, revoked FROM access_key WHERE name = ?1;

-- name: key_by_public
SELECT seq, revoked FROM access_key WHERE public = ?1;

-- name: keys_all
SELECT name, public, seq, revoked FROM access_key ORDER BY name;

-- name: realm_set
INSERT INTO realm (subject, area) VALUES (?1, ?2) ON CONFLICT (subject) DO UPDATE SET area = excluded.area;

-- name: realm_delete
DELETE FROM realm WHERE subject = ?1;

-- name: realm_within
-- ?2: the first text after all that begin with ?1.
SELECT r.subject, s.kind FROM realm AS r JOIN subject AS s ON s.key = r.subject
WHERE r.area >= ?1 AND r.area < ?2;

-- name: realm_unit_add
INSERT INTO realm_unit (branch, unit) VALUES (?1, ?2) ON CONFLICT DO NOTHING;

-- name: realm_unit_clear
DELETE FROM realm_unit WHERE branch = ?1;

-- name: realm_units_of
SELECT unit FROM realm_unit WHERE branch = ?1;

-- name: derived_clear_access_key
DELETE FROM access_key;

-- name: derived_clear_realm
DELETE FROM realm;

-- name: derived_clear_realm_unit
DELETE FROM realm_unit;
