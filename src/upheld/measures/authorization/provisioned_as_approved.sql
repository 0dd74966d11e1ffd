/*---
title    = "What was decided is what is there"
promise  = "Every approved request for access is carried out on its system within the window, and every one that was rejected, ended or ran out is not there."
why      = "A decision that nobody carries out is a file, not a control."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.2", "GDPR 32(1)(b)"]
kind     = "deadline"
severity = "high"
owner    = "it-operations"
warn     = "8 hours"
subjects = "decided requests for access"
parameters = ["provisioning_window"]
may_be_empty = "Nobody has asked for access."
---*/
WITH held AS (
    SELECT owner.person_id, held.system_id, held.entitlement
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    GROUP BY owner.person_id, held.system_id, held.entitlement
),
told AS (
    SELECT system_id FROM accounts GROUP BY system_id
),
decided AS (
    SELECT request.source, request.id, person.person_id, person.name, person.role, request.system_id, request.entitlement,
           request.state = 'approved' AND coalesce(request.until_on >= CAST($as_of AS DATE), true)       AS due,
           CASE WHEN request.state = 'approved' AND coalesce(request.until_on >= CAST($as_of AS DATE), true) THEN request.approved_at
                ELSE coalesce(request.ended_at, CAST(request.until_on AS TIMESTAMP) + INTERVAL 1 DAY) END  AS since_at
    FROM access_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    -- Not applicable: what nobody has decided about yet.
    WHERE coalesce(request.state, '') NOT IN ('asked', 'agreed')
),
-- What somebody may hold, whatever became of this one request.
allowed AS (
    SELECT person_id, system_id, entitlement FROM decided WHERE due
    UNION
    SELECT decided.person_id, model.system_id, model.entitlement
    FROM decided
    JOIN role_entitlements AS model ON model.role IN ('*', decided.role)
),
judged AS (
    SELECT decided.*,
           decided.since_at + $provisioning_window                           AS by_at,
           CASE WHEN told.system_id IS NULL OR decided.due IS NULL                         THEN 'untold'
                WHEN decided.due AND held.person_id IS NOT NULL                            THEN 'there'
                WHEN decided.due AND decided.since_at + $provisioning_window >= $as_of     THEN 'to come'
                WHEN decided.due                                                           THEN 'missing'
                WHEN held.person_id IS NULL                                                THEN 'gone'
                WHEN allowed.person_id IS NOT NULL                                         THEN 'allowed'
                WHEN decided.since_at + $provisioning_window >= $as_of                     THEN 'to go'
                ELSE 'left' END                                              AS finding
    FROM decided
    LEFT JOIN told ON told.system_id = decided.system_id
    LEFT JOIN held
           ON held.person_id = decided.person_id AND held.system_id = decided.system_id AND held.entitlement = decided.entitlement
    LEFT JOIN allowed
           ON allowed.person_id = decided.person_id AND allowed.system_id = decided.system_id AND allowed.entitlement = decided.entitlement
)
SELECT source || '/' || id                                                   AS subject,
       entitlement || ' on ' || system_id || ' for ' || coalesce(name, person_id)  AS label,
       CASE WHEN finding IN ('missing', 'left')   THEN false
            WHEN finding <> 'untold'              THEN true END              AS ok,
       CASE finding
            WHEN 'untold'   THEN 'no source tells of this system, or of this request'
            WHEN 'there'    THEN 'was approved, and is there'
            WHEN 'to come'  THEN 'was approved, and is not there yet'
            WHEN 'missing'  THEN 'was approved on ' || CAST(CAST(since_at AS DATE) AS TEXT) || ', and is not there'
            WHEN 'gone'     THEN 'is not to be there, and is not'
            WHEN 'allowed'  THEN 'is there by a role, or by another request'
            WHEN 'to go'    THEN 'is to go'
            ELSE 'is still there, though it ended on ' || CAST(CAST(since_at AS DATE) AS TEXT) END  AS detail,
       CASE WHEN finding IN ('to come', 'to go') THEN by_at END              AS flips_at
FROM judged
