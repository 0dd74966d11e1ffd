/*---
title    = "Conflicting duties are separated"
promise  = "Nobody holds two rights that a conflict rule keeps apart, through whichever of their accounts on whichever system."
why      = "Fraud and error pass unseen where one person can do both halves of what two should."
clauses  = ["ISO/IEC 27001:2022 A.5.3", "ISO/IEC 27001:2013 A.6.1.2"]
kind     = "state"
severity = "high"
owner    = "security-lead"
---*/
WITH held AS (
    SELECT held.system_id, held.entitlement, held.via, account.user_name, account.enabled,
           coalesce(owner.person_id, 'account ' || owner.source || '/' || owner.account_id)  AS holder,
           coalesce(owner.person_name, account.user_name)                    AS holder_name,
           owner.person_id IS NOT NULL                                       AS known
    FROM effective_grants AS held
    JOIN accounts AS account ON account.source = held.source AND account.id = held.account_id
    JOIN account_owners AS owner ON owner.source = held.source AND owner.account_id = held.account_id
    WHERE account.enabled IS NOT FALSE
),
sides AS (
    SELECT id, why, 'left' AS side, left_system_id AS system_id, left_entitlement AS entitlement FROM conflict_rules
    UNION ALL
    SELECT id, why, 'right', right_system_id, right_entitlement FROM conflict_rules
),
-- Everybody who holds either side of a rule, and what they hold of it.
holding AS (
    SELECT sides.id AS rule_id, sides.why, held.holder, held.known,
           max(held.holder_name)                                             AS holder_name,
           bool_or(sides.side = 'left')                                      AS has_left,
           bool_or(sides.side = 'right')                                     AS has_right,
           bool_or(sides.side = 'left' AND held.enabled)                     AS surely_left,
           bool_or(sides.side = 'right' AND held.enabled)                    AS surely_right,
           string_agg(held.entitlement || ' (' || held.user_name || ' on ' || held.system_id || ', ' || held.via || ')', ' and '
                      ORDER BY sides.side, held.system_id, held.user_name)   AS what
    FROM sides
    JOIN held ON held.system_id = sides.system_id AND held.entitlement = sides.entitlement
    GROUP BY sides.id, sides.why, held.holder, held.known
),
-- A rule about a right that no system knows by that name keeps nothing apart.
known AS (
    SELECT system_id, entitlement FROM groups
    UNION
    SELECT system_id, entitlement FROM grants
),
named AS (
    SELECT sides.id, max(sides.why) AS why, bool_and(known.entitlement IS NOT NULL) AS both,
           string_agg(CASE WHEN known.entitlement IS NULL THEN sides.entitlement || ' on ' || sides.system_id END, ', ' ORDER BY sides.side)  AS missing
    FROM sides
    LEFT JOIN known ON known.system_id = sides.system_id AND known.entitlement = sides.entitlement
    GROUP BY sides.id
)
SELECT rule_id || '/' || holder                                                           AS subject,
       holder_name || ', ' || rule_id                                                     AS label,
       CASE WHEN surely_left AND surely_right          THEN false
            WHEN has_left AND has_right                THEN NULL
            WHEN known                                 THEN true END                      AS ok,
       CASE WHEN surely_left AND surely_right          THEN 'holds ' || what || coalesce(': ' || why, '')
            WHEN has_left AND has_right                THEN 'may hold ' || what || coalesce(': ' || why, '')
            WHEN known                                 THEN 'holds only ' || what
            ELSE 'holds ' || what || '; what else its owner holds is unknown' END         AS detail
FROM holding
UNION ALL
SELECT id || '/rule', id, CASE WHEN both THEN true END,
       CASE WHEN both THEN 'both sides are known' ELSE 'no system knows ' || missing END
FROM named
