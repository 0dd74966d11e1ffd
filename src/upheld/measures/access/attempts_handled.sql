/*---
title    = "Attempts are looked at"
promise  = "Every detection of attempted unauthorised access, or of an expired or invalid credential in use, is triaged within the window set for that."
why      = "An attempt that somebody looks at in time is the last warning before a break-in."
clauses  = ["ISO/IEC 27001:2022 A.8.15", "ISO/IEC 27001:2022 A.8.16", "ISO/IEC 27001:2022 A.5.25", "ISO/IEC 27001:2013 A.12.4.1"]
kind     = "deadline"
severity = "high"
owner    = "security-lead"
warn     = "12 hours"
subjects = "detections in logs"
may_be_empty = "no rule found anything"
parameters = ["attempt_triage_window", "attempts_looked_back"]
---*/
WITH judged AS (
    SELECT detection.source, detection.id, detection.title, detection.log, detection.level, event.decided_at, event.decision,
           detection.found_at + $attempt_triage_window                       AS by_at,
           CASE WHEN event.decided_at > detection.found_at + $attempt_triage_window   THEN 'late'
                WHEN event.decided_at <= detection.found_at + $attempt_triage_window  THEN 'in time'
                WHEN detection.found_at + $attempt_triage_window < $as_of    THEN 'missing'
                WHEN detection.found_at + $attempt_triage_window >= $as_of   THEN 'waiting' END  AS finding
    FROM log_detections AS detection
    LEFT JOIN security_events AS event ON event.source = detection.source AND event.id = detection.event_id
    -- Not applicable: what is told for information only, or was found long ago.
    WHERE coalesce(detection.level <> 'informational', true)
      AND coalesce(detection.found_at >= $as_of - $attempts_looked_back, true)
)
SELECT source || '/' || id                                                   AS subject,
       coalesce(title, id) || coalesce(' in ' || log, '')                    AS label,
       CASE WHEN finding IN ('in time', 'waiting')                      THEN true
            WHEN finding IN ('late', 'missing') AND level IS NOT NULL   THEN false END  AS ok,
       CASE finding
            WHEN 'in time'   THEN 'decided at ' || strftime(decided_at, '%Y-%m-%d %H:%M') || ': ' || coalesce(decision, 'nothing')
            WHEN 'late'      THEN 'decided at ' || strftime(decided_at, '%Y-%m-%d %H:%M') || ', due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'missing'   THEN 'nobody has decided about it, due by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            WHEN 'waiting'   THEN 'to be decided about by ' || strftime(by_at, '%Y-%m-%d %H:%M')
            ELSE 'when it was found is unknown' END                          AS detail,
       CASE WHEN finding = 'waiting' THEN by_at END                          AS flips_at
FROM judged
