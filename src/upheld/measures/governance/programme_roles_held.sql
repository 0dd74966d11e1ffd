/*---
title    = "Each role of the programme has one accountable holder"
promise  = "Each role of the compliance programme has exactly one person who is accountable for it."
why      = "Where two are accountable, each may think it was the other."
clauses  = ["ISO/IEC 27001:2022 A.5.2", "ISO/IEC 27001:2013 A.6.1.1"]
kind     = "state"
severity = "medium"
owner    = "security-lead"
warn     = "14 days"
---*/
WITH ending AS (
    SELECT holder.source, holder.responsibility_id AS id, person.person_id, person.name,
           CAST(least(holder.until_on, person.ended_on) AS TIMESTAMP) + INTERVAL 1 DAY  AS ends_at
    FROM responsibility_holders AS holder
    JOIN (
        SELECT id AS person_id, max(name) AS name, max(ended_on) AS ended_on, bool_or(current) AS current
        FROM engagements
        GROUP BY id
    ) AS person USING (person_id)
    WHERE holder.part = 'accountable'
      AND holder.from_on <= CAST($as_of AS DATE)
      AND coalesce(holder.until_on >= CAST($as_of AS DATE), true)
      AND person.current
),
-- Somebody to whom a role was given twice holds it until the later end.
holding AS (
    SELECT source, id, person_id, name,
           CASE WHEN bool_or(ends_at IS NULL) THEN NULL ELSE max(ends_at) END  AS ends_at
    FROM ending
    GROUP BY source, id, person_id, name
),
summed AS (
    SELECT source, id,
           count(*)                                                          AS holders,
           string_agg(name, ', ' ORDER BY name)                              AS names,
           min(ends_at)                                                      AS ends_at
    FROM holding
    GROUP BY source, id
)
SELECT role.source || '/' || role.id                                         AS subject,
       coalesce(role.title, role.id)                                         AS label,
       coalesce(summed.holders, 0) = 1                                       AS ok,
       CASE WHEN summed.holders IS NULL   THEN 'nobody is accountable'
            ELSE coalesce(summed.names, 'somebody without a name') END       AS detail,
       summed.ends_at                                                        AS flips_at
FROM responsibilities AS role
LEFT JOIN summed USING (source, id)
WHERE role.programme IS NOT FALSE
