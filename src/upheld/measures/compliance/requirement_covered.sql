/*---
title    = "Requirements are covered by promises that stand"
promise  = "Every requirement in force is mapped to at least one promise, and each of these was upheld or excepted when it was last judged."
why      = "A law that nobody turned into a promise is kept by chance."
clauses  = ["ISO/IEC 27001:2022 A.5.31", "ISO/IEC 27001:2022 A.5.34", "ISO/IEC 27001:2013 A.18.1.4"]
kind     = "state"
severity = "high"
owner    = "dpo"
---*/
WITH in_force AS (
    SELECT source, id, coalesce(title, id) AS title, reference
    FROM requirements
    WHERE from_on <= CAST($as_of AS DATE) AND coalesce(until_on >= CAST($as_of AS DATE), true)
),
mapped AS (
    SELECT in_force.source, in_force.id,
           -- One that was never judged does not count as standing.
           CASE WHEN bool_or(verdict.state IN ('unproven', 'broken'))                THEN false
                ELSE bool_and(coalesce(verdict.state IN ('upheld', 'at risk', 'excepted'), false)) OR NULL END  AS stands,
           string_agg(link.promise_id, ', ' ORDER BY link.promise_id) FILTER (verdict.state IN ('unproven', 'broken'))  AS falling
    FROM in_force
    JOIN requirement_promises AS link ON link.source = in_force.source AND link.requirement_id = in_force.id
    LEFT JOIN promise_verdicts AS verdict ON verdict.id = link.promise_id
    GROUP BY in_force.source, in_force.id
)
SELECT in_force.source || '/' || in_force.id                                 AS subject,
       in_force.title || coalesce(', ' || in_force.reference, '')            AS label,
       CASE WHEN mapped.id IS NULL   THEN false
            ELSE mapped.stands END                                           AS ok,
       CASE WHEN mapped.id IS NULL   THEN 'no promise answers it'
            WHEN mapped.stands       THEN 'the promises that answer it stand'
            WHEN NOT mapped.stands   THEN 'does not stand: ' || mapped.falling
            ELSE 'a promise that answers it was never judged' END            AS detail,
       -- When a promise will fall is said of its own measures.
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM in_force
LEFT JOIN mapped USING (source, id)
