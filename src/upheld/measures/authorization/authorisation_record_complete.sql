/*---
title    = "The record of who may enter is true"
promise  = "Every account that is in use and every way in belong to somebody whom the record authorises, and the record shows nothing that does not exist."
why      = "A record that lacks what is there, or shows what is not, answers no question."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2022 A.7.2", "ISO/IEC 27001:2013 A.9.2.1", "ISO/IEC 27001:2013 A.11.1.2"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
subjects = "accounts, entitlements and zone authorisations"
parameters = ["provisioning_window"]
optional = ["systems", "zone_authorisations"]
---*/
WITH recorded AS (
    SELECT person.person_id, request.system_id, max(coalesce(request.until_on, DATE '9999-01-01')) AS until_on
    FROM granted_requests AS request
    JOIN engagements AS person ON person.id = request.person_id
    WHERE request.approved_by IS NOT NULL
    GROUP BY person.person_id, request.system_id
),
-- Which roles give anything on a system: a right each would be as many times as much to compare.
models AS (
    SELECT system_id, role FROM role_entitlements GROUP BY system_id, role
),
there AS (
    SELECT account.source || '/account/' || account.account_id               AS subject,
           account.label, account.enabled, account.person_id,
           coalesce(bool_or(model.role IN ('*', account.role)), false)       AS by_role,
           bool_or(account.role IS NULL AND model.role IS NOT NULL)          AS role_unknown,
           max(recorded.until_on)                                            AS until_on
    FROM account_owners AS account
    LEFT JOIN models AS model ON model.system_id = account.system_id
    LEFT JOIN recorded ON recorded.person_id = account.person_id AND recorded.system_id = account.system_id
    -- Not applicable: what is switched off, and what the system's own software brings along.
    WHERE account.enabled IS NOT FALSE
      AND coalesce(account.kind, 'person') <> 'system'
    GROUP BY account.source, account.account_id, account.label, account.enabled, account.person_id, account.role
),
accounted AS (
    SELECT *,
           CASE WHEN by_role OR until_on >= CAST($as_of AS DATE)  THEN 'recorded'
                WHEN person_id IS NULL                            THEN 'whose'
                WHEN role_unknown                                 THEN 'role'
                ELSE 'unrecorded' END                                        AS finding
    FROM there
),
-- Accounts through which somebody could hold what the record shows.
systems_told AS (
    SELECT system_id FROM accounts GROUP BY system_id
),
held AS (
    SELECT owner.person_id, held.system_id, held.entitlement
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    GROUP BY owner.person_id, held.system_id, held.entitlement
),
shown AS (
    SELECT request.source || '/request/' || request.id                       AS subject,
           request.entitlement || ' on ' || request.system_id || ' for ' || coalesce(person.name, request.person_id)  AS label,
           request.approved_at + $provisioning_window                        AS by_at,
           CASE WHEN systems_told.system_id IS NULL                                     THEN 'untold'
                WHEN held.person_id IS NOT NULL                                         THEN 'there'
                WHEN request.approved_at + $provisioning_window >= $as_of               THEN 'to come'
                WHEN request.approved_at IS NULL                                        THEN 'untold'
                ELSE 'missing' END                                           AS finding
    FROM granted_requests AS request
    LEFT JOIN engagements AS person ON person.id = request.person_id
    LEFT JOIN systems_told ON systems_told.system_id = request.system_id
    LEFT JOIN held
           ON held.person_id = person.person_id AND held.system_id = request.system_id AND held.entitlement = request.entitlement
    WHERE request.approved_by IS NOT NULL
      AND coalesce(request.until_on >= CAST($as_of AS DATE), true)
),
doors AS (
    SELECT zone.source || '/zone/' || zone.id                                AS subject,
           coalesce(person.name, zone.person_id) || ' for ' || zone.zone_id  AS label,
           person.current
    FROM zone_authorisations AS zone
    LEFT JOIN engagements AS person ON person.id = zone.person_id
    WHERE zone.withdrawn_at IS NULL
      AND coalesce(zone.until_on >= CAST($as_of AS DATE), true)
)
SELECT subject,
       label,
       CASE WHEN finding = 'recorded'                   THEN true
            WHEN finding = 'unrecorded' AND enabled     THEN false END       AS ok,
       CASE finding
            WHEN 'recorded'  THEN 'the record authorises it'
            WHEN 'whose'     THEN 'whose account it is, is unknown'
            WHEN 'role'      THEN 'the role of its owner is unknown'
            ELSE 'the record authorises nobody for it' END                   AS detail,
       CASE WHEN NOT by_role
            THEN CAST(nullif(until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY END  AS flips_at
FROM accounted
UNION ALL
SELECT subject, label,
       CASE finding WHEN 'missing' THEN false WHEN 'untold' THEN NULL ELSE true END,
       CASE finding
            WHEN 'untold'   THEN 'no source tells of this system, or of when it was approved'
            WHEN 'there'    THEN 'is there, as the record shows'
            WHEN 'to come'  THEN 'is not there yet'
            ELSE 'the record shows it, and it is not there' END,
       CASE finding WHEN 'to come' THEN by_at END
FROM shown
UNION ALL
SELECT subject, label, current,
       CASE WHEN current       THEN 'works here'
            WHEN NOT current   THEN 'the record shows somebody who does not work here'
            ELSE 'whether this person works here is unknown' END,
       CAST(NULL AS TIMESTAMP)
FROM doors
