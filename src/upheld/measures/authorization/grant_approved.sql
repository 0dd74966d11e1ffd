/*---
title    = "Every right was approved before it began"
promise  = "Every right that is in force, or began in the time looked back, was covered by an approved request or by the role of its holder when it began."
why      = "An approval that comes after the fact approves what has happened, and shows that it could."
clauses  = ["ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.2", "GDPR 32(1)(b)", "GDPR 32(4)"]
kind     = "never"
severity = "high"
owner    = "security-lead"
subjects = "rights, and when they began"
parameters = ["grants_looked_back", "first_reading_window"]
optional = ["access_requests", "systems"]
---*/
-- What never changed since it was first seen began once: only rights that ended or changed are put in order.
WITH altered AS (
    SELECT source, id FROM history.grants WHERE seen_until_at IS NOT NULL GROUP BY source, id
),
lived AS (
    SELECT held.source, held.id, held.system_id, held.holder_id, held.entitlement, held.granted_at, held.seen_from_at, held.seen_until_at,
           -- A right that was missed and came back began anew.
           1 + count(*) FILTER (WHERE held.ended IN ('vanished', 'deleted')) OVER (
               PARTITION BY held.source, held.id ORDER BY held.seen_from_at ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING
           )                                                                 AS life
    FROM history.grants AS held
    JOIN altered ON altered.source = held.source AND altered.id = held.id
    WHERE held.holder_kind = 'account' AND held.inherent IS NOT TRUE
),
begun AS (
    SELECT held.source, held.id, 1 AS life, held.system_id, held.holder_id AS account_id, held.entitlement,
           coalesce(held.granted_at, held.seen_from_at)                      AS begun_at
    FROM history.grants AS held
    LEFT JOIN altered ON altered.source = held.source AND altered.id = held.id
    WHERE held.holder_kind = 'account'
      -- Not applicable: what every account has by being one.
      AND held.inherent IS NOT TRUE
      AND altered.id IS NULL
    UNION ALL
    SELECT source, id, life, min(system_id), min(holder_id), min(entitlement), coalesce(min(granted_at), min(seen_from_at))
    FROM lived
    GROUP BY source, id, life
    HAVING bool_or(coalesce(seen_until_at >= $as_of - $grants_looked_back, true))
),
-- What went with its account was looked at while it was there.
held AS (
    SELECT begun.*, owner.label, owner.person_id, owner.role, coalesce(owner.person_name, owner.person_id) AS holder_name,
           coalesce(owner.kind, 'person') IN ('person', 'admin')             AS personal
    FROM begun
    JOIN account_owners AS owner USING (source, account_id)
    WHERE coalesce(owner.kind, 'unknown') <> 'system'
),
approvals AS (
    SELECT person.person_id, request.system_id, request.entitlement, request.approved_at, request.until_on, request.ended_at
    FROM access_requests AS request JOIN engagements AS person ON person.id = request.person_id
    UNION ALL
    SELECT person.person_id, request.system_id, request.entitlement, request.approved_at, request.until_on, CAST(NULL AS TIMESTAMP)
    FROM granted_requests AS request JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL
),
requested AS (
    SELECT held.source, held.id, held.life
    FROM held
    JOIN approvals
      ON approvals.person_id = held.person_id AND approvals.system_id = held.system_id AND approvals.entitlement = held.entitlement
    WHERE approvals.approved_at <= held.begun_at
      AND coalesce(approvals.until_on >= CAST(held.begun_at AS DATE), true)
      AND coalesce(approvals.ended_at > held.begun_at, true)
    GROUP BY held.source, held.id, held.life
),
-- Which role gave what is known from when it was first read; what was there at the first reading of both may have been read minutes before.
given AS (
    SELECT held.source, held.id, held.life, bool_or(model.role IN ('*', held.role)) AS by_role
    FROM held
    JOIN history.role_entitlements AS model
      ON held.personal AND model.system_id = held.system_id AND model.entitlement = held.entitlement
    WHERE model.seen_from_at <= held.begun_at + $first_reading_window
      AND coalesce(model.seen_until_at > held.begun_at, true)
    GROUP BY held.source, held.id, held.life
),
judged AS (
    SELECT held.*,
           CASE WHEN given.by_role                THEN 'role'
                WHEN requested.id IS NOT NULL     THEN 'request'
                WHEN held.person_id IS NULL       THEN 'nobody'
                -- Some role gave it, and nobody knows which one its holder has.
                WHEN given.id IS NOT NULL AND held.role IS NULL  THEN 'unknown role'
                ELSE 'unapproved' END                                        AS finding
    FROM held
    LEFT JOIN requested USING (source, id, life)
    LEFT JOIN given USING (source, id, life)
)
SELECT source || '/' || id || CASE WHEN life > 1 THEN '/' || CAST(life AS TEXT) ELSE '' END  AS subject,
       label || ': ' || entitlement                                          AS label,
       CASE WHEN finding IN ('role', 'request')   THEN true
            WHEN finding = 'unapproved'           THEN false END             AS ok,
       CASE finding
            WHEN 'role'          THEN 'came with the role of ' || holder_name
            WHEN 'request'       THEN 'had been approved for ' || holder_name
            WHEN 'nobody'        THEN 'whose account it is, is unknown'
            WHEN 'unknown role'  THEN 'the role of ' || holder_name || ' is unknown'
            ELSE 'began on ' || CAST(CAST(begun_at AS DATE) AS TEXT) || ' with no approval for ' || holder_name END  AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
