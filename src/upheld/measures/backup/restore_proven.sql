/*---
title    = "Restores are proven"
promise  = "Every system's backup is restored, its content verified and its recovery time met, within the agreed interval."
why      = "A backup nobody has restored is a hope. Auditors ask for the restore, not for the job log."
clauses  = ["ISO/IEC 27001:2022 A.8.13", "ISO/IEC 27001:2013 A.12.3.1", "GDPR 32(1)(c)"]
kind     = "cadence"
severity = "high"
owner    = "it-operations"
warn     = "14 days"
duty     = { do = "Prove a restore of each system", action = "backup.prove-restore", every = "restore_interval" }
parameters = ["restore_interval"]
---*/
WITH tried AS (
    SELECT test.system_id, test.finished_at,
           coalesce(test.finished_at, test.started_at)                       AS tried_at,
           test.content_verified AND test.took <= system.recovery_time       AS proves   -- NULL when either is unknown
    FROM restore_tests AS test
    JOIN systems AS system ON system.id = test.system_id
),
disproved AS (
    SELECT system_id, max(tried_at) AS disproved_at
    FROM tried
    WHERE NOT proves
    GROUP BY system_id
),
proof AS (
    SELECT tried.system_id, tried.finished_at, disproved.disproved_at,
           tried.finished_at >= $as_of - $restore_interval                   AS recent,
           -- A restore that failed takes back what earlier ones proved.
           tried.proves AND (disproved.disproved_at IS NULL OR tried.tried_at > disproved.disproved_at)  AS holds
    FROM tried
    LEFT JOIN disproved ON disproved.system_id = tried.system_id
)
SELECT system.id                                                                          AS subject,
       coalesce(system.name, system.id)                                                   AS label,
       CASE WHEN bool_or(proof.recent AND proof.holds)               THEN true
            WHEN bool_or(proof.recent AND proof.holds IS NULL)       THEN NULL
            WHEN system.in_operation                                 THEN false END       AS ok,
       coalesce('last proven ' || CAST(CAST(max(proof.finished_at) FILTER (WHERE proof.holds) AS DATE) AS TEXT), 'never proven')
       || coalesce('; a restore failed on ' || CAST(CAST(max(proof.disproved_at) AS DATE) AS TEXT), '')  AS detail,
       max(proof.finished_at) FILTER (WHERE proof.holds) + $restore_interval              AS flips_at
FROM systems AS system
LEFT JOIN proof ON proof.system_id = system.id
-- Not applicable: what serves nobody.
WHERE system.in_operation IS NOT FALSE
GROUP BY system.id, system.name, system.in_operation
