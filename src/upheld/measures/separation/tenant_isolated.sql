/*---
title    = "Tenants are isolated"
promise  = "No tenant can read, change or infer another's rows: each table of tenants enforces it, each role was tried, and none bypasses it."
why      = "One query without its condition shows every customer the others' data; the database itself has to refuse."
clauses  = ["ISO/IEC 27001:2022 A.8.3", "ISO/IEC 27001:2022 A.8.22", "ISO/IEC 27001:2013 A.9.4.1", "GDPR 32(1)(b)"]
kind     = "state"
severity = "critical"
owner    = "it-operations"
warn     = "2 days"
parameters = ["probe_age"]
subjects = "tables and roles of tenants"
---*/
WITH tried AS (
    SELECT system_id, name,
           string_agg(CASE WHEN succeeded THEN role || ': ' || coalesce(said, attempt) END, ', ' ORDER BY role, attempt)  AS leaks,
           bool_or(succeeded IS NULL OR probed_at IS NULL)                   AS unclear,
           min(probed_at)                                                    AS probed_at
    FROM tenant_probes
    GROUP BY system_id, name
),
found AS (
    SELECT 'table/' || secured.source || '/' || secured.id                   AS subject,
           secured.name || ' of ' || secured.system_id                       AS label,
           concat_ws(', ',
               CASE WHEN NOT secured.secured     THEN 'row-level security is off' END,
               CASE WHEN NOT secured.forced      THEN 'its owner is not bound' END,
               CASE WHEN secured.policies = 0    THEN 'it has no policy' END,
               tried.leaks)                                                  AS faults,
           secured.secured AND secured.forced AND secured.policies > 0 AND NOT tried.unclear  AS told,
           tried.probed_at
    FROM tenant_tables AS secured
    LEFT JOIN tried ON tried.system_id = secured.system_id AND tried.name = secured.name
    UNION ALL
    -- Roles, and what the catalogue does not call a table of tenants and lets them in all the same.
    SELECT 'probe/' || probe.source || '/' || probe.id,
           probe.role || ' on ' || probe.system_id,
           CASE WHEN probe.succeeded THEN coalesce(probe.said, probe.attempt) ELSE '' END,
           probe.succeeded IS NOT NULL,
           probe.probed_at
    FROM tenant_probes AS probe
    LEFT JOIN tenant_tables AS secured ON secured.system_id = probe.system_id AND secured.name = probe.name
    WHERE secured.id IS NULL
)
SELECT subject, label,
       CASE WHEN faults <> ''                               THEN false
            WHEN told AND probed_at >= $as_of - $probe_age  THEN true END    AS ok,
       CASE WHEN faults <> ''                               THEN faults
            WHEN probed_at IS NULL                          THEN 'nobody tried it as a tenant'
            WHEN probed_at < $as_of - $probe_age            THEN 'not tried lately'
            WHEN told                                       THEN 'kept apart'
            ELSE 'not everything could be tried' END                         AS detail,
       probed_at + $probe_age                                                AS flips_at
FROM found
