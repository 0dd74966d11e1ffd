/*---
title    = "Systems are reviewed technically"
promise  = "Every system in operation has a technical review, by a scanner that ran to its end or by hand, within the interval."
why      = "Settings drift; what was hardened once is open again a year later."
clauses  = ["ISO/IEC 27001:2022 A.5.36", "ISO/IEC 27001:2022 A.8.8", "ISO/IEC 27001:2013 A.18.2.3"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
parameters = ["technical_review_interval"]
optional = ["scans"]
---*/
WITH looks AS (
    SELECT system_id, finished_at AS looked_at, tool AS how
    FROM scans
    WHERE whole
    UNION ALL
    SELECT system_id, reviewed_at, 'hand'
    FROM technical_reviews
),
last AS (
    SELECT system_id, max(looked_at) AS looked_at, arg_max(how, looked_at) AS how
    FROM looks
    GROUP BY system_id
),
judged AS (
    SELECT system.source, system.id, coalesce(system.name, system.id) AS name, system.in_operation, last.looked_at, last.how,
           last.looked_at + $technical_review_interval                              AS until_at
    FROM systems AS system
    LEFT JOIN last ON last.system_id = system.id
    WHERE system.in_operation IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       name                                                                  AS label,
       CASE WHEN until_at >= $as_of   THEN true
            WHEN in_operation         THEN false END                         AS ok,
       coalesce('last reviewed on ' || CAST(CAST(looked_at AS DATE) AS TEXT) || ', by ' || how, 'never reviewed')  AS detail,
       until_at                                                              AS flips_at
FROM judged
