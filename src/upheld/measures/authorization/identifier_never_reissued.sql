/*---
title    = "Identifiers are never issued twice"
promise  = "No name or number that once stood for somebody is ever given to somebody else."
why      = "Old records and forgotten rights speak of the identifier: whoever gets it next inherits both."
clauses  = ["ISO/IEC 27001:2022 A.5.16", "ISO/IEC 27001:2013 A.9.2.1"]
kind     = "never"
severity = "high"
owner    = "it-operations"
---*/
WITH holders AS (
    SELECT system_id, word, identifier, holder,
           coalesce(max(holder_name), holder)                                             AS name,
           min(from_at)                                                                   AS first_at
    FROM identifier_lives
    GROUP BY system_id, word, identifier, holder
),
held AS (
    SELECT system_id, word, identifier,
           count(holder)                                                                  AS holders,
           bool_or(holder IS NULL)                                                        AS some_unknown,
           min(first_at)                                                                  AS first_at,
           string_agg(name, ' and ' ORDER BY name)                                        AS names
    FROM holders
    GROUP BY system_id, word, identifier
),
lives AS (
    -- An account that was never missed is one life, also where two sources look at it.
    SELECT system_id, word, identifier, count(DISTINCT account_id || ' ' || life)         AS lives
    FROM identifier_lives
    GROUP BY system_id, word, identifier
),
judged AS (
    SELECT *,
           CASE WHEN holders > 1                  THEN 'two holders'
                WHEN lives > 1 AND some_unknown   THEN 'unknown holder'
                ELSE 'one holder' END                                                     AS finding
    FROM held
    JOIN lives USING (system_id, word, identifier)
)
SELECT system_id || '/' || word || '/' || identifier                                      AS subject,
       identifier || ' on ' || system_id                                                  AS label,
       CASE WHEN finding = 'two holders' THEN false
            WHEN finding = 'one holder'  THEN true END                                    AS ok,
       CASE finding WHEN 'two holders'    THEN 'stood for ' || names
                    WHEN 'unknown holder' THEN 'was given out again, and to whom is not all known'
                    ELSE 'seen for one holder since ' || CAST(CAST(first_at AS DATE) AS TEXT) END  AS detail
FROM judged
