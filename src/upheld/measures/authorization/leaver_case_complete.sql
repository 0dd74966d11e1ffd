/*---
title    = "Nobody leaves without a closed case"
promise  = "Whoever stops working for the company has a leaver case that was closed, with nothing left over, by the last day and the window after it."
why      = "What nobody is made to finish is left for later, and later somebody signs in."
clauses  = ["ISO/IEC 27001:2022 A.6.5", "ISO/IEC 27001:2022 A.5.18", "ISO/IEC 27001:2013 A.9.2.6", "ISO/IEC 27001:2013 A.7.3.1"]
kind     = "deadline"
severity = "critical"
owner    = "people"
warn     = "7 days"
subjects = "leavers"
parameters = ["leaver_window", "leavers_looked_back"]
may_be_empty = "Nobody has left in the time looked back, and no end is known."
---*/
WITH leaving AS (
    SELECT person_id, max(name) AS name, max(ended_on) AS ended_on,
           CAST(max(ended_on) AS TIMESTAMP) + INTERVAL 1 DAY + $leaver_window AS due_at
    FROM engagements
    GROUP BY person_id
),
closed AS (
    -- Of somebody who left before and came back, the case of the last time counts.
    SELECT leaving.person_id, count(*) AS cases, min(one.closed_at) AS closed_at
    FROM leaving
    JOIN engagements AS person ON person.person_id = leaving.person_id
    JOIN staff_cases AS one ON one.person_id = person.id
    WHERE one.kind = 'leaver'
      AND coalesce(one.due_on >= leaving.ended_on - INTERVAL 31 DAY, true)
    GROUP BY leaving.person_id
),
judged AS (
    SELECT leaving.*, closed.closed_at,
           CASE WHEN closed.closed_at <= leaving.due_at     THEN 'closed'
                WHEN closed.closed_at IS NOT NULL           THEN 'late'
                WHEN leaving.due_at >= $as_of               THEN 'running'
                WHEN closed.cases IS NULL                   THEN 'none'
                ELSE 'open' END                                              AS finding
    FROM leaving
    LEFT JOIN closed USING (person_id)
    WHERE leaving.due_at >= $as_of - $leavers_looked_back
)
SELECT person_id                                                             AS subject,
       coalesce(name, person_id)                                             AS label,
       finding IN ('closed', 'running')                                      AS ok,
       CASE finding
            WHEN 'closed'   THEN 'everything was gone on ' || CAST(CAST(closed_at AS DATE) AS TEXT)
            WHEN 'late'     THEN 'left on ' || CAST(ended_on AS TEXT) || ', and the case was closed on ' || CAST(CAST(closed_at AS DATE) AS TEXT)
            WHEN 'running'  THEN 'last day ' || CAST(ended_on AS TEXT)
            WHEN 'none'     THEN 'left on ' || CAST(ended_on AS TEXT) || ' without a case'
            ELSE 'left on ' || CAST(ended_on AS TEXT) || ', and the case is open' END  AS detail,
       CASE finding WHEN 'running' THEN due_at END                           AS flips_at
FROM judged
