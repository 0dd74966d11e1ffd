/*---
title    = "Stores keep to the class of what they hold"
promise  = "No store holds information of a class that it may not hold, lacks the encryption of that class, or is readable by more people than it allows."
why      = "A class that no store keeps to is a word on a form."
clauses  = ["ISO/IEC 27001:2022 A.5.10", "ISO/IEC 27001:2022 A.5.12", "ISO/IEC 27001:2013 A.8.2.3", "GDPR 32(1)(a)"]
kind     = "state"
severity = "high"
owner    = "it-operations"
---*/
WITH held AS (
    SELECT store.source, store.id, store.classes, named.information_id
    FROM registered_stores AS store CROSS JOIN unnest(store.holds) AS named(information_id)
),
state AS (
    SELECT id, true AS told, bool_and(encrypted) AS encrypted, bool_or(public) AS public, max(readers) AS readers
    FROM store_states
    GROUP BY id
),
judged AS (
    SELECT held.source, held.id, held.information_id, information.classification,
           CASE WHEN NOT list_contains(held.classes, information.classification)           THEN 'may not hold'
                WHEN rule.encrypted AND NOT state.encrypted                                THEN 'is not encrypted, and holds'
                WHEN information.classification <> 'public' AND state.public               THEN 'can be read by anybody, and holds'
                WHEN state.readers > rule.most_readers                                     THEN 'can be read by ' || state.readers || ' people, and holds'
                END                                                          AS wrong,
           CASE WHEN information.classification IS NULL                      THEN 'the class of what it holds is unknown'
                WHEN rule.there IS NULL                                      THEN 'nobody said how what it holds is handled'
                WHEN state.told IS NULL                                      THEN 'no source has seen it'
                WHEN rule.encrypted AND state.encrypted IS NULL              THEN 'whether it is encrypted is unknown'
                WHEN state.public IS NULL AND information.classification <> 'public'         THEN 'whether anybody can read it is unknown'
                WHEN rule.most_readers IS NOT NULL AND state.readers IS NULL THEN 'how many can read it is unknown'
                END                                                          AS unknown
    FROM held
    LEFT JOIN (SELECT source, id AS information_id, classification FROM information_assets) AS information USING (source, information_id)
    LEFT JOIN (SELECT source, id AS classification, encrypted, most_readers, true AS there FROM handling_rules) AS rule USING (source, classification)
    LEFT JOIN state USING (id)
)
SELECT judged.source || '/' || judged.id || '/' || judged.information_id     AS subject,
       judged.id || ', ' || judged.information_id                            AS label,
       CASE WHEN judged.wrong IS NOT NULL     THEN false
            WHEN judged.unknown IS NULL       THEN true END                  AS ok,
       coalesce(judged.wrong || ' what is ' || judged.classification, judged.unknown, 'is handled as ' || judged.classification)  AS detail
FROM judged
