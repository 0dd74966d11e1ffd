/*---
title    = "Training is held in-house and by outsiders"
promise  = "Training was held both in-house and by an outside provider within the last year."
why      = "Our own people know what is done here; outsiders know what went wrong elsewhere."
clauses  = ["ISO/IEC 27001:2022 A.6.3", "ISO/IEC 27001:2013 A.7.2.2"]
kind     = "cadence"
severity = "low"
owner    = "people"
warn     = "60 days"
duty     = { do = "Hold training, in-house and by an outside provider", action = "people.hold-course", every = "training_interval" }
subjects = "kinds of training"
parameters = ["training_interval"]
---*/
WITH wanted AS (
    SELECT 'inside' AS provider, 'In-house training' AS label
    UNION ALL
    SELECT 'outside', 'Training by an outside provider'
),
held AS (
    SELECT provider, CAST(max(completed_on) AS TIMESTAMP) AS held_at
    FROM course_completions
    GROUP BY provider
),
unknown AS (
    SELECT max(held_at) AS held_at
    FROM held
    WHERE provider IS NULL
)
SELECT wanted.provider                                                       AS subject,
       wanted.label                                                          AS label,
       CASE WHEN held.held_at >= $as_of - $training_interval                 THEN true
            WHEN unknown.held_at >= $as_of - $training_interval              THEN NULL
            ELSE false END                                                   AS ok,
       coalesce('last held on ' || CAST(CAST(held.held_at AS DATE) AS TEXT), 'never held')  AS detail,
       held.held_at + $training_interval                                     AS flips_at
FROM wanted
LEFT JOIN held USING (provider)
CROSS JOIN unknown
