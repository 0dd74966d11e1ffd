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
WITH whole AS (
    SELECT system_id, finished_at, started_at, seen_from_at,
           -- Not whole where the tool or a check says so; perhaps, where the tool does not say, or not when.
           CASE WHEN NOT complete OR NOT intact                              THEN 'no'
                WHEN complete AND finished_at IS NOT NULL                    THEN 'yes'
                ELSE 'perhaps' END                                           AS is_whole
    FROM backups
),
taken AS (
    SELECT system_id,
           max(finished_at) FILTER (WHERE is_whole = 'yes')                  AS newest_at,
           count(*) FILTER (WHERE is_whole = 'yes')                          AS generations,
           max(coalesce(finished_at, started_at, seen_from_at)) FILTER (WHERE is_whole = 'perhaps')  AS perhaps_at,
           count(*) FILTER (WHERE is_whole <> 'no')                          AS perhaps_generations
    FROM whole
    GROUP BY system_id
),
judged AS (
    SELECT system.id, system.name, system.in_operation, system.backup_interval, system.backup_generations,
           taken.newest_at, coalesce(taken.generations, 0) AS generations,
           CASE WHEN system.backup_interval IS NULL OR system.backup_generations IS NULL                          THEN 'no policy'
                WHEN coalesce(greatest(taken.newest_at, taken.perhaps_at) < $as_of - system.backup_interval, true)  THEN 'late'
                WHEN coalesce(taken.perhaps_generations, 0) < system.backup_generations                           THEN 'few'
                WHEN taken.newest_at >= $as_of - system.backup_interval AND taken.generations >= system.backup_generations  THEN 'taken'
                ELSE 'unknown' END                                           AS finding
    FROM systems AS system
    LEFT JOIN taken ON taken.system_id = system.id
    -- Not applicable: what serves nobody.
    WHERE system.in_operation IS NOT FALSE
)
SELECT id                                                                    AS subject,
       coalesce(name, id)                                                    AS label,
       CASE WHEN finding = 'taken'                                           THEN true
            WHEN finding <> 'unknown' AND in_operation                       THEN false END  AS ok,
       CASE finding
            WHEN 'no policy' THEN 'has no backup policy'
            WHEN 'late'      THEN coalesce('its newest whole backup is of ' || CAST(CAST(newest_at AS DATE) AS TEXT), 'has no whole backup')
            WHEN 'few'       THEN 'has ' || generations || ' of ' || backup_generations || ' whole backups'
            WHEN 'unknown'   THEN 'whether its backups are whole is unknown'
            ELSE generations || ' whole backups, the newest of ' || CAST(CAST(newest_at AS DATE) AS TEXT) END  AS detail,
       newest_at + backup_interval                                           AS flips_at
FROM judged
