/*---
title    = "Conflicting duties are separated"
promise  = "Nobody holds two rights that a conflict rule keeps apart, through whichever of their accounts on whichever system."
why      = "Fraud and error pass unseen where one person can do both halves of what two should."
clauses  = ["ISO/IEC 27001:2022 A.5.3", "ISO/IEC 27001:2013 A.6.1.2"]
kind     = "state"
severity = "high"
owner    = "security-lead"
optional = ["systems"]
---*/
-- Two sources may each have a rule of one name: these are two rules.
WITH named AS (
    SELECT CASE WHEN count(id) OVER (PARTITION BY id) > 1 THEN source || '/' || id ELSE id END AS rule_id,
           why, left_system_id, left_entitlement, right_system_id, right_entitlement
    FROM conflict_rules
),
sides AS (
    SELECT rule_id, why, 'left' AS side, left_system_id AS system_id, left_entitlement AS entitlement FROM named
    UNION ALL
    SELECT rule_id, why, 'right', right_system_id, right_entitlement FROM named
),
held AS (
    SELECT sides.rule_id, sides.why, sides.side, owner.label, owner.enabled,
           held.entitlement || ' (' || owner.label || ', ' || held.via || ')'  AS what,
           -- An account whose owner is unknown stands for itself.
           coalesce(owner.person_id, 'account ' || owner.source || '/' || owner.account_id)  AS holder,
           coalesce(owner.person_name, owner.label)                          AS holder_name,
           owner.person_id IS NOT NULL                                       AS known
    FROM effective_grants AS held
    JOIN account_owners AS owner USING (source, account_id)
    JOIN sides ON sides.system_id = held.system_id AND sides.entitlement = held.entitlement
    -- Not applicable: what is switched off.
    WHERE owner.enabled IS NOT FALSE
),
-- Who holds either side of a rule, through whichever account.
holding AS (
    SELECT rule_id, why, holder, holder_name, known,
           bool_or(side = 'left')                                            AS has_left,
           bool_or(side = 'right')                                           AS has_right,
           bool_or(side = 'left' AND enabled)                                AS surely_left,
           bool_or(side = 'right' AND enabled)                               AS surely_right,
           string_agg(what, ' and ' ORDER BY side, what)                     AS what
    FROM held
    GROUP BY rule_id, why, holder, holder_name, known
),
judged AS (
    SELECT rule_id || '/' || holder                                          AS subject,
           holder_name || ', ' || rule_id                                    AS label,
           what || coalesce(': ' || why, '')                                 AS what,
           CASE WHEN surely_left AND surely_right     THEN 'both'
                WHEN has_left AND has_right           THEN 'perhaps both'
                WHEN known                            THEN 'one'
                ELSE 'whose' END                                             AS finding
    FROM holding
),
-- A rule about a right that no system knows by that name keeps nothing apart.
missing AS (
    SELECT sides.rule_id,
           string_agg(sides.entitlement || ' on ' || sides.system_id, ' and ' ORDER BY sides.side)  AS what
    FROM sides
    LEFT JOIN (
        SELECT system_id, entitlement, true AS known FROM groups
        UNION
        SELECT system_id, entitlement, true FROM grants
    ) AS found USING (system_id, entitlement)
    WHERE found.known IS NULL
    GROUP BY sides.rule_id
)
SELECT subject,
       label,
       CASE WHEN finding = 'one'     THEN true
            WHEN finding = 'both'    THEN false END                          AS ok,
       CASE finding
            WHEN 'both'         THEN 'holds ' || what
            WHEN 'perhaps both' THEN 'may hold ' || what
            WHEN 'one'          THEN 'holds only one side, ' || what
            ELSE 'holds ' || what || '; what else its owner holds is unknown' END  AS detail
FROM judged
UNION ALL
SELECT rule.rule_id, rule.rule_id, CASE WHEN missing.what IS NULL THEN true END,
       coalesce('no system knows ' || missing.what, 'both sides are known')
FROM named AS rule
LEFT JOIN missing ON missing.rule_id = rule.rule_id
