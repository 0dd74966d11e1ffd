/*---
title    = "Few people have privileged rights"
promise  = "On each system the number of people with administrative rights, and their share of everybody, stay within the agreed limits."
why      = "Each person with administrative rights is a way around every other control."
clauses  = ["ISO/IEC 27001:2022 A.8.2", "ISO/IEC 27001:2013 A.9.2.3", "GDPR 32(1)(b)"]
kind     = "state"
severity = "high"
owner    = "security-lead"
parameters = ["privileged_limit", "privileged_share", "privileged_least"]
---*/
WITH rights AS (
    SELECT source, account_id,
           bool_or(privileged)                       AS some,
           bool_or(privileged IS NULL)               AS some_unknown
    FROM effective_grants
    GROUP BY source, account_id
),
-- Every account that can be used, and whether it is an administrator by its own nature or by a right it holds.
holders AS (
    SELECT account.system_id, account.source || '/' || account.id AS account_key, owner.person_id, owner.person_name, account.user_name,
           CASE WHEN account.privileged OR rights.some                       THEN true
                WHEN account.privileged IS NULL OR rights.some_unknown       THEN NULL
                ELSE false END                                               AS powerful,
           account.enabled AND account.can_sign_in                           AS usable
    FROM accounts AS account
    JOIN account_owners AS owner ON owner.source = account.source AND owner.account_id = account.id
    LEFT JOIN rights ON rights.source = account.source AND rights.account_id = account.id
    WHERE account.enabled IS NOT FALSE
      AND account.can_sign_in IS NOT FALSE
),
counted AS (
    SELECT system_id,
           -- At least so many people for sure, and at most so many if all that is unknown went the other way.
           count(DISTINCT person_id) FILTER (WHERE powerful AND usable)      AS least,
           count(DISTINCT coalesce(person_id, account_key)) FILTER (WHERE powerful IS NOT FALSE)  AS most,
           string_agg(DISTINCT coalesce(person_name, user_name), ', ' ORDER BY coalesce(person_name, user_name))
               FILTER (WHERE powerful IS NOT FALSE)                          AS names
    FROM holders
    GROUP BY system_id
),
everybody AS (
    SELECT count(DISTINCT person_id) AS people FROM engagements WHERE current
),
-- One alone cannot be stood in for, so that a small company may always have the least.
allowed AS (
    SELECT least($privileged_limit, greatest($privileged_least, floor(people * $privileged_share))) AS people
    FROM everybody
),
every_system AS (
    SELECT id, max(name) AS name, bool_or(in_operation) AS in_operation
    FROM (
        SELECT id, name, in_operation FROM systems
        UNION ALL
        SELECT system_id, NULL, NULL FROM accounts
    ) AS each
    GROUP BY id
)
SELECT system.id                                                                          AS subject,
       coalesce(system.name, system.id)                                                   AS label,
       CASE WHEN counted.system_id IS NULL             THEN NULL
            WHEN counted.most <= allowed.people        THEN true
            WHEN counted.least > allowed.people        THEN false END           AS ok,
       CASE WHEN counted.system_id IS NULL             THEN 'none of its accounts were read'
            WHEN counted.most = 0                      THEN 'nobody, of at most ' || CAST(allowed.people AS INTEGER)
            WHEN counted.least = counted.most          THEN counted.most || ' people, of at most ' || CAST(allowed.people AS INTEGER) || ': ' || counted.names
            ELSE 'between ' || counted.least || ' and ' || counted.most || ' people, of at most ' || CAST(allowed.people AS INTEGER) || ': ' || counted.names
            END                                                                           AS detail
FROM every_system AS system
CROSS JOIN allowed
LEFT JOIN counted ON counted.system_id = system.id
WHERE system.in_operation IS NOT FALSE
