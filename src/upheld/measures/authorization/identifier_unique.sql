/*---
title    = "Identifiers are unique"
promise  = "No name or number that a system knows people by stands for two people at the same time."
why      = "Where one identifier stands for two people, nothing that it did can be traced to either."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2013 A.9.2.1"]
kind     = "state"
severity = "high"
owner    = "it-operations"
---*/
WITH words AS (
    SELECT source, id, system_id, 'name' AS word, identifier FROM accounts
    UNION ALL
    -- To a POSIX system the number is who somebody is; two names with one number are one user.
    SELECT source, id, system_id, 'number', CAST(uid_number AS TEXT) FROM accounts WHERE uid_number IS NOT NULL
),
held AS (
    SELECT words.system_id, words.word, words.identifier,
           count(DISTINCT words.id)                          AS accounts,
           count(DISTINCT owner.person_id)                   AS people,
           bool_or(owner.person_id IS NULL)                  AS some_unknown,
           bool_or(owner.matched_by = 'ambiguous')           AS ambiguous,
           string_agg(DISTINCT owner.person_name, ' and ' ORDER BY owner.person_name)  AS names
    FROM words
    JOIN account_owners AS owner ON owner.source = words.source AND owner.account_id = words.id
    GROUP BY words.system_id, words.word, words.identifier
)
SELECT held.system_id || '/' || held.word || '/' || held.identifier                       AS subject,
       held.identifier || ' on ' || coalesce(system.name, held.system_id)                 AS label,
       CASE WHEN held.people > 1                            THEN false
            WHEN held.ambiguous                             THEN NULL
            WHEN held.accounts > 1 AND held.some_unknown    THEN NULL
            ELSE true END                                                                 AS ok,
       CASE WHEN held.people > 1
                THEN 'stands for ' || coalesce(held.names, 'two people')
            WHEN held.ambiguous
                THEN 'could stand for any of ' || coalesce(held.names, 'several people')
            WHEN held.accounts > 1 AND held.some_unknown
                THEN 'is on ' || held.accounts || ' accounts, and not all of them have a known owner'
            WHEN held.accounts > 1
                THEN 'is on ' || held.accounts || ' accounts of one person'
            ELSE 'stands for one account' END                                             AS detail
FROM held
LEFT JOIN systems AS system ON system.id = held.system_id
