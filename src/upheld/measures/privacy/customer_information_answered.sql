/*---
title    = "Requests for compliance information are answered in time"
promise  = "Each request of a customer for information to show its compliance was answered within the time that its contract gives."
why      = "A customer answers to its own authority, with our answer or without one."
clauses  = ["ISO/IEC 27701:2019 8.2.5", "ISO/IEC 27701:2025 A.2.2.6", "GDPR 28(3)(h)"]
kind     = "deadline"
severity = "medium"
owner    = "dpo"
warn     = "3 days"
may_be_empty = "customers need not ask"
subjects = "requests of customers"
---*/
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       coalesce(answered_at <= due_at, due_at >= $as_of)                     AS ok,
       CASE WHEN answered_at IS NULL    THEN 'not answered, due on ' || coalesce(CAST(CAST(due_at AS DATE) AS TEXT), 'a day that is not known')
            ELSE 'answered on ' || CAST(CAST(answered_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN answered_at IS NULL THEN due_at END                         AS flips_at
FROM customer_information_requests
