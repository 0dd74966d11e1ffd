/*---
title    = "Few may grant rights"
promise  = "Only people on the register of grantors can grant, alter or cancel rights on any system or to any zone, and they are few."
why      = "Whoever can grant rights can have any right: this group is the real size of the circle of administrators."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.2", "ISO/IEC 27001:2013 A.9.2.3", "GDPR 32(4)"]
kind     = "state"
severity = "critical"
owner    = "security-lead"
warn     = "14 days"
parameters = ["grantors_limit"]
optional = ["systems", "zone_authorisations"]
---*/
WITH ways AS (
    SELECT source, account_id, system_id, way, true AS can FROM grantors
    UNION ALL
    SELECT source, account_id, system_id, 'may pass on ' || entitlement, can_grant FROM effective_grants WHERE can_grant IS NOT FALSE
),
-- Who can grant, through an account that can be used. What nobody can sign in to grants nothing.
able AS (
    SELECT ways.system_id || '/' || owner.source || '/' || owner.account_id               AS holder,
           owner.user_name || ' on ' || ways.system_id                                    AS label,
           ways.system_id, owner.person_id,
           max(owner.person_name)                                                         AS person_name,
           bool_or(ways.can AND owner.enabled AND owner.can_sign_in)                      AS surely,
           string_agg(DISTINCT ways.way, ', ' ORDER BY ways.way)                          AS how
    FROM ways
    JOIN account_owners AS owner USING (source, account_id)
    WHERE owner.enabled IS NOT FALSE
      AND owner.can_sign_in IS NOT FALSE
    GROUP BY ways.system_id, owner.source, owner.account_id, owner.user_name, owner.person_id
    UNION ALL
    SELECT 'zone ' || zone.zone_id || '/' || coalesce(zone.authorised_by, 'somebody'),
           coalesce(max(person.name), zone.authorised_by, 'somebody') || ' for ' || zone.zone_id,
           zone.zone_id, max(person.person_id), max(person.name), true, 'lets people in'
    FROM zone_authorisations AS zone
    LEFT JOIN engagements AS person ON person.id = zone.authorised_by
    WHERE coalesce(zone.until_on >= CAST($as_of AS DATE), true)
    GROUP BY zone.zone_id, zone.authorised_by
),
registered AS (
    SELECT person.person_id, register.system_id,
           max(coalesce(register.until_on, DATE '9999-01-01'))                            AS until_on
    FROM approved_grantors AS register
    JOIN engagements AS person ON person.id = register.person_id
    WHERE register.approved_by IS NOT NULL
    GROUP BY person.person_id, register.system_id
),
judged AS (
    SELECT able.holder, able.label, able.person_id, able.person_name, able.surely, able.how,
           max(registered.until_on)                                                       AS until_on,
           CASE WHEN able.person_id IS NULL                                THEN 'unknown'
                WHEN max(registered.until_on) >= CAST($as_of AS DATE)      THEN 'registered'
                WHEN max(registered.until_on) IS NOT NULL                  THEN 'run out'
                ELSE 'not registered' END                                                 AS finding
    FROM able
    LEFT JOIN registered ON registered.person_id = able.person_id AND registered.system_id IN (able.system_id, '*')
    GROUP BY able.holder, able.label, able.person_id, able.person_name, able.surely, able.how
),
crowd AS (
    SELECT count(DISTINCT person_id) FILTER (WHERE surely)                                AS fewest,
           count(DISTINCT coalesce(person_id, holder))                                    AS most
    FROM able
)
SELECT holder                                                                             AS subject,
       label                                                                              AS label,
       CASE WHEN finding = 'registered'                                 THEN true
            WHEN finding IN ('run out', 'not registered') AND surely    THEN false END    AS ok,
       CASE finding WHEN 'unknown'    THEN 'whose it is, is unknown'
                    WHEN 'registered' THEN coalesce(person_name, person_id) || ' is on the register'
                    WHEN 'run out'    THEN coalesce(person_name, person_id) || ' was on the register until ' || CAST(until_on AS TEXT)
                    ELSE coalesce(person_name, person_id) || ' is not on the register' END || ' (' || how || ')'  AS detail,
       CAST(nullif(until_on, DATE '9999-01-01') AS TIMESTAMP) + INTERVAL 1 DAY            AS flips_at
FROM judged
UNION ALL
SELECT 'everybody',
       'all who can grant',
       CASE WHEN most <= $grantors_limit     THEN true
            WHEN fewest > $grantors_limit    THEN false END,
       fewest || ' to ' || most || ' people of at most ' || $grantors_limit || ' can grant',
       NULL
FROM crowd
WHERE most > 0
