/*---
title    = "Unused credentials are looked for every quarter"
promise  = "No three months passed in which nobody looked for unused credentials."
why      = "Forgotten accounts are found by those who look, or by those who break in."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.5", "ISO/IEC 27001:2013 A.9.2.6"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "14 days"
subjects = "audits of unused credentials"
duty     = { do = "Look for unused credentials", action = "authorization.open-review", every = "unused_audit_interval" }
parameters = ["unused_audit_interval", "grants_looked_back"]
---*/
WITH audits AS (
    SELECT source, id, finished_at, lead(finished_at) OVER (ORDER BY finished_at, source, id) AS next_at
    FROM access_reviews
    WHERE kind = 'unused'
      AND finished_at IS NOT NULL
)
SELECT source || '/' || id                                                   AS subject,
       'Audit ' || id                                                        AS label,
       coalesce(next_at, $as_of) <= finished_at + $unused_audit_interval     AS ok,
       'finished on ' || CAST(CAST(finished_at AS DATE) AS TEXT) || coalesce(', the next on ' || CAST(CAST(next_at AS DATE) AS TEXT), ', and none since')  AS detail,
       CASE WHEN next_at IS NULL THEN finished_at + $unused_audit_interval END  AS flips_at
FROM audits
WHERE coalesce(next_at, $as_of) >= $as_of - $grants_looked_back
UNION ALL
SELECT 'none', 'Audits of unused credentials', false, 'nobody ever looked for unused credentials', NULL
FROM (SELECT count(*) AS finished FROM audits) AS counted
WHERE finished = 0
