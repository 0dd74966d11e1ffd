/*---
title    = "Every right has a reason"
promise  = "Every right that somebody holds on a system comes from their business role or from a request that was granted to them."
why      = "Rights that no role and no request explains are how too much access grows, one favour at a time."
clauses  = ["ISO/IEC 27001:2022 A.5.15", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.1.1", "ISO/IEC 27001:2013 A.9.2.2", "GDPR 25(2)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
optional = ["systems"]
---*/
WITH held AS (
    SELECT held.source || '/' || held.system_id || '/' || held.account_id || '/' || held.entitlement  AS subject,
           owner.label, held.system_id, held.entitlement, held.via, owner.enabled, owner.person_id, owner.role,
           coalesce(owner.person_name, owner.person_id)                      AS holder_name,
           -- A role explains what people hold, not what programs do: those need a request of who answers for them. Said of the system and
           -- not beside the join, which would compare every right with every role.
           CASE WHEN coalesce(owner.kind, 'person') IN ('person', 'admin') THEN held.system_id END  AS by_role_on
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    -- What a group carries is explained with the group; administrative rights are not, however deep they are nested.
    WHERE (held.direct OR held.privileged IS NOT FALSE)
      -- Not applicable: what is switched off, and what the system's own software brings along.
      AND owner.enabled IS NOT FALSE
      AND coalesce(owner.kind, 'unknown') <> 'system'
),
requests AS (
    SELECT person.person_id, request.system_id, request.entitlement,
           max(coalesce(request.until_on, DATE '9999-01-01'))                AS until_on
    FROM granted_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL
    GROUP BY person.person_id, request.system_id, request.entitlement
),
-- Which roles give a right. One row for each, so that every right meets one at most: nothing is then left to be grouped.
model AS (
    SELECT system_id, entitlement, role FROM role_entitlements GROUP BY system_id, entitlement, role
),
modelled AS (
    SELECT system_id, entitlement, bool_or(role = '*') AS by_any FROM role_entitlements GROUP BY system_id, entitlement
),
matched AS (
    SELECT held.subject, held.label, held.entitlement, held.via, held.enabled, held.person_id, held.holder_name, requests.until_on,
           coalesce(modelled.by_any, false) OR model.role IS NOT NULL        AS by_role,
           held.role IS NULL AND modelled.system_id IS NOT NULL              AS role_unknown
    FROM held
    LEFT JOIN modelled ON modelled.system_id = held.by_role_on AND modelled.entitlement = held.entitlement
    LEFT JOIN model ON model.system_id = held.by_role_on AND model.entitlement = held.entitlement AND model.role = held.role
    LEFT JOIN requests
           ON requests.person_id = held.person_id AND requests.system_id = held.system_id AND requests.entitlement = held.entitlement
),
judged AS (
    SELECT *,
           CASE WHEN by_role                                THEN 'role'
                WHEN until_on >= CAST($as_of AS DATE)       THEN 'request'
                WHEN person_id IS NULL                      THEN 'nobody'
                WHEN role_unknown                           THEN 'unknown role'
                WHEN until_on IS NOT NULL                   THEN 'run out'
                ELSE 'unexplained' END                                       AS finding
    FROM matched
)
SELECT subject,
       label || ': ' || entitlement                                          AS label,
       CASE WHEN finding IN ('role', 'request')                          THEN true
            WHEN finding IN ('run out', 'unexplained') AND enabled       THEN false END  AS ok,
       CASE finding
            WHEN 'role'         THEN 'comes with the role of ' || holder_name
            WHEN 'request'      THEN 'was granted to ' || holder_name || ' on request'
            WHEN 'nobody'       THEN 'whose account it is, is unknown'
            WHEN 'unknown role' THEN 'the role of ' || holder_name || ' is unknown'
            WHEN 'run out'      THEN 'was granted to ' || holder_name || ' until ' || CAST(until_on AS TEXT)
            ELSE 'no role and no request of ' || holder_name || ' explains it (' || via || ')' END  AS detail,
       CASE finding WHEN 'request' THEN CAST(nullif(until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
FROM judged
