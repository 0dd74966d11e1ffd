/*---
title    = "Backups are taken on schedule"
promise  = "Every system has a complete backup newer than its policy's interval, and as many generations as its policy keeps."
why      = "A backup that stopped weeks ago is found out on the day it is needed."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2013 A.12.3.1", "GDPR 32(1)(b)", "GDPR 32(1)(c)"]
kind     = "cadence"
severity = "critical"
owner    = "it-operations"
warn     = "6 hours"
---*/
WITH taken AS (
    SELECT system_id,
           max(finished_at) FILTER (WHERE complete AND intact IS NOT FALSE)  AS newest_at,
           -- May be complete: the tool does not say, or not when.
           max(coalesce(finished_at, started_at, seen_from_at))
               FILTER (WHERE intact IS NOT FALSE AND complete IS NOT FALSE AND (complete IS NULL OR finished_at IS NULL))  AS perhaps_at,
           count(*) FILTER (WHERE complete AND intact IS NOT FALSE)          AS generations,
           count(*) FILTER (WHERE complete IS NOT FALSE AND intact IS NOT FALSE)  AS perhaps_generations
    FROM backups
    GROUP BY system_id
),
judged AS (
    SELECT system.id, system.name, system.in_operation, system.backup_interval, system.backup_generations,
           taken.newest_at, coalesce(taken.generations, 0) AS generations,
           CASE WHEN system.backup_interval IS NULL                                        THEN false
                WHEN taken.newest_at >= $as_of - system.backup_interval                    THEN true
                WHEN taken.perhaps_at >= $as_of - system.backup_interval                   THEN NULL
                ELSE false END                                                             AS recent,
           CASE WHEN system.backup_generations IS NULL                                     THEN false
                WHEN taken.generations >= system.backup_generations                        THEN true
                WHEN taken.perhaps_generations >= system.backup_generations                THEN NULL
                ELSE false END                                                             AS enough
    FROM systems AS system
    LEFT JOIN taken ON taken.system_id = system.id
    -- Not applicable: what serves nobody.
    WHERE system.in_operation IS NOT FALSE
)
SELECT id                                                                                 AS subject,
       coalesce(name, id)                                                                 AS label,
       CASE WHEN recent AND enough                                        THEN true
            WHEN (NOT recent OR NOT enough) AND in_operation              THEN false END  AS ok,
       CASE WHEN backup_interval IS NULL OR backup_generations IS NULL    THEN 'has no backup policy'
            WHEN NOT recent                                               THEN coalesce('newest backup of ' || CAST(CAST(newest_at AS DATE) AS TEXT), 'has no complete backup')
            WHEN NOT enough                                               THEN 'only ' || generations || ' of ' || backup_generations || ' generations'
            WHEN recent IS NULL                                           THEN 'whether its newest backup is complete is unknown'
            WHEN enough IS NULL                                           THEN 'whether enough of its backups are complete is unknown'
            ELSE 'newest backup of ' || CAST(CAST(newest_at AS DATE) AS TEXT) || ', ' || generations || ' generations' END  AS detail,
       CASE WHEN recent AND enough THEN newest_at + backup_interval END                   AS flips_at
FROM judged
