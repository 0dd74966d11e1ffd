/*---
title    = "Logs are monitored"
promise  = "Every rule of the agreed set ran over every hour of every log."
why      = "A rule that did not run, or that could not be read, finds nothing, and nobody notices."
clauses  = ["ISO/IEC 27001:2022 A.8.16", "ISO/IEC 27001:2013 A.12.4.1"]
kind     = "state"
severity = "high"
owner    = "security-lead"
subjects = "logs that are watched"
parameters = ["log_reading_age"]
---*/
WITH judged AS (
    SELECT source, id, system_id, read_at, rules_run, rules_left_out, rules_blind, undecided,
           CASE WHEN read_at < $as_of - $log_reading_age                     THEN 'late'
                WHEN rules_run = 0                                           THEN 'without rules'
                WHEN rules_left_out > 0                                      THEN 'left out'
                WHEN undecided > 0                                           THEN 'undecided'
                WHEN read_at IS NOT NULL AND rules_run IS NOT NULL AND rules_left_out = 0 AND undecided = 0  THEN 'monitored'
                ELSE 'unknown' END                                           AS finding
    FROM log_sources
)
SELECT source || '/' || id                                                   AS subject,
       id || coalesce(' of ' || system_id, '')                               AS label,
       CASE WHEN finding = 'monitored'                                       THEN true
            WHEN finding <> 'unknown'                                        THEN false END  AS ok,
       CASE finding
            WHEN 'late'          THEN 'no rule looked at it since ' || strftime(read_at, '%Y-%m-%d %H:%M')
            WHEN 'without rules' THEN 'no rule is about it'
            WHEN 'left out'      THEN rules_left_out || ' rules could not be read'
            WHEN 'undecided'     THEN 'on ' || undecided || ' values a rule took too long'
            WHEN 'monitored'     THEN rules_run || ' rules ran; ' || coalesce(rules_blind, 0) || ' of them ask for fields that it never had'
            ELSE 'what ran over it is unknown' END                           AS detail,
       read_at + $log_reading_age                                            AS flips_at
FROM judged
