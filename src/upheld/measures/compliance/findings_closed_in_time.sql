/*---
title    = "Audit findings are closed in time"
promise  = "No finding of an audit is past its due date."
why      = "A finding that nobody mends is found again next year, by somebody who is paid to."
clauses  = ["ISO/IEC 27001:2022 A.5.35", "ISO/IEC 27001:2013 A.18.2.1"]
kind     = "deadline"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
may_be_empty = "audits need not have found anything"
---*/
WITH judged AS (
    SELECT source, id, title, due_on, closed_at,
           CAST(due_on AS TIMESTAMP) + INTERVAL 1 DAY                        AS until_at
    FROM audit_findings
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       CASE WHEN closed_at IS NOT NULL   THEN true
            ELSE until_at > $as_of END                                       AS ok,
       CASE WHEN closed_at IS NOT NULL   THEN 'closed on ' || CAST(CAST(closed_at AS DATE) AS TEXT)
            WHEN until_at > $as_of       THEN 'open, due by ' || CAST(due_on AS TEXT)
            ELSE coalesce('open, was due by ' || CAST(due_on AS TEXT), 'open, and when it is due is unknown') END  AS detail,
       CASE WHEN closed_at IS NULL THEN until_at END                         AS flips_at
FROM judged
