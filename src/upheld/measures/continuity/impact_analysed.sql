/*---
title    = "Impact of disruption is analysed"
promise  = "Every critical process has an impact analysis that somebody else approved within the interval, and all it depends on is back soon enough for it."
why      = "A process that must be back in four hours and needs a system that takes eight is not planned for."
clauses  = ["ISO/IEC 27001:2022 A.5.29", "ISO/IEC 27001:2022 A.5.30", "ISO/IEC 27001:2013 A.17.1.1"]
kind     = "cadence"
severity = "high"
owner    = "it-operations"
warn     = "30 days"
duty     = { do = "Analyse the impact of losing each critical process", action = "continuity.analyse-impact", every = "impact_interval" }
parameters = ["critical_processes", "impact_interval"]
optional = ["supplier_agreements", "restore_tests"]
subjects = "critical processes"
---*/
WITH restored AS (
    SELECT system_id, max(took) AS took
    FROM (
        SELECT system_id, took, finished_at, max(finished_at) OVER (PARTITION BY system_id) AS last_at
        FROM restore_tests
    ) AS tests
    WHERE finished_at = last_at
    GROUP BY system_id
),
promised AS (
    SELECT supplier_id, min(recovery_time) AS recovery_time
    FROM supplier_agreements
    WHERE checked_at IS NOT NULL
      AND from_on <= CAST($as_of AS DATE)
      AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY supplier_id
),
-- Whether each dependency can be back in time; NULL where nobody agreed when it is. People are no matter of hours.
able AS (
    SELECT process.source, process.id, need.kind, need.on_id,
           CASE need.kind
                WHEN 'system'   THEN system.recovery_time <= process.recovery_time
                                     -- What a restore took counts more than what was agreed.
                                     AND coalesce(restored.took <= process.recovery_time, true)
                                     AND (process.recovery_point IS NULL
                                          OR coalesce(system.recovery_point, system.backup_interval) <= process.recovery_point)
                WHEN 'supplier' THEN promised.recovery_time <= process.recovery_time
                WHEN 'process'  THEN other.recovery_time <= process.recovery_time END  AS able
    FROM processes AS process
    JOIN process_dependencies AS need
        ON need.source = process.source AND need.process_id = process.id AND need.kind <> 'responsibility'
    LEFT JOIN systems AS system ON system.id = need.on_id
    LEFT JOIN restored ON restored.system_id = need.on_id
    LEFT JOIN promised ON promised.supplier_id = need.on_id
    LEFT JOIN processes AS other ON other.source = process.source AND other.id = need.on_id
),
needs AS (
    SELECT source, id,
           string_agg(on_id, ', ' ORDER BY on_id) FILTER (NOT able)          AS slow,
           string_agg(on_id, ', ' ORDER BY on_id) FILTER (able IS NULL)      AS untold
    FROM able
    GROUP BY source, id
),
judged AS (
    SELECT process.source, process.id, coalesce(process.title, process.id)   AS label, process.criticality, process.analysed_at,
           coalesce(process.analysed_by_id <> process.approved_by_id, false)  AS apart,
           coalesce(process.analysed_at >= $as_of - $impact_interval, false)  AS recent,
           needs.slow, needs.untold,
           CASE WHEN needs.slow IS NOT NULL THEN false
                WHEN needs.untold IS NULL   THEN true END                     AS able
    FROM processes AS process
    LEFT JOIN needs ON needs.source = process.source AND needs.id = process.id
    -- Not applicable: what the company can do without for long. Of an unknown criticality it may be critical.
    WHERE process.criticality IS NULL OR process.criticality IN $critical_processes
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN recent AND apart AND able     THEN true
            WHEN criticality IS NULL           THEN NULL
            WHEN recent AND apart              THEN able
            ELSE false END                                                   AS ok,
       CASE WHEN analysed_at IS NULL           THEN 'no impact analysis is approved'
            WHEN NOT recent                    THEN 'last analysed on ' || CAST(CAST(analysed_at AS DATE) AS TEXT)
            WHEN NOT apart                     THEN 'its analysis was approved by whoever wrote it'
            WHEN slow IS NOT NULL              THEN 'not back soon enough for it: ' || slow
            ELSE coalesce('nobody knows how soon is back: ' || untold,
                          'analysed on ' || CAST(CAST(analysed_at AS DATE) AS TEXT)) END  AS detail,
       analysed_at + $impact_interval                                        AS flips_at
FROM judged
