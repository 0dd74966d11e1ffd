/*---
title    = "Few carry mobile devices outside"
promise  = "Everybody who used a mobile device outside was on the register of carriers, and the register is within its limit."
why      = "Each device outside is one that can be left on a train."
clauses  = ["ISO/IEC 27001:2022 A.8.1", "ISO/IEC 27001:2013 A.6.2.1"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
subjects = "carriers of mobile devices"
parameters = ["carriers_at_most", "sightings_looked_back"]
---*/
WITH person AS (
    SELECT id AS person_id, max(name) AS name
    FROM engagements
    GROUP BY id
),
carriers AS (
    SELECT person_id, min(greatest(approved_at, from_at)) AS from_at, max(coalesce(until_at, TIMESTAMP '9999-12-31')) AS until_at
    FROM asset_permissions
    WHERE kind = 'mobile carrier'
      AND approved_at IS NOT NULL
    GROUP BY person_id
),
outside AS (
    SELECT coalesce(person_id, 'unknown user of ' || device_id) AS person_id, bool_and(person_id IS NOT NULL) AS told,
           bool_or(off_site) AS off_site, min(seen_at) AS first_at, max(seen_at) AS last_at
    FROM device_sightings
    WHERE off_site IS NOT FALSE
      AND seen_at >= $as_of - $sightings_looked_back
    GROUP BY coalesce(person_id, 'unknown user of ' || device_id)
),
used AS (
    SELECT 'person/' || outside.person_id                                    AS subject,
           coalesce(person.name, outside.person_id)                          AS label,
           CASE WHEN carriers.from_at <= outside.first_at AND carriers.until_at >= outside.last_at  THEN true
                WHEN outside.off_site AND outside.told                       THEN false END  AS ok,
           outside.told, outside.last_at
    FROM outside
    LEFT JOIN carriers USING (person_id)
    LEFT JOIN person USING (person_id)
),
counted AS (
    SELECT count(person_id) AS carriers
    FROM carriers
    WHERE until_at > $as_of
)
SELECT subject,
       label,
       ok,
       CASE WHEN ok         THEN 'is on the register of carriers'
            WHEN NOT told   THEN 'used a device outside, and who it was is unknown'
            ELSE 'used a device outside on ' || CAST(CAST(last_at AS DATE) AS TEXT) || ', and was not on the register' END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM used
UNION ALL
SELECT 'register', 'The register of carriers', carriers <= $carriers_at_most, 'people on it: ' || carriers, CAST(NULL AS TIMESTAMP)
FROM counted
