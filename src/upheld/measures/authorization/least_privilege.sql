/*---
title    = "Rights are limited to what the job needs"
promise  = "Nobody holds a right outside their business role without a request that runs, or leaves one unused for longer than the window."
why      = "A right that is not needed can only be misused."
clauses  = ["ISO/IEC 27001:2022 A.8.3", "ISO/IEC 27001:2022 A.5.15", "ISO/IEC 27001:2013 A.9.1.2", "GDPR 25(2)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
subjects = "rights of people"
parameters = ["entitlement_unused_after"]
optional = ["systems"]
---*/
WITH requests AS (
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
held AS (
    SELECT held.source || '/' || held.system_id || '/' || held.account_id || '/' || held.entitlement  AS subject,
           owner.label || ': ' || held.entitlement                           AS label,
           owner.enabled, owner.person_id, coalesce(owner.person_name, owner.person_id) AS holder_name,
           held.last_used_at,
           -- Never used counts from when it was given, or first seen: what is younger may still be used.
           coalesce(held.last_used_at, held.granted_at, held.seen_at)        AS since_at,
           coalesce(modelled.by_any, false) OR model.role IS NOT NULL        AS by_role,
           owner.role IS NULL AND modelled.system_id IS NOT NULL             AS role_unknown,
           requests.until_on
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    LEFT JOIN modelled ON modelled.system_id = held.system_id AND modelled.entitlement = held.entitlement
    LEFT JOIN model ON model.system_id = held.system_id AND model.entitlement = held.entitlement AND model.role = owner.role
    LEFT JOIN requests
           ON requests.person_id = owner.person_id AND requests.system_id = held.system_id AND requests.entitlement = held.entitlement
    WHERE held.direct
      -- Not applicable: programs, and what is switched off.
      AND coalesce(owner.kind, 'person') NOT IN ('service', 'system')
      AND owner.enabled IS NOT FALSE
),
judged AS (
    SELECT *,
           CASE WHEN person_id IS NULL                                                      THEN 'nobody'
                WHEN NOT by_role AND role_unknown AND coalesce(until_on < CAST($as_of AS DATE), true)  THEN 'unknown role'
                WHEN NOT by_role AND coalesce(until_on < CAST($as_of AS DATE), true)        THEN 'beyond'
                WHEN since_at >= $as_of - $entitlement_unused_after                         THEN 'needed'
                WHEN last_used_at IS NULL                                                   THEN 'untold'
                ELSE 'unused' END                                            AS finding
    FROM held
)
SELECT subject,
       label,
       CASE WHEN finding = 'needed'                              THEN true
            WHEN finding IN ('beyond', 'unused') AND enabled     THEN false END  AS ok,
       CASE finding
            WHEN 'nobody'        THEN 'whose account it is, is unknown'
            WHEN 'unknown role'  THEN 'the role of ' || holder_name || ' is unknown'
            WHEN 'beyond'        THEN 'is beyond the role of ' || holder_name || ', and no request runs'
            WHEN 'untold'        THEN 'when it was last used is unknown'
            ELSE coalesce('last used on ' || CAST(CAST(last_used_at AS DATE) AS TEXT),
                          'given or first seen on ' || CAST(CAST(since_at AS DATE) AS TEXT) || ', not yet used') END  AS detail,
       least(since_at + $entitlement_unused_after,
             CASE WHEN NOT by_role THEN CAST(nullif(until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY END)  AS flips_at
FROM judged
