/*---
title    = "Working rules of secure areas are acknowledged"
promise  = "Everybody who is authorised for a secure zone acknowledged its working rules as they are now."
why      = "Who may go in alone must know what may not be done there."
clauses  = ["ISO/IEC 27001:2022 A.7.6", "ISO/IEC 27001:2013 A.11.1.5"]
kind     = "state"
severity = "medium"
owner    = "facilities"
subjects = "people authorised for secure zones"
---*/
WITH person AS (
    SELECT id AS person_id, max(name) AS name
    FROM engagements
    GROUP BY id
),
allowed AS (
    SELECT zone.source, zone.id AS zone_id, coalesce(zone.title, zone.id) AS title, zone.rules_digest AS digest,
           authorisation.person_id, max(authorisation.until_on) AS until_on
    FROM zones AS zone
    JOIN (SELECT source, zone_id AS id, person_id, from_on, until_on, withdrawn_at FROM zone_authorisations) AS authorisation USING (source, id)
    WHERE zone.kind = 'secure'
      AND authorisation.withdrawn_at IS NULL
      AND coalesce(authorisation.until_on >= CAST($as_of AS DATE), true)
    GROUP BY zone.source, zone.id, zone.title, zone.rules_digest, authorisation.person_id
)
SELECT allowed.source || '/' || allowed.zone_id || '/' || allowed.person_id  AS subject,
       allowed.title || ', ' || coalesce(max(person.name), allowed.person_id)  AS label,
       count(read.acknowledged_at) > 0                                       AS ok,
       CASE WHEN count(read.acknowledged_at) > 0   THEN 'acknowledged on ' || CAST(CAST(min(read.acknowledged_at) AS DATE) AS TEXT)
            WHEN allowed.digest IS NULL            THEN 'there are no working rules to acknowledge'
            ELSE 'has not acknowledged the working rules as they are now' END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM allowed
LEFT JOIN zone_rule_acknowledgements AS read USING (source, zone_id, person_id, digest)
LEFT JOIN person USING (person_id)
GROUP BY allowed.source, allowed.zone_id, allowed.title, allowed.digest, allowed.person_id
