/*---
title    = "Desks are looked at after work"
promise  = "Every office in which people work at desks was inspected within the interval, and what was found there is mended in time."
why      = "A password on a note and a file left open are read by whoever cleans, visits or breaks in."
clauses  = ["ISO/IEC 27001:2022 A.7.7", "ISO/IEC 27001:2013 A.11.2.9"]
kind     = "cadence"
severity = "low"
owner    = "facilities"
warn     = "14 days"
duty     = { do = "Walk round each office after work", action = "physical.inspect-desks", every = "clear_desk_interval" }
parameters = ["clear_desk_interval", "clear_desk_mended_within"]
---*/
WITH rounds AS (
    SELECT source, subject_id AS id, max(inspected_at) AS inspected_at,
           min(CASE WHEN NOT passed AND closed_at IS NULL THEN inspected_at END)  AS open_since_at
    FROM inspections
    WHERE kind = 'clear desk'
    GROUP BY source, subject_id
),
judged AS (
    SELECT zone.source, zone.id, coalesce(zone.title, zone.id) AS label, zone.desks, rounds.inspected_at, rounds.open_since_at,
           least(rounds.inspected_at + $clear_desk_interval, rounds.open_since_at + $clear_desk_mended_within)  AS until_at
    FROM zones AS zone
    LEFT JOIN rounds USING (source, id)
    -- Not applicable: where nobody works at a desk.
    WHERE zone.desks IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN until_at >= $as_of   THEN true
            WHEN desks                THEN false END                         AS ok,
       CASE WHEN inspected_at IS NULL        THEN 'nobody has walked round it'
            WHEN open_since_at IS NOT NULL   THEN 'what was found on ' || CAST(CAST(open_since_at AS DATE) AS TEXT) || ' is not mended'
            ELSE 'last walked round on ' || CAST(CAST(inspected_at AS DATE) AS TEXT) END  AS detail,
       until_at                                                              AS flips_at
FROM judged
