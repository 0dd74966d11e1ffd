/*---
title    = "Training is current"
promise  = "Everybody has completed every course that is mandatory for them within its interval, and these courses cover data protection and each person's role."
why      = "Most breaches begin with somebody who did not know better."
clauses  = ["ISO/IEC 27001:2022 A.6.3", "ISO/IEC 27001:2013 A.7.2.2", "GDPR 39(1)(b)", "GDPR 32(4)"]
kind     = "cadence"
severity = "medium"
owner    = "people"
warn     = "30 days"
subjects = "people and what they must have learned"
parameters = ["required_subjects"]
---*/
WITH staff AS (
    SELECT engagement.person_id,
           max(engagement.name)                                              AS name,
           max(engagement.role)                                              AS role,
           max(person.department)                                            AS department,
           max(engagement.started_on)                                        AS started_on
    FROM engagements AS engagement
    JOIN people AS person USING (source, id)
    -- Not applicable: who left, and who has not begun.
    WHERE engagement.current IS NOT FALSE
    GROUP BY engagement.person_id
),
meant AS (
    SELECT staff.person_id, staff.name, staff.role, staff.started_on,
           course.id AS course_id, course.title, course.subjects, course.roles, course.mandatory, course.repeat_every,
           -- Who began later than it was declared has the same time from the first day on.
           greatest(course.declared_at, CAST(staff.started_on AS TIMESTAMP)) + course.first_within  AS first_by_at,
           CASE WHEN array_length(course.roles) + array_length(course.departments) = 0       THEN true
                WHEN list_contains(course.roles, staff.role)                      THEN true
                WHEN list_contains(course.departments, staff.department)          THEN true
                WHEN staff.role IS NULL AND array_length(course.roles) > 0        THEN NULL
                WHEN staff.department IS NULL AND array_length(course.departments) > 0  THEN NULL
                ELSE false END                                               AS is_meant
    FROM staff
    CROSS JOIN courses AS course
    WHERE course.mandatory IS NOT FALSE
      AND course.retired_at IS NULL
),
done AS (
    SELECT course_id, person_id, CAST(max(completed_on) AS TIMESTAMP) AS completed_at
    FROM course_completions
    GROUP BY course_id, person_id
),
taken AS (
    SELECT meant.person_id, meant.name, meant.course_id, meant.title, done.completed_at,
           coalesce(done.completed_at + meant.repeat_every, meant.first_by_at)    AS by_at,
           CASE WHEN meant.mandatory IS NULL                                 THEN 'whether'
                WHEN done.completed_at + meant.repeat_every >= $as_of        THEN 'current'
                WHEN meant.is_meant IS NULL                                  THEN 'whether'
                WHEN done.completed_at IS NOT NULL                           THEN 'aged'
                WHEN meant.started_on IS NULL                                THEN 'undated'
                WHEN meant.first_by_at < $as_of                              THEN 'missing'
                ELSE 'waiting' END                                           AS finding
    FROM meant
    LEFT JOIN done USING (course_id, person_id)
    WHERE meant.is_meant IS NOT FALSE
),
wanted AS (
    SELECT staff.person_id, staff.name, staff.role, named.subject
    FROM staff CROSS JOIN unnest($required_subjects) AS named(subject)
    UNION ALL
    SELECT person_id, name, role, 'the role' FROM staff
),
covered AS (
    SELECT wanted.person_id, wanted.name, wanted.role, wanted.subject,
           count(meant.course_id) FILTER (WHERE list_contains(meant.subjects, wanted.subject)
                                            OR wanted.subject = 'the role' AND list_contains(meant.roles, wanted.role)) > 0  AS covers
    FROM wanted
    LEFT JOIN meant ON meant.person_id = wanted.person_id AND meant.is_meant
    GROUP BY wanted.person_id, wanted.name, wanted.role, wanted.subject
)
SELECT person_id || '/' || course_id                                         AS subject,
       coalesce(name, person_id) || ', ' || coalesce(title, course_id)       AS label,
       CASE WHEN finding IN ('current', 'waiting')     THEN true
            WHEN finding IN ('aged', 'missing')        THEN false END        AS ok,
       CASE finding
            WHEN 'current'   THEN 'completed on ' || CAST(CAST(completed_at AS DATE) AS TEXT)
            WHEN 'whether'   THEN 'whether it is mandatory for this person is unknown'
            WHEN 'aged'      THEN 'completed on ' || CAST(CAST(completed_at AS DATE) AS TEXT) || ', was due again by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            WHEN 'undated'   THEN 'the first day is unknown, and so is when it was due'
            WHEN 'missing'   THEN 'not completed, due by ' || CAST(CAST(by_at AS DATE) AS TEXT)
            ELSE 'to be completed by ' || CAST(CAST(by_at AS DATE) AS TEXT) END  AS detail,
       by_at                                                                 AS flips_at
FROM taken
UNION ALL
SELECT person_id || '/covers/' || subject                                    AS subject,
       coalesce(name, person_id) || ', ' || subject                          AS label,
       CASE WHEN covers                                          THEN true
            WHEN subject <> 'the role' OR role IS NOT NULL       THEN false END  AS ok,
       CASE WHEN covers THEN 'covered by a mandatory course'
            ELSE 'no mandatory course covers ' || subject END                AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM covered
