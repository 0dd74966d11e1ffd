/*---
title    = "Managers review their areas"
promise  = "Every manager with an area signed a review of whether it keeps to policies and standards within the interval."
why      = "What a manager never looks at, nobody in the area looks at either."
clauses  = ["ISO/IEC 27001:2022 A.5.36", "ISO/IEC 27001:2013 A.18.2.2"]
kind     = "cadence"
severity = "medium"
owner    = "security-lead"
warn     = "14 days"
parameters = ["manager_review_interval"]
---*/
WITH staff AS (
    SELECT id AS manager_id, max(name) AS name, bool_or(current) AS current
    FROM engagements
    GROUP BY id
),
signed AS (
    SELECT area.source, area.id, area.manager_id, coalesce(area.title, area.id) AS title,
           -- A review that a predecessor signed is one of the area all the same.
           max(review.signed_at)                                             AS signed_at,
           greatest(CAST(max(area.from_on) AS TIMESTAMP), max(review.signed_at)) + $manager_review_interval  AS until_at
    FROM managed_areas AS area
    LEFT JOIN area_reviews AS review ON review.source = area.source AND review.area_id = area.id
    GROUP BY area.source, area.id, area.manager_id, area.title
),
judged AS (
    SELECT signed.source, signed.id, signed.title, signed.signed_at, signed.until_at,
           coalesce(staff.name, signed.manager_id)                           AS manager,
           CASE WHEN staff.manager_id IS NULL                      THEN 'nobody'
                WHEN staff.current IS NULL                         THEN 'undated'
                WHEN NOT staff.current                             THEN 'nobody'
                WHEN signed.until_at < $as_of                      THEN 'late'
                WHEN signed.until_at IS NULL                       THEN 'unknown'
                ELSE 'signed' END                                            AS finding
    FROM signed
    LEFT JOIN staff USING (manager_id)
)
SELECT source || '/' || id                                                   AS subject,
       title                                                                 AS label,
       CASE WHEN finding = 'signed'              THEN true
            WHEN finding IN ('late', 'nobody')   THEN false END              AS ok,
       CASE finding
            WHEN 'signed'    THEN coalesce('reviewed on ' || CAST(CAST(signed_at AS DATE) AS TEXT), 'to be reviewed by ' || CAST(CAST(until_at AS DATE) AS TEXT))
            WHEN 'late'      THEN coalesce('last reviewed on ' || CAST(CAST(signed_at AS DATE) AS TEXT), 'never reviewed') || ', by ' || manager
            WHEN 'nobody'    THEN 'its manager does not work here: ' || manager
            WHEN 'undated'   THEN 'whether its manager works here is unknown: ' || manager
            ELSE 'since when it is an area is unknown' END                   AS detail,
       until_at                                                              AS flips_at
FROM judged
