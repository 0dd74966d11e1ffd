/*---
title    = "Every right has a reason"
promise  = "Every right that somebody holds on a system comes from their business role or from a request that was granted to them."
why      = "Rights that no role and no request explains are how too much access grows, one favour at a time."
clauses  = ["ISO/IEC 27001:2022 A.5.15", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.1.1", "ISO/IEC 27001:2013 A.9.2.2", "GDPR 25(2)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
---*/
WITH held AS (
    SELECT held.source, held.system_id, held.account_id, held.entitlement, held.via,
           account.user_name, account.enabled, owner.person_id, owner.person_name, owner.role,
           account.kind IS NULL OR account.kind IN ('person', 'admin')       AS personal
    FROM effective_grants AS held
    JOIN accounts AS account ON account.source = held.source AND account.id = held.account_id
    JOIN account_owners AS owner ON owner.source = held.source AND owner.account_id = held.account_id
    -- What a group carries is explained with the group; administrative rights are not, however deep they are nested.
    WHERE (held.direct OR held.privileged IS NOT FALSE)
      -- Not applicable: what is switched off, and what the system's own software brings along.
      AND account.enabled IS NOT FALSE
      AND coalesce(account.kind, 'unknown') <> 'system'
),
requests AS (
    SELECT person.person_id, request.system_id, request.entitlement,
           max(coalesce(request.until_on, DATE '9999-12-31'))                AS until_on
    FROM granted_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL
    GROUP BY person.person_id, request.system_id, request.entitlement
),
explained AS (
    SELECT held.source, held.system_id, held.account_id, held.entitlement, held.via, held.user_name, held.enabled,
           held.person_id, held.person_name, held.role, held.personal,
           bool_or(model.role = '*')                                         AS for_everybody,
           bool_or(model.role = held.role)                                   AS by_role,
           max(model.role)                                                   AS some_role,
           max(requests.until_on)                                            AS until_on
    FROM held
    LEFT JOIN role_entitlements AS model
           ON held.personal AND model.system_id = held.system_id AND model.entitlement = held.entitlement
    LEFT JOIN requests
           ON requests.person_id = held.person_id AND requests.system_id = held.system_id AND requests.entitlement = held.entitlement
    GROUP BY held.source, held.system_id, held.account_id, held.entitlement, held.via, held.user_name, held.enabled,
             held.person_id, held.person_name, held.role, held.personal
)
SELECT each.source || '/' || each.system_id || '/' || each.account_id || '/' || each.entitlement  AS subject,
       each.user_name || ': ' || each.entitlement || ' on ' || coalesce(system.name, each.system_id)  AS label,
       CASE WHEN each.for_everybody OR each.by_role                      THEN true
            WHEN each.until_on >= CAST($as_of AS DATE)                   THEN true
            WHEN each.person_id IS NULL                                  THEN NULL
            WHEN each.role IS NULL AND each.some_role IS NOT NULL        THEN NULL
            WHEN each.enabled                                            THEN false END   AS ok,
       CASE WHEN each.for_everybody                                      THEN 'everybody has it'
            WHEN each.by_role                                            THEN 'comes with the role ' || each.role
            WHEN each.until_on >= CAST($as_of AS DATE)                   THEN 'was granted on request'
            WHEN each.person_id IS NULL                                  THEN 'whose account it is, is unknown'
            WHEN each.role IS NULL AND each.some_role IS NOT NULL        THEN 'the role of ' || coalesce(each.person_name, each.person_id) || ' is unknown'
            WHEN each.until_on IS NOT NULL                               THEN 'was granted on request until ' || CAST(each.until_on AS TEXT)
            ELSE 'no role and no request of ' || coalesce(each.person_name, each.person_id) || ' explains it (' || each.via || ')' END  AS detail,
       CASE WHEN each.for_everybody OR each.by_role                      THEN NULL
            WHEN each.until_on >= CAST($as_of AS DATE) AND each.until_on < DATE '9999-12-31'
                THEN CAST(each.until_on AS TIMESTAMP) + INTERVAL 1 DAY END                AS flips_at
FROM explained AS each
LEFT JOIN systems AS system ON system.id = each.system_id
