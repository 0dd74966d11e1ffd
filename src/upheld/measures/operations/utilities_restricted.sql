/*---
title    = "Powerful utilities are restricted"
promise  = "No setuid file, file capability, sudo rule or listed utility exists on a machine unless it was allowed for whoever may run it."
why      = "Programs that run with more rights than who starts them are the shortest way from any account to all of them."
clauses  = ["ISO/IEC 27001:2022 A.8.18", "ISO/IEC 27001:2013 A.9.4.4"]
kind     = "state"
severity = "high"
owner    = "it-operations"
parameters = ["listed_utilities"]
optional = ["packages", "systems"]
---*/
-- What may be run is tested here, not what was run: no table has runs of programs.
WITH powers AS (
    SELECT source || '/file/' || id AS subject, system_id, path, '*' AS holder,
           concat_ws(', ', 'runs as ' || owner, 'mode ' || mode, capabilities, coalesce('from ' || package, 'of no package'))  AS what
    FROM privileged_files
    UNION ALL
    SELECT source || '/sudo/' || id, system_id, command, holder,
           holder || ' may run it as ' || coalesce(run_as, 'somebody') || CASE needs_password WHEN false THEN ' without a password' ELSE '' END
    FROM sudo_rules
    -- Not applicable: the superuser's own rule gives nothing that it has not.
    WHERE holder <> 'root'
    UNION ALL
    SELECT source || '/package/' || id, system_id, name, '*', 'is installed'
    FROM packages
    WHERE list_contains($listed_utilities, name)
),
allowed AS (
    SELECT powers.subject, min(register.approved_by) AS approved_by
    FROM powers
    JOIN allowed_utilities AS register
      ON register.path = powers.path
     AND register.system_id IN (powers.system_id, '*')
     AND register.holder IN (powers.holder, '*')
    GROUP BY powers.subject
)
SELECT powers.subject                                                        AS subject,
       powers.path || ' on ' || coalesce(system.name, powers.system_id)      AS label,
       allowed.approved_by IS NOT NULL                                       AS ok,
       powers.what                                                           AS detail
FROM powers
LEFT JOIN allowed USING (subject)
LEFT JOIN systems AS system ON system.id = powers.system_id
