/*---
title    = "Everybody has learned to report"
promise  = "Everybody's current training covers the duty to report security events and weaknesses."
why      = "Whoever sees it first is seldom whoever would know what it is."
clauses  = ["ISO/IEC 27001:2022 A.6.3", "ISO/IEC 27001:2022 A.6.8", "ISO/IEC 27001:2013 A.7.2.2", "ISO/IEC 27001:2013 A.16.1.3"]
kind     = "cadence"
severity = "medium"
owner    = "people"
warn     = "30 days"
subjects = "people"
parameters = ["reporting_subject", "newcomers_within"]
---*/
WITH staff AS (
    SELECT person_id, max(name) AS name, CAST(max(started_on) AS TIMESTAMP) + $newcomers_within AS first_by_at
    FROM engagements
    -- Not applicable: who left, and who has not begun.
    WHERE current IS NOT FALSE
    GROUP BY person_id
),
learned AS (
    SELECT completion.person_id,
           max(CAST(completion.completed_on AS TIMESTAMP) + course.repeat_every)  AS until_at,
           max(completion.completed_on)                                      AS completed_on
    FROM course_completions AS completion
    JOIN courses AS course ON course.id = completion.course_id
    WHERE list_contains(course.subjects, $reporting_subject)
    GROUP BY completion.person_id
),
judged AS (
    SELECT staff.person_id, staff.name, learned.completed_on, coalesce(learned.until_at, staff.first_by_at) AS by_at,
           CASE WHEN learned.until_at >= $as_of                              THEN 'current'
                WHEN staff.first_by_at >= $as_of                             THEN 'waiting'
                WHEN learned.completed_on IS NOT NULL                        THEN 'aged'
                WHEN staff.first_by_at IS NOT NULL                           THEN 'missing' END  AS finding
    FROM staff
    LEFT JOIN learned USING (person_id)
)
SELECT person_id                                                             AS subject,
       coalesce(name, person_id)                                             AS label,
       CASE WHEN finding IN ('current', 'waiting')   THEN true
            WHEN finding IN ('aged', 'missing')      THEN false END          AS ok,
       CASE finding
            WHEN 'current'   THEN 'learned it on ' || CAST(completed_on AS TEXT)
            WHEN 'waiting'   THEN 'to learn it by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            WHEN 'aged'      THEN 'learned it on ' || CAST(completed_on AS TEXT) || ', which is too long ago'
            WHEN 'missing'   THEN 'has completed no course that covers it'
            ELSE 'the first day is unknown, and so is when it was due' END   AS detail,
       by_at                                                                 AS flips_at
FROM judged
