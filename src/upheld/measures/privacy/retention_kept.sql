/*---
title    = "Nothing is kept past its retention"
promise  = "No data set holds personal data for longer than was declared, as measured within the agreed interval."
why      = "Data that nobody needs any more can only do harm."
clauses  = ["GDPR 5(1)(e)", "ISO/IEC 27001:2022 A.8.10"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "7 days"
subjects = "data sets"
parameters = ["age_measured_within"]
---*/
WITH numbered AS (
    SELECT data_set_id, measured_at, rows_there, oldest_at,
           row_number() OVER (PARTITION BY data_set_id ORDER BY measured_at DESC)  AS age
    FROM data_set_ages
),
measured AS (
    SELECT data_set.source, data_set.id, data_set.title, data_set.keep_for, last.measured_at, last.oldest_at, last.rows_there,
           last.measured_at >= $as_of - $age_measured_within                 AS recent,
           CASE WHEN last.rows_there = 0 THEN true ELSE last.oldest_at >= $as_of - data_set.keep_for END  AS young
    FROM data_sets AS data_set
    LEFT JOIN numbered AS last ON last.data_set_id = data_set.id AND last.age = 1
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       -- Long ago it may have been empty; nobody knows what is there now.
       CASE WHEN NOT young THEN false WHEN recent THEN young END             AS ok,
       CASE WHEN NOT young             THEN 'holds data since ' || CAST(CAST(oldest_at AS DATE) AS TEXT)
            ELSE coalesce('measured on ' || CAST(CAST(measured_at AS DATE) AS TEXT), 'nobody measured how old its data are') END  AS detail,
       CASE WHEN rows_there = 0 THEN measured_at + $age_measured_within
            ELSE least(oldest_at + keep_for, measured_at + $age_measured_within) END  AS flips_at
FROM measured
