/*---
title    = "All kinds of content are backed up"
promise  = "Every system in production has a recent whole backup of its data, of its configuration and of its settings."
why      = "Data that nobody can put back into a running system are half of a backup."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2013 A.12.3.1", "GDPR 32(1)(c)"]
kind     = "cadence"
severity = "high"
owner    = "it-operations"
warn     = "6 hours"
subjects = "systems and kinds of content"
---*/
WITH kinds AS (
    SELECT 'configuration' AS content
    UNION ALL
    SELECT 'data'
    UNION ALL
    SELECT 'settings'
),
taken AS (
    SELECT system_id, content, finished_at,
           coalesce(complete, false) AND finished_at IS NOT NULL AND content IS NOT NULL  AS certain
    FROM backups
    WHERE complete IS NOT FALSE
      AND intact IS NOT FALSE
),
needed AS (
    SELECT system.source, system.id, coalesce(system.name, system.id) AS name, system.in_operation, system.backup_interval, kinds.content
    FROM systems AS system CROSS JOIN kinds
    -- Not applicable: what serves nobody, and what is no production.
    WHERE system.in_operation IS NOT FALSE
      AND coalesce(system.environment, 'production') = 'production'
),
newest AS (
    SELECT needed.source, needed.id, needed.content,
           max(taken.finished_at) FILTER (WHERE taken.certain)               AS finished_at,
           bool_or(coalesce(taken.finished_at >= $as_of - needed.backup_interval, true) AND NOT taken.certain)  AS perhaps
    FROM needed
    JOIN taken ON taken.system_id = needed.id
              -- One backup may hold several kinds, and one that does not say may hold any.
              AND coalesce(taken.content = 'all' OR contains(taken.content, needed.content), true)
    GROUP BY needed.source, needed.id, needed.content
),
judged AS (
    SELECT needed.source, needed.id, needed.name, needed.in_operation, needed.content, newest.finished_at, needed.backup_interval,
           CASE WHEN needed.backup_interval IS NULL                          THEN 'no policy'
                WHEN newest.finished_at >= $as_of - needed.backup_interval   THEN 'taken'
                WHEN newest.perhaps                                          THEN 'perhaps'
                ELSE 'late' END                                              AS finding
    FROM needed
    LEFT JOIN newest ON newest.source = needed.source AND newest.id = needed.id AND newest.content = needed.content
)
SELECT source || '/' || id || '/' || content                                 AS subject,
       name || ', ' || content                                               AS label,
       CASE WHEN finding = 'taken'                             THEN true
            WHEN finding <> 'perhaps' AND in_operation         THEN false END  AS ok,
       CASE finding
            WHEN 'no policy'  THEN 'has no backup policy'
            WHEN 'perhaps'    THEN 'whether its backups hold it, or are whole, is unknown'
            ELSE coalesce('last backed up on ' || CAST(CAST(finished_at AS DATE) AS TEXT), 'is in no backup') END  AS detail,
       finished_at + backup_interval                                         AS flips_at
FROM judged
