/*---
title    = "Every responsibility is held"
promise  = "Every security responsibility, and the owner role of every published promise, is held today by somebody who works here."
why      = "What everybody is responsible for nobody does."
clauses  = ["ISO/IEC 27001:2022 A.5.2", "ISO/IEC 27001:2013 A.6.1.1"]
kind     = "state"
severity = "high"
owner    = "security-lead"
warn     = "14 days"
subjects = "responsibilities"
---*/
WITH wanted AS (
    SELECT id, max(title) AS title
    FROM (
        SELECT id, title FROM responsibilities
        UNION ALL
        SELECT id, NULL FROM owner_roles
    ) AS named
    GROUP BY id
),
holding AS (
    SELECT holder.responsibility_id AS id, holder.person_id, person.current, person.name,
           CAST(least(holder.until_on, person.ended_on) AS TIMESTAMP) + INTERVAL 1 DAY  AS ends_at
    FROM responsibility_holders AS holder
    LEFT JOIN (
        SELECT id AS person_id, bool_or(current) AS current, max(name) AS name, max(ended_on) AS ended_on
        FROM engagements
        GROUP BY id
    ) AS person USING (person_id)
    WHERE holder.part IN ('accountable', 'responsible')
      AND holder.from_on <= CAST($as_of AS DATE)
      AND coalesce(holder.until_on >= CAST($as_of AS DATE), true)
),
tried AS (
    SELECT id, count(*) AS holders
    FROM holding
    GROUP BY id
),
-- Who works here.
held AS (
    SELECT id,
           string_agg(name, ', ' ORDER BY name)                              AS names,
           -- A holder without an end holds for ever.
           CASE WHEN bool_or(ends_at IS NULL) THEN NULL ELSE max(ends_at) END  AS ends_at
    FROM holding
    WHERE current
    GROUP BY id
)
SELECT wanted.id                                                             AS subject,
       coalesce(wanted.title, wanted.id)                                     AS label,
       held.id IS NOT NULL                                                   AS ok,
       CASE WHEN tried.holders IS NULL   THEN 'held by nobody'
            ELSE coalesce('held by ' || held.names, 'held only by who does not work here') END  AS detail,
       held.ends_at                                                          AS flips_at
FROM wanted
LEFT JOIN held USING (id)
LEFT JOIN tried USING (id)
