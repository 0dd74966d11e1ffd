/*---
title    = "Continuity plans are exercised"
promise  = "Every continuity plan was exercised within the interval, and met the targets of its process, or what was found is being put right in time."
why      = "A plan that was never tried is a text."
clauses  = ["ISO/IEC 27001:2022 A.5.29", "ISO/IEC 27001:2022 A.5.30", "ISO/IEC 27001:2013 A.17.1.3"]
kind     = "cadence"
severity = "high"
owner    = "it-operations"
warn     = "30 days"
duty     = { do = "Exercise each continuity plan", action = "continuity.plan-exercise", every = "exercise_interval" }
parameters = ["exercise_interval"]
subjects = "continuity plans"
---*/
WITH ordered AS (
    SELECT source, id, plan_id, held_at, recovered_in, lost,
           row_number() OVER (PARTITION BY source, plan_id ORDER BY held_at DESC, id DESC)  AS place
    FROM continuity_exercises
),
follow_up AS (
    SELECT source, exercise_id,
           min(due_on) FILTER (done_at IS NULL)                              AS due_on
    FROM exercise_follow_ups
    GROUP BY source, exercise_id
),
tried AS (
    SELECT exercise.source, exercise.plan_id, exercise.held_at,
           exercise.recovered_in <= process.recovery_time
               AND (process.recovery_point IS NULL OR exercise.lost <= process.recovery_point)  AS met,
           follow_up.exercise_id IS NOT NULL                                 AS followed,
           -- What is due on a day may be done on it.
           CAST(follow_up.due_on AS TIMESTAMP) + INTERVAL 1 DAY              AS due_at
    FROM ordered AS exercise
    JOIN continuity_plans AS plan ON plan.source = exercise.source AND plan.id = exercise.plan_id
    LEFT JOIN processes AS process ON process.source = plan.source AND process.id = plan.process_id
    LEFT JOIN follow_up ON follow_up.source = exercise.source AND follow_up.exercise_id = exercise.id
    -- The last one tells.
    WHERE exercise.place = 1
),
judged AS (
    SELECT source, plan_id, held_at, met, followed, due_at,
           coalesce(held_at >= $as_of - $exercise_interval, false)           AS recent,
           followed AND coalesce(due_at > $as_of, true)                      AS in_time
    FROM tried
)
SELECT plan.source || '/' || plan.id                                         AS subject,
       coalesce(process.title, plan.process_id) || ': ' || plan.document_id  AS label,
       CASE WHEN NOT coalesce(judged.recent, false)   THEN false
            WHEN judged.met OR judged.in_time         THEN true
            -- What nobody measured may have been met, unless what was found is overdue.
            WHEN judged.followed                      THEN false
            ELSE judged.met END                                              AS ok,
       CASE WHEN judged.held_at IS NULL   THEN 'never exercised'
            ELSE 'exercised on ' || CAST(CAST(judged.held_at AS DATE) AS TEXT)
                 || CASE WHEN judged.met                              THEN ', its targets were met'
                         WHEN judged.in_time                          THEN ', what was found is being put right'
                         WHEN judged.followed                         THEN ', what was found is overdue'
                         WHEN judged.met IS NULL                      THEN ', its times were not measured'
                         ELSE ', its targets were missed, and nothing follows from it' END END  AS detail,
       least(judged.held_at + $exercise_interval, CASE WHEN NOT coalesce(judged.met, false) THEN judged.due_at END)  AS flips_at
FROM continuity_plans AS plan
LEFT JOIN processes AS process ON process.source = plan.source AND process.id = plan.process_id
LEFT JOIN judged ON judged.source = plan.source AND judged.plan_id = plan.id
