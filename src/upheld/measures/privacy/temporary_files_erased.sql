/*---
title    = "Temporary files are erased"
promise  = "No file or row in a declared temporary place is older than its limit, as a sweep within the agreed interval found."
why      = "The export that somebody made for an afternoon is what leaks three years later."
clauses  = ["ISO/IEC 27701:2019 8.4.1", "ISO/IEC 27701:2025 A.2.4.2", "GDPR 5(1)(e)"]
kind     = "state"
severity = "medium"
owner    = "it-operations"
warn     = "1 hour"
subjects = "temporary places"
parameters = ["sweep_interval"]
---*/
WITH numbered AS (
    SELECT place_id, swept_at, left_there, oldest_at,
           row_number() OVER (PARTITION BY place_id ORDER BY swept_at DESC)  AS age
    FROM temporary_sweeps
),
swept AS (
    SELECT place.source, place.id, place.title, sweep.swept_at,
           sweep.swept_at >= $as_of - $sweep_interval                        AS recent,
           CASE WHEN sweep.left_there = 0 THEN true ELSE sweep.oldest_at >= sweep.swept_at - place.keep_for END  AS young
    FROM temporary_places AS place
    LEFT JOIN numbered AS sweep ON sweep.place_id = place.id AND sweep.age = 1
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       recent AND young                                                      AS ok,
       CASE WHEN NOT young               THEN 'holds what is older than its limit'
            WHEN swept_at IS NULL        THEN 'nobody ever swept it'
            ELSE 'swept on ' || CAST(CAST(swept_at AS DATE) AS TEXT) END     AS detail,
       swept_at + $sweep_interval                                            AS flips_at
FROM swept
