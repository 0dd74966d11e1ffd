/*---
title    = "Identifiers are unique"
promise  = "No name or number that a system knows people by stands for two people at the same time."
why      = "Where one identifier stands for two people, nothing that it did can be traced to either."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2013 A.9.2.1"]
kind     = "state"
severity = "high"
subjects = "identifiers"
owner    = "it-operations"
optional = ["systems"]
---*/
WITH words AS (
    SELECT source, id AS account_id, 'name' AS word, identifier FROM accounts
    UNION ALL
    -- To a POSIX system the number is who somebody is: two names with one number are one user.
    SELECT source, id, 'number', CAST(uid_number AS TEXT) FROM accounts WHERE uid_number IS NOT NULL
),
known AS (
    SELECT owner.system_id, words.word, words.identifier, words.account_id, owner.person_id, owner.person_name, owner.matched_by
    FROM words
    JOIN account_owners AS owner USING (source, account_id)
),
-- An account is one also where two sources look at it.
each_account AS (
    SELECT system_id, word, identifier, account_id,
           max(person_id)                                                                 AS person_id,
           max(person_name)                                                               AS name,
           bool_or(matched_by = 'ambiguous')                                              AS doubtful
    FROM known
    GROUP BY system_id, word, identifier, account_id
),
each_person AS (
    SELECT system_id, word, identifier, person_id, max(name) AS name, bool_or(doubtful) AS doubtful, count(*) AS accounts
    FROM each_account
    GROUP BY system_id, word, identifier, person_id
),
held AS (
    SELECT system_id, word, identifier,
           sum(accounts)                                                                  AS accounts,
           count(person_id)                                                               AS people,
           bool_or(doubtful)                                                              AS doubtful,
           bool_or(person_id IS NULL)                                                     AS ownerless,
           string_agg(name, ' and ' ORDER BY name)                                        AS names
    FROM each_person
    GROUP BY system_id, word, identifier
),
judged AS (
    SELECT *,
           CASE WHEN people > 1                      THEN 'shared'
                WHEN doubtful                        THEN 'doubtful'
                WHEN accounts > 1 AND ownerless      THEN 'ownerless'
                ELSE 'unique' END                                                         AS finding
    FROM held
)
SELECT system_id || '/' || word || '/' || identifier                                      AS subject,
       identifier || ' on ' || system_id                                                  AS label,
       CASE WHEN finding = 'shared'    THEN false
            WHEN finding = 'unique'    THEN true END                                      AS ok,
       CASE finding WHEN 'shared'    THEN 'stands for ' || names
                    WHEN 'doubtful'  THEN 'could stand for any of ' || names
                    WHEN 'ownerless' THEN 'is on ' || accounts || ' accounts, and whose they are is not all known'
                    ELSE 'stands for one' END                                             AS detail
FROM judged
