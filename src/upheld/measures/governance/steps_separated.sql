/*---
title    = "Conflicting steps are separated"
promise  = "On no record did one person take two steps that must be kept apart, such as writing and approving."
why      = "A second pair of eyes is worth nothing when it is the first pair again."
clauses  = ["ISO/IEC 27001:2022 A.5.3", "ISO/IEC 27001:2013 A.6.1.2"]
kind     = "never"
severity = "high"
owner    = "security-lead"
subjects = "later steps"
---*/
WITH later AS (
    SELECT step.source, step.id, step.record, step.person_id, rule.first, rule.second, rule.why, rule.id AS rule_id
    FROM record_steps AS step
    JOIN step_rules AS rule ON rule.source = step.source AND rule.second = step.action
),
judged AS (
    SELECT later.source, later.id, later.rule_id, later.record, later.first, later.second, later.why,
           CASE WHEN count(earlier.id) > 0      THEN 'same'
                WHEN later.person_id IS NULL    THEN 'unknown'
                ELSE 'apart' END                                             AS finding
    FROM later
    LEFT JOIN record_steps AS earlier
           ON earlier.source = later.source AND earlier.record = later.record
          AND earlier.action = later.first AND earlier.person_id = later.person_id
    GROUP BY later.source, later.id, later.rule_id, later.record, later.first, later.second, later.why, later.person_id
)
SELECT source || '/' || id || '/' || rule_id                                 AS subject,
       record || ', ' || second                                              AS label,
       CASE WHEN finding = 'apart'       THEN true
            WHEN finding <> 'unknown'    THEN false END                      AS ok,
       CASE finding
            WHEN 'same'       THEN 'the same person did ' || first || coalesce(': ' || why, '')
            WHEN 'unknown'    THEN 'who did it is unknown'
            ELSE 'somebody else did ' || first END                           AS detail
FROM judged
