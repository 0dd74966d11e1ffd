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
optional = ["zone_authorisations"]
---*/
WITH ways AS (
    SELECT source, system_id, account_id, way AS how, true AS can FROM grantors
    UNION ALL
    SELECT source, system_id, account_id, 'may pass on ' || entitlement, can_grant FROM effective_grants WHERE can_grant IS NOT FALSE
),
-- Each account that can grant and can be used; an account that nobody can sign in to grants nothing.
able AS (
    SELECT ways.system_id, owner.source || '/' || ways.system_id || '/' || ways.account_id AS holder,
           account.user_name, owner.person_id, owner.person_name,
           bool_or(ways.can AND account.enabled AND account.can_sign_in)     AS surely,
           string_agg(DISTINCT ways.how, ', ' ORDER BY ways.how)             AS how
    FROM ways
    JOIN accounts AS account ON account.source = ways.source AND account.id = ways.account_id
    JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    WHERE account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
    GROUP BY ways.system_id, owner.source, ways.account_id, account.user_name, owner.person_id, owner.person_name
    UNION ALL
    SELECT zone.zone_id, 'zone/' || zone.zone_id || '/' || coalesce(zone.authorised_by, 'unknown'),
           coalesce(person.name, zone.authorised_by, 'somebody'), person.person_id, person.name, true, 'let people into the zone'
    FROM zone_authorisations AS zone
    LEFT JOIN engagements AS person ON person.id = zone.authorised_by
    WHERE coalesce(zone.until_on, CAST($as_of AS DATE)) >= CAST($as_of AS DATE)
    GROUP BY zone.zone_id, zone.authorised_by, person.person_id, person.name
),
registered AS (
    SELECT person.person_id, register.system_id,
           max(coalesce(register.until_on, DATE '9999-12-31'))               AS until_on
    FROM approved_grantors AS register
    JOIN engagements AS person ON person.id = register.person_id
    WHERE register.approved_by IS NOT NULL
    GROUP BY person.person_id, register.system_id
),
judged AS (
    SELECT able.holder, able.user_name, able.system_id, able.person_id, able.person_name, able.surely, able.how,
           max(registered.until_on)                                          AS until_on
    FROM able
    LEFT JOIN registered ON registered.person_id = able.person_id AND registered.system_id IN (able.system_id, '*')
    GROUP BY able.holder, able.user_name, able.system_id, able.person_id, able.person_name, able.surely, able.how
),
crowd AS (
    SELECT count(DISTINCT person_id) FILTER (WHERE surely)                   AS least,
           count(DISTINCT coalesce(person_id, holder))                       AS most
    FROM able
)
SELECT judged.holder                                                                      AS subject,
       judged.user_name || ' on ' || coalesce(system.name, judged.system_id)              AS label,
       CASE WHEN judged.until_on >= CAST($as_of AS DATE)                    THEN true
            WHEN judged.person_id IS NOT NULL AND judged.surely             THEN false END  AS ok,
       CASE WHEN judged.person_id IS NULL
                THEN 'can grant (' || judged.how || '), and whose it is is unknown'
            WHEN judged.until_on >= CAST($as_of AS DATE)
                THEN coalesce(judged.person_name, judged.person_id) || ' is on the register'
            WHEN judged.until_on IS NOT NULL
                THEN coalesce(judged.person_name, judged.person_id) || ' can grant (' || judged.how || '), on the register until ' || CAST(judged.until_on AS TEXT)
            ELSE coalesce(judged.person_name, judged.person_id) || ' can grant (' || judged.how || ') and is not on the register' END  AS detail,
       CASE WHEN judged.until_on >= CAST($as_of AS DATE) AND judged.until_on < DATE '9999-12-31'
                THEN CAST(judged.until_on AS TIMESTAMP) + INTERVAL 1 DAY END              AS flips_at
FROM judged
LEFT JOIN systems AS system ON system.id = judged.system_id
UNION ALL
SELECT 'all grantors', 'all who can grant',
       CASE WHEN most <= $grantors_limit THEN true WHEN least > $grantors_limit THEN false END,
       CASE WHEN least = most THEN most || ' people can grant, of at most ' || $grantors_limit
            ELSE 'between ' || least || ' and ' || most || ' people can grant, of at most ' || $grantors_limit END,
       NULL
FROM crowd
WHERE most > 0
