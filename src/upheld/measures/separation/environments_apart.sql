/*---
title    = "Environments are apart"
promise  = "Nothing in one environment reaches another but by an approved door, no key is used in two, and no developer may always write in production."
why      = "What is guarded less must not lead into what is guarded more."
clauses  = ["ISO/IEC 27001:2022 A.8.31", "ISO/IEC 27001:2022 A.8.22", "ISO/IEC 27001:2013 A.12.1.4"]
kind     = "state"
severity = "high"
owner    = "it-operations"
warn     = "2 days"
parameters = ["developer_roles", "probe_age"]
subjects = "ways between environments"
---*/
WITH open_door AS (
    SELECT from_environment, to_system_id, port
    FROM environment_doors
    WHERE approved_at IS NOT NULL AND coalesce(until_on >= CAST($as_of AS DATE), true)
    GROUP BY from_environment, to_system_id, port
),
probed AS (
    SELECT 'probe/' || probe.source || '/' || probe.id                       AS subject,
           probe.from_system_id || ' to ' || probe.to_system_id || ':' || CAST(probe.port AS TEXT)  AS label,
           CASE WHEN NOT probe.reached                                          THEN true
                WHEN here.environment = there.environment                       THEN true
                WHEN door.port IS NOT NULL                                      THEN true
                WHEN here.environment IS NOT NULL AND there.environment IS NOT NULL AND probe.reached  THEN false END  AS apart,
           'reaches ' || coalesce(there.environment, 'another environment') || ' from ' || coalesce(here.environment, 'another')  AS fault,
           probe.probed_at
    FROM reachability_probes AS probe
    LEFT JOIN systems AS here ON here.id = probe.from_system_id
    LEFT JOIN systems AS there ON there.id = probe.to_system_id
    LEFT JOIN open_door AS door
        ON door.from_environment = here.environment AND door.to_system_id = probe.to_system_id AND door.port = probe.port
),
used AS (
    SELECT fingerprint, system_id, min(purpose)                              AS purpose
    FROM keys
    -- Not applicable: what was destroyed leaves a row, but no key.
    WHERE coalesce(state, 'unknown') <> 'destroyed'
    GROUP BY fingerprint, system_id
),
shared AS (
    SELECT used.fingerprint,
           min(used.purpose)                                                 AS purpose,
           count(DISTINCT system.environment)                                AS environments,
           bool_or(system.environment IS NULL)                               AS unclear,
           string_agg(used.system_id, ', ' ORDER BY used.system_id)          AS places
    FROM used
    LEFT JOIN systems AS system ON system.id = used.system_id
    GROUP BY used.fingerprint
),
writer AS (
    SELECT owner.source, owner.account_id, owner.label,
           -- What ends by itself does not stand.
           bool_or(held.expires_at IS NULL AND (held.privileged
               OR starts_with(held.entitlement, 'table:INSERT:') OR starts_with(held.entitlement, 'table:UPDATE:')
               OR starts_with(held.entitlement, 'table:DELETE:')))           AS writes,
           bool_or(held.entitlement IS NOT NULL AND held.expires_at IS NULL AND held.privileged IS NULL)  AS unclear
    FROM account_owners AS owner
    JOIN systems AS system ON system.id = owner.system_id AND system.environment = 'production'
    LEFT JOIN effective_grants AS held ON held.source = owner.source AND held.account_id = owner.account_id
    WHERE owner.role IN $developer_roles AND owner.enabled IS NOT FALSE AND owner.current IS NOT FALSE
    GROUP BY owner.source, owner.account_id, owner.label
),
found AS (
    SELECT subject, label,
           CASE WHEN apart AND probed_at < $as_of - $probe_age THEN NULL ELSE apart END  AS ok,
           fault,
           probed_at + $probe_age                                            AS flips_at
    FROM probed
    UNION ALL
    SELECT 'key/' || fingerprint, purpose || ' key on ' || places,
           CASE WHEN environments > 1 THEN false WHEN NOT unclear THEN true END,
           'used in ' || CAST(environments AS TEXT) || ' environments', CAST(NULL AS TIMESTAMP)
    FROM shared
    UNION ALL
    SELECT 'account/' || source || '/' || account_id, label,
           CASE WHEN writes THEN false WHEN unclear THEN NULL ELSE true END,
           'a developer who may always write', CAST(NULL AS TIMESTAMP)
    FROM writer
)
SELECT subject, label, ok,
       CASE ok WHEN true THEN 'apart' WHEN false THEN fault ELSE 'not known, or not tried lately' END  AS detail,
       flips_at
FROM found
