/*---
title    = "Deliveries are inspected"
promise  = "Every delivery is registered, and somebody looked into it within the time set for that."
why      = "What nobody looked into is in the building all the same."
clauses  = ["ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.11.1.6"]
kind     = "deadline"
severity = "low"
owner    = "facilities"
warn     = "4 hours"
parameters = ["delivery_inspection_window"]
---*/
WITH judged AS (
    SELECT *, received_at + $delivery_inspection_window                      AS due_at
    FROM deliveries
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(what, 'delivery ' || id)                                     AS label,
       -- Looked into late is better than never, and mends it.
       CASE WHEN inspected_at IS NOT NULL THEN true ELSE due_at >= $as_of END  AS ok,
       CASE WHEN inspected_at IS NOT NULL   THEN 'inspected on ' || CAST(CAST(inspected_at AS DATE) AS TEXT)
            WHEN received_at IS NULL        THEN 'when it came is unknown'
            WHEN due_at >= $as_of           THEN 'is to be inspected'
            ELSE 'came on ' || CAST(CAST(received_at AS DATE) AS TEXT) || ', and nobody looked into it' END  AS detail,
       CASE WHEN inspected_at IS NULL THEN due_at END                        AS flips_at
FROM judged
