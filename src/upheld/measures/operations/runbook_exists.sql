/*---
title    = "Operations are written down"
promise  = "Every operational system has runbooks, each of which was done or read and found right within the interval."
why      = "At three in the morning somebody else has to bring it back."
clauses  = ["ISO/IEC 27001:2022 A.5.37", "ISO/IEC 27001:2013 A.12.1.1"]
kind     = "cadence"
severity = "medium"
owner    = "it-operations"
warn     = "30 days"
duty     = { do = "Do or read each runbook", action = "operations.check-runbook", every = "runbook_interval" }
parameters = ["runbook_interval"]
subjects = "operational systems"
---*/
WITH written AS (
    SELECT system_id,
           -- As good as the one that was left alone longest.
           CASE WHEN bool_or(looked_at IS NULL) THEN NULL ELSE min(looked_at) END  AS looked_at,
           count(*)                                                          AS books,
           string_agg(title, ', ' ORDER BY title) FILTER (NOT coalesce(looked_at >= $as_of - $runbook_interval, false))  AS aged
    FROM runbooks
    GROUP BY system_id
)
SELECT system.source || '/' || system.id                                     AS subject,
       coalesce(system.name, system.id)                                      AS label,
       CASE WHEN coalesce(written.looked_at >= $as_of - $runbook_interval, false) THEN true
            WHEN system.in_operation AND system.environment = 'production'    THEN false END  AS ok,
       CASE WHEN written.books IS NULL   THEN 'no runbook'
            ELSE coalesce('not found right lately: ' || written.aged, CAST(written.books AS TEXT) || ' found right') END  AS detail,
       written.looked_at + $runbook_interval                                 AS flips_at
FROM systems AS system
LEFT JOIN written ON written.system_id = system.id
-- Not applicable: what serves nobody, or is no production.
WHERE system.in_operation IS NOT FALSE
  AND coalesce(system.environment, 'production') = 'production'
