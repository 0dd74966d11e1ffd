/*---
title    = "Identifiers are never issued twice"
promise  = "No name or number that once stood for somebody is ever given to somebody else."
why      = "Old records and forgotten rights speak of the identifier: whoever gets it next inherits both."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2013 A.9.2.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
---*/
WITH lives AS (
    SELECT system_id, word, identifier,
           count(DISTINCT holder)                                            AS holders,
           bool_or(holder IS NULL)                                           AS some_unknown,
           -- One account seen without a break is one life, also where two sources look at it.
           count(DISTINCT account_id)                                        AS accounts,
           max(births)                                                       AS births,
           min(from_at)                                                      AS first_at,
           string_agg(DISTINCT coalesce(holder_name, holder), ' and ' ORDER BY coalesce(holder_name, holder))  AS names
    FROM (
        SELECT *, count(*) OVER (PARTITION BY source, system_id, word, identifier, account_id, holder_key) AS births
        FROM identifier_lives
    ) AS life
    GROUP BY system_id, word, identifier
)
SELECT lives.system_id || '/' || lives.word || '/' || lives.identifier                    AS subject,
       lives.identifier || ' on ' || coalesce(system.name, lives.system_id)               AS label,
       CASE WHEN lives.holders > 1                                           THEN false
            WHEN (lives.accounts > 1 OR lives.births > 1 OR lives.holders = 1) AND lives.some_unknown  THEN NULL
            ELSE true END                                                                 AS ok,
       CASE WHEN lives.holders > 1
                THEN 'stood for ' || lives.names || ' in turn'
            WHEN (lives.accounts > 1 OR lives.births > 1 OR lives.holders = 1) AND lives.some_unknown
                THEN 'was given out again, and nobody can say whether to the same holder'
            WHEN lives.accounts > 1 OR lives.births > 1
                THEN 'was given out again to the same holder'
            ELSE 'seen for one holder since ' || CAST(CAST(lives.first_at AS DATE) AS TEXT) END  AS detail
FROM lives
LEFT JOIN systems AS system ON system.id = lives.system_id
