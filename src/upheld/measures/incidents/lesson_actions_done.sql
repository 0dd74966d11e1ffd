/*---
title    = "What incidents taught is acted on"
promise  = "Nothing that was to follow from an incident is overdue."
why      = "A lesson that changes nothing is repeated by the next incident."
clauses  = ["ISO/IEC 27001:2022 A.5.27", "ISO/IEC 27001:2013 A.16.1.6", "ISO/IEC 27001:2022 10.2"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
warn     = "7 days"
subjects = "what follows from incidents"
may_be_empty = "no incident left anything to be done"
---*/
WITH judged AS (
    SELECT source, id, what, done_at, due_on, CAST(due_on AS TIMESTAMP) + INTERVAL 1 DAY AS by_at,
           CASE WHEN done_at IS NOT NULL                                     THEN 'done'
                WHEN CAST(due_on AS TIMESTAMP) + INTERVAL 1 DAY <= $as_of    THEN 'overdue'
                WHEN due_on IS NOT NULL                                      THEN 'waiting' END  AS finding
    FROM incident_follow_ups
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(what, id)                                                    AS label,
       CASE WHEN finding IN ('done', 'waiting')   THEN true
            WHEN finding = 'overdue'              THEN false END             AS ok,
       CASE finding
            WHEN 'done'      THEN 'done on ' || CAST(CAST(done_at AS DATE) AS TEXT)
            WHEN 'overdue'   THEN 'was due by ' || CAST(due_on AS TEXT)
            WHEN 'waiting'   THEN 'due by ' || CAST(due_on AS TEXT)
            ELSE 'when it is due is unknown' END                             AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
