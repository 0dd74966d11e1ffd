/*---
title    = "Requests of data subjects are answered in time"
promise  = "No request of somebody about their own data is past the day by which it is to be answered, or passed on to the customer."
why      = "The law gives a month, and a contract often days. Whoever waits in vain complains to the authority."
clauses  = ["ISO/IEC 27701:2019 8.3.1", "ISO/IEC 27701:2025 A.2.3.2", "GDPR 12(3)", "GDPR 28(3)(e)"]
kind     = "deadline"
severity = "high"
owner    = "dpo"
warn     = "5 days"
may_be_empty = "nobody need ask"
subjects = "requests of data subjects"
---*/
WITH answered AS (
    SELECT source, id, subject_right, received_at, due_at,
           -- A processor passes it on; the customer answers.
           CASE WHEN customer_id IS NULL THEN closed_at ELSE coalesce(forwarded_at, closed_at) END  AS answered_at
    FROM subject_requests
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(subject_right, id) || coalesce(', ' || CAST(CAST(received_at AS DATE) AS TEXT), '')  AS label,
       coalesce(answered_at <= due_at, due_at >= $as_of)                     AS ok,
       CASE WHEN answered_at IS NULL    THEN 'not answered, due on ' || coalesce(CAST(CAST(due_at AS DATE) AS TEXT), 'a day that is not known')
            ELSE 'answered on ' || CAST(CAST(answered_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN answered_at IS NULL THEN due_at END                         AS flips_at
FROM answered
