/*---
title    = "Playbooks are followed"
promise  = "No incident is resolved while a mandatory step of its playbook is neither done nor excused with a reason."
why      = "A procedure that is skipped under pressure protects on quiet days only."
clauses  = ["ISO/IEC 27001:2022 A.5.26", "ISO/IEC 27001:2013 A.16.1.5"]
kind     = "deadline"
severity = "high"
owner    = "security-lead"
subjects = "resolved incidents"
may_be_empty = "no incident was resolved"
parameters = ["looked_back"]
---*/
WITH steps AS (
    SELECT incident.source, incident.id, count(step.id) AS steps,
           count(step.id) FILTER (WHERE step.mandatory
                                    AND NOT coalesce(step.done_at <= incident.resolved_at, false)
                                    AND NOT coalesce(step.excused_at <= incident.resolved_at AND step.has_reason, false))  AS open_steps,
           bool_or(step.mandatory IS NULL)                                   AS untold
    FROM incidents AS incident
    LEFT JOIN incident_steps AS step ON step.source = incident.source AND step.incident_id = incident.id
    -- Not applicable: what is not over, or was over long ago.
    WHERE incident.resolved_at >= $as_of - $looked_back
    GROUP BY incident.source, incident.id
),
judged AS (
    SELECT incident.source, incident.id, incident.title, steps.steps, steps.open_steps,
           CASE WHEN steps.steps = 0        THEN 'none'
                WHEN steps.open_steps > 0   THEN 'open'
                WHEN NOT steps.untold       THEN 'followed' END              AS finding
    FROM incidents AS incident
    JOIN steps USING (source, id)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id)                                                   AS label,
       finding = 'followed'                                                  AS ok,
       CASE finding
            WHEN 'none'       THEN 'resolved without any step of a playbook'
            WHEN 'open'       THEN CAST(open_steps AS TEXT) || ' of ' || CAST(steps AS TEXT) || ' steps were neither done nor excused when it was resolved'
            WHEN 'followed'   THEN CAST(steps AS TEXT) || ' steps, each done or excused'
            ELSE 'which of its steps are mandatory is unknown' END           AS detail,
       CAST(NULL AS TIMESTAMP)                                               AS flips_at
FROM judged
