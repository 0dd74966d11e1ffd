/*---
title    = "Things off site are permitted and protected"
promise  = "Every asset that is off site may be, is encrypted where its class asks for that, and was seen within its window."
why      = "Outside nobody but the disk's own encryption guards the data."
clauses  = ["ISO/IEC 27001:2022 A.7.9", "ISO/IEC 27001:2013 A.11.2.6", "GDPR 32(1)(a)"]
kind     = "cadence"
severity = "high"
owner    = "it-operations"
warn     = "3 days"
subjects = "assets off site"
parameters = ["off_site_silence"]
---*/
WITH last_seen AS (
    SELECT device_id AS id, arg_max(off_site, seen_at) AS off_site, max(seen_at) AS seen_at
    FROM device_sightings
    GROUP BY device_id
),
permitted AS (
    SELECT asset_id AS id, max(coalesce(until_at, TIMESTAMP '9999-12-31')) AS until_at
    FROM asset_permissions
    WHERE kind = 'off site'
      AND approved_at IS NOT NULL
      AND from_at <= $as_of
      AND coalesce(until_at > $as_of, true)
    GROUP BY asset_id
),
encryption AS (
    SELECT id, bool_and(encrypted) AS encrypted
    FROM devices
    GROUP BY id
),
judged AS (
    SELECT last_seen.id, coalesce(asset.title, last_seen.id) AS label, last_seen.off_site, last_seen.seen_at, permitted.until_at,
           last_seen.seen_at + $off_site_silence                             AS silent_at,
           CASE WHEN permitted.until_at IS NULL                              THEN 'may not be off site'
                WHEN class.encrypted_off_site AND NOT encryption.encrypted   THEN 'is not encrypted, as its class asks for'
                WHEN last_seen.seen_at < $as_of - $off_site_silence          THEN 'has not been seen'
                WHEN class.encrypted_off_site IS NULL                        THEN 'whether it must be encrypted is unknown'
                WHEN class.encrypted_off_site AND encryption.encrypted IS NULL  THEN 'whether it is encrypted is unknown'
                ELSE 'in order' END                                          AS finding
    FROM last_seen
    LEFT JOIN permitted USING (id)
    LEFT JOIN encryption USING (id)
    LEFT JOIN (SELECT id, max(title) AS title, max(class_id) AS class_id FROM registered_assets GROUP BY id) AS asset USING (id)
    LEFT JOIN (SELECT id AS class_id, bool_or(encrypted_off_site) AS encrypted_off_site FROM asset_classes GROUP BY id) AS class USING (class_id)
    -- Not applicable: what was last seen on the premises.
    WHERE last_seen.off_site IS NOT FALSE
)
SELECT 'asset/' || id                                                        AS subject,
       label,
       CASE WHEN finding = 'in order'                                        THEN true
            WHEN finding NOT LIKE 'whether%' AND off_site                    THEN false END  AS ok,
       CASE WHEN finding = 'in order' THEN 'is permitted and protected' ELSE finding END || coalesce(', last seen on ' || CAST(CAST(seen_at AS DATE) AS TEXT), '')  AS detail,
       least(silent_at, until_at)                                            AS flips_at
FROM judged
