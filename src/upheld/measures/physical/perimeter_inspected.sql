/*---
title    = "Perimeters are inspected"
promise  = "Every zone that holds personal data or equipment lies inside a perimeter that somebody inspected within the interval and found whole."
why      = "A fence with a hole keeps nobody out, and nobody sees the hole who does not walk along it."
clauses  = ["ISO/IEC 27001:2022 A.7.1", "ISO/IEC 27001:2013 A.11.1.1", "GDPR 32(1)(b)"]
kind     = "cadence"
severity = "medium"
owner    = "facilities"
warn     = "30 days"
duty     = { do = "Inspect each perimeter", action = "physical.inspect-perimeter", every = "perimeter_inspection_interval" }
parameters = ["perimeter_inspection_interval"]
---*/
WITH walked AS (
    SELECT source, subject_id AS perimeter_id, max(inspected_at) AS inspected_at
    FROM inspections
    -- What was found and is open still keeps it from being whole.
    WHERE kind = 'perimeter'
      AND (passed OR closed_at IS NOT NULL)
    GROUP BY source, subject_id
),
judged AS (
    SELECT zone.source, zone.id, coalesce(zone.title, zone.id)               AS label,
           zone.personal_data OR zone.equipment                              AS counts,
           around.title                                                      AS perimeter,
           around.there, walked.inspected_at,
           walked.inspected_at + $perimeter_inspection_interval              AS until_at
    FROM zones AS zone
    LEFT JOIN (SELECT source, id AS perimeter_id, coalesce(title, id) AS title, true AS there FROM perimeters) AS around USING (source, perimeter_id)
    LEFT JOIN walked USING (source, perimeter_id)
    -- Not applicable: where neither personal data nor equipment are.
    WHERE (zone.personal_data OR zone.equipment) IS NOT FALSE
)
SELECT source || '/' || id                                                   AS subject,
       label,
       CASE WHEN there AND until_at >= $as_of   THEN true
            WHEN counts                         THEN false END               AS ok,
       CASE WHEN there IS NULL            THEN 'lies inside no perimeter'
            WHEN inspected_at IS NULL     THEN 'lies inside ' || perimeter || ', which nobody has inspected and found whole'
            ELSE perimeter || ' was last inspected on ' || CAST(CAST(inspected_at AS DATE) AS TEXT) END  AS detail,
       until_at                                                              AS flips_at
FROM judged
