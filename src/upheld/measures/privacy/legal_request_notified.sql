/*---
title    = "Customers hear of demands for their data"
promise  = "Each demand for a customer's data that binds the company was told to the customer in time and before any disclosure, unless a law forbids that."
why      = "Only the customer can go to court over its data, and only before they are gone."
clauses  = ["ISO/IEC 27701:2019 8.5.4", "ISO/IEC 27701:2025 A.2.5.5", "GDPR 28(3)(a)"]
kind     = "deadline"
severity = "critical"
owner    = "dpo"
warn     = "1 day"
may_be_empty = "nobody need demand anything"
subjects = "demands that bind the company"
parameters = ["legal_notice_within"]
---*/
WITH demand AS (
    SELECT source, id, title, notified_at,
           -- Until when a law forbids to tell: from then on the time to tell runs again. One without an end never does.
           CASE WHEN prohibited THEN CAST(prohibited_until_on AS TIMESTAMP) + INTERVAL 1 DAY
                WHEN NOT prohibited THEN assessed_at END                     AS free_at,
           prohibited AND prohibited_until_on IS NULL                        AS never_free,
           -- What is disclosed while a law forbids to tell, may be.
           coalesce(disclosed_at < notified_at, disclosed_at IS NOT NULL)
               AND NOT (prohibited AND coalesce(CAST(disclosed_at AS DATE) <= prohibited_until_on, true))  AS too_late
    FROM legal_requests
    WHERE binding
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN too_late                  THEN false
            WHEN never_free                THEN true
            WHEN notified_at IS NOT NULL   THEN notified_at <= free_at + $legal_notice_within
            ELSE free_at >= $as_of - $legal_notice_within END                AS ok,
       CASE WHEN too_late                  THEN 'disclosed before the customer was told'
            WHEN notified_at IS NOT NULL   THEN 'told on ' || CAST(CAST(notified_at AS DATE) AS TEXT)
            ELSE coalesce('not told; free to be since ' || CAST(CAST(free_at AS DATE) AS TEXT), 'not told; a law forbids it') END  AS detail,
       CASE WHEN notified_at IS NULL THEN free_at + $legal_notice_within END  AS flips_at
FROM demand
